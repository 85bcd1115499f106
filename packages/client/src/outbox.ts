import type { DraftMessageInput } from '@roost/protocol';
import { reconnectDelayMs } from './backoff.ts';
import { ClientError, isOfTransport } from './client-error.ts';
import type { Clock, Random } from './clock.ts';
import type { Report } from './listeners.ts';
import { Cell, type Store } from './store.ts';
import type { Timing } from './timing.ts';

/** A message that somebody has sent here and the server has not shown yet. */
export interface OutboxEntry {
  /** The client's own for it; sent with every attempt, so that the message is said once however often it is sent. */
  readonly id: string;
  readonly conversation_id: string;
  readonly draft: DraftMessageInput;
  /** When it was written, ms since 1970. */
  readonly at: number;
  /** `failed` stays until whoever wrote it decides; everything else goes on by itself. */
  readonly state: 'queued' | 'sending' | 'failed';
  /** What it waits for, in words. */
  readonly says: string;
  /** What the server said to it last. Of `conversation.moved`, `error.about` holds what is new. */
  readonly error: ClientError | null;
  /** Sends a failed one again, as it is, or all the same. */
  retry(changes?: Pick<DraftMessageInput, 'override' | 'based_on'>): void;
  /** Gives it up. One that is on its way cannot be called back, and stays. */
  discard(): void;
}

/** The server has it. */
export interface Taken {
  readonly offset: number;
  readonly message_id: string | null;
}

export interface Letter {
  readonly id: string;
  readonly conversationId: string;
  readonly draft: DraftMessageInput;
}

/** An entry with what tells whether the thread shows it already. */
export interface Slip {
  readonly entry: OutboxEntry;
  readonly taken: Taken | null;
  /** It may have been said at a later offset than this, without an answer yet; null when it cannot have been. */
  readonly after: number | null;
}

interface Needs {
  readonly clock: Clock;
  readonly random: Random;
  readonly timing: Timing;
  readonly report: Report;
  /** How to send now; null when there is no use in trying. May fail with any ClientError. */
  way(): ((letter: Letter) => Promise<Taken>) | null;
  /** Whatever is said from now on is said at a later offset than this; null when nothing is known. */
  knownOffset(conversationId: string): number | null;
  /** Somebody looks at the conversation: what was taken is shown until the thread shows it. */
  isOpen(conversationId: string): boolean;
  /** They do, and nothing of it has come yet. */
  isLoading(conversationId: string): boolean;
}

const ENTRIES_MAX = 100;
const ENTRIES_MAX_CHARS = 1 << 20;
/** Conversations that are sent to at the same time; within one, messages go one after another. */
const SENDING_MAX = 8;
/** Times in a row that a server may say "not now" to the same message, until it is for a person to decide. */
const REFUSALS_MAX = 8;
/** What was taken is shown no longer than this without its thread; by then a thread has been told long ago. */
const TAKEN_MAX_MS = 300_000;

class Entry {
  state: OutboxEntry['state'] = 'queued';
  says = SAYS.queued;
  error: ClientError | null = null;
  taken: Taken | null = null;
  /** Set at the first attempt. */
  after: number | null = null;
  refusalCount = 0;
  /** Written for somebody who has not been recognised again since the client was started anew. */
  isHeld = false;
  cancelTimer: (() => void) | null = null;

  constructor(
    readonly id: string,
    readonly conversationId: string,
    public draft: DraftMessageInput,
    readonly at: number,
  ) {}
}

const SAYS = {
  queued: 'Waits to be sent.',
  sending: 'On its way.',
  taken: 'Sent.',
  offline: 'Not sent yet; it goes out when the connection is back.',
};

/**
 * Messages between the keyboard and the log: in memory, in order within a conversation, each with the id under which
 * the server says it at most once. One that the server refuses steps aside, so that those behind it need not wait for
 * a decision. What has been taken stays until its thread shows it.
 */
export class Outbox {
  /** All that is not shown by its thread yet, the oldest first. */
  readonly slips: Store<readonly Slip[]>;
  private readonly cell: Cell<readonly Slip[]>;
  private readonly entries = new Map<string, Entry>();
  private readonly public = new Map<Entry, Slip>();
  /** The latest offset at which anything sent here was said. */
  private reachedOffset = 0;

  constructor(private readonly needs: Needs) {
    this.slips = this.cell = new Cell<readonly Slip[]>([], needs.report);
  }

  /** @returns its id @throws outbox.full */
  send(conversationId: string, draft: DraftMessageInput): string {
    const waiting = [...this.entries.values()].filter(({ taken }) => taken === null);
    const chars = waiting.reduce((sum, entry) => sum + sizeOf(entry.draft), sizeOf(draft));
    if (waiting.length >= ENTRIES_MAX || chars > ENTRIES_MAX_CHARS)
      throw new ClientError('outbox.full', 'retry', 'Too much waits to be sent already.');
    const entry = new Entry(this.newId(), conversationId, { ...draft }, this.needs.clock.now());
    this.entries.set(entry.id, entry);
    this.show(entry);
    this.pump();
    return entry.id;
  }

