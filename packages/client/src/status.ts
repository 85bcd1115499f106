import type { Clock } from './clock.ts';
import type { State } from './connection.ts';
import type { Report } from './listeners.ts';
import { Cell, type Store } from './store.ts';

/** What the client is doing, for the person in front of it. */
export interface Status {
  readonly state:
    | 'idle'
    | 'connecting'
    | 'authenticating'
    | 'catching-up'
    | 'live'
    | 'polling'
    | 'waiting'
    | 'offline'
    | 'stopped';
  /** A sentence for a person. */
  readonly reason: string;
  /** When this state began, ms since 1970. */
  readonly since: number;
  /** The last moment at which everything on the screen was known to be true; null before the first. While live: now. */
  readonly lastCurrentAt: number | null;
  /** When the next attempt at a connection is due, ms since 1970; null when none is planned. */
  readonly retryAt: number | null;
}

/** The word people see for an inner state. Nobody is told that there are polls where none gets through. */
function publicState(state: State, pollsWork: boolean): Status['state'] {
  switch (state) {
    case 'polling':
    case 'probing': // lists go on being polled; that a socket is tried meanwhile changes nothing on the screen
      return pollsWork ? 'polling' : 'waiting';
    case 'idle':
    case 'connecting':
    case 'authenticating':
    case 'catching-up':
    case 'live':
    case 'waiting':
    case 'offline':
    case 'stopped':
      return state;
  }
}

/** What to say of a state when there is nothing particular to say. */
const sentences: Record<Status['state'], string> = {
  idle: 'Not started.',
  connecting: 'Connecting.',
  authenticating: 'Signing in.',
  'catching-up': 'Catching up.',
  live: 'Live.',
  polling: 'No socket gets through; looking for news every few seconds.',
  waiting: 'The connection was lost; trying again soon.',
  offline: 'This device is offline.',
  stopped: 'Stopped.',
};

export interface News {
  readonly inner: State;
  /** In particular; empty for what is usual. */
  readonly why: string;
  readonly retryAt: number | null;
  /** The last round of polls came through. */
  readonly pollsWork: boolean;
  /** Everything on the screen was true at this moment; null when nobody knows of a later one than before. */
  readonly currentAt?: number | null;
}

/** Keeps the status, and tells it when something in it changed. */
export class StatusBoard {
  readonly store: Store<Status>;
  private readonly cell: Cell<Status>;

  constructor(
    private readonly clock: Clock,
    report: Report,
  ) {
    const since = clock.now();
    const idle = {
      state: 'idle',
      reason: sentences.idle,
      since,
      lastCurrentAt: null,
      retryAt: null,
    } as const;
    this.store = this.cell = new Cell<Status>(idle, report);
  }

  show({ inner, why, retryAt, pollsWork, currentAt = null }: News): void {
    const shown = this.cell.getSnapshot();
    const state = publicState(inner, pollsWork);
    const since = state === shown.state ? shown.since : this.clock.now();
    // An attempt in the background has no news of its own: what was said before it still holds.
    const reason = why || (state === shown.state ? shown.reason : sentences[state]);
    this.cell.set({ state, reason, since, retryAt, lastCurrentAt: currentAt ?? shown.lastCurrentAt });
  }
}