  /** Sends what can be sent now. */
  pump(): void {
    const way = this.needs.way();
    if (!way) return;
    const entries = [...this.entries.values()];
    let sendingCount = entries.filter(isUnderWay).length;
    const seen = new Set<string>();
    for (const entry of entries) {
      if (entry.state === 'failed' || entry.taken || seen.has(entry.conversationId)) continue;
      seen.add(entry.conversationId);
      if (entry.state === 'sending' || entry.cancelTimer || entry.isHeld) continue;
      if (sendingCount++ >= SENDING_MAX) return;
      this.transmit(entry, way);
    }
  }

  /** The connection is live: what waited for it waits no longer, if it is the same person's. */
  connected(): void {
    for (const entry of this.entries.values()) {
      entry.isHeld = false;
      if (entry.state === 'queued' && entry.refusalCount === 0) stopTimer(entry);
    }
    this.pump();
  }

  /** Whose messages these are is not known until somebody has been recognised. */
  hold(): void {
    for (const entry of this.entries.values()) entry.isHeld = true;
  }

  /** Somebody else is here: these are not theirs to send, or to see. */
  forget(): void {
    for (const entry of [...this.entries.values()]) this.drop(entry);
    this.tell();
  }

  private transmit(entry: Entry, way: (letter: Letter) => Promise<Taken>): void {
    const known = this.needs.knownOffset(entry.conversationId);
    // Sent before its thread is known, it could not be told from what the thread then shows. What keeps a thread from
    // loading keeps a message from being sent.
    if (known === null && this.needs.isLoading(entry.conversationId)) {
      this.rest(entry);
      return;
    }
    entry.state = 'sending';
    entry.says = SAYS.sending;
    entry.error = null;
    entry.after ??= Math.max(known ?? Number.POSITIVE_INFINITY, this.reachedOffset);
    this.show(entry);
    const { id, conversationId, draft } = entry;
    way({ id, conversationId, draft }).then(
      (taken) => this.settled(entry, taken),
      (error: ClientError) => this.refused(entry, error),
    );
  }

  private settled(entry: Entry, taken: Taken): void {
    if (this.entries.get(entry.id) !== entry) return;
    this.reachedOffset = Math.max(this.reachedOffset, taken.offset);
    entry.taken = taken;
    entry.says = SAYS.taken;
    const drop = () => {
      this.drop(entry);
      this.tell();
    };
    if (this.needs.isOpen(entry.conversationId)) {
      entry.cancelTimer = this.needs.clock.after(TAKEN_MAX_MS, drop);
      this.show(entry);
    } else drop();
    this.pump();
  }

  private refused(entry: Entry, error: ClientError): void {
    if (this.entries.get(entry.id) !== entry) return;
    const isTransport = isOfTransport(error) || error.remedy === 'sign-in';
    entry.refusalCount = isTransport ? 0 : entry.refusalCount + 1;
    const goesOn = isTransport || (error.remedy === 'retry' && entry.refusalCount < REFUSALS_MAX);
    entry.state = goesOn ? 'queued' : 'failed';
    entry.says = isTransport ? SAYS.offline : error.message;
    entry.error = isTransport ? null : error;
    if (goesOn) this.rest(entry);
    // The server knows that it was not said: nothing the thread shows can be it.
    else entry.after = null;
    this.show(entry);
    this.pump();
  }

  private rest(entry: Entry): void {
    const { clock, random, timing } = this.needs;
    const delayMs = reconnectDelayMs(Math.max(2, entry.refusalCount), random, timing);
    entry.cancelTimer = clock.after(delayMs, () => {
      entry.cancelTimer = null;
      this.pump();
    });
  }

  private retry(entry: Entry, changes: object): void {
    if (entry.state !== 'failed' || !this.entries.has(entry.id)) return;
    entry.draft = { ...entry.draft, ...changes };
    entry.state = 'queued';
    entry.says = SAYS.queued;
    entry.error = null;
    entry.refusalCount = 0;
    this.show(entry);
    this.pump();
  }

  private discard(entry: Entry): void {
    if (entry.state === 'sending') return;
    this.drop(entry);
    this.tell();
    this.pump();
  }

  private drop(entry: Entry): void {
    stopTimer(entry);
    this.entries.delete(entry.id);
    this.public.delete(entry);
  }

  private show(entry: Entry): void {
    const { id, conversationId, draft, at, state, says, error, taken, after } = entry;
    this.public.set(entry, {
      entry: {
        id,
        conversation_id: conversationId,
        draft,
        at,
        state,
        says,
        error,
        retry: (changes = {}) => this.retry(entry, changes),
        discard: () => this.discard(entry),
      },
      taken,
      after,
    });
    this.tell();
  }

  private tell(): void {
    this.cell.set([...this.entries.values()].map((entry) => this.public.get(entry) as Slip));
  }

  private newId(): string {
    const draw = () => Math.floor(this.needs.random() * 2 ** 52).toString(36);
    return `m.${draw()}.${draw()}`;
  }
}

function isUnderWay({ state, taken }: Entry): boolean {
  return state === 'sending' && taken === null;
}

function stopTimer(entry: Entry): void {
  entry.cancelTimer?.();
  entry.cancelTimer = null;
}

function sizeOf(draft: DraftMessageInput): number {
  return JSON.stringify(draft).length;
}
