import { type DownFrame, limits, PRESENCE_CHANNEL, type UpFrameInput } from '@roost/protocol';
import type { Clock } from './clock.ts';
import { Fading } from './fading.ts';
import type { Report } from './listeners.ts';
import { CHANNEL_MAX_CHARS } from './lists.ts';
import { Cell, type Store, watched } from './store.ts';

/** Somebody is here, until `until` (ms since 1970) unless said again. */
export interface Present {
  readonly user_id: string;
  /** `away`: connected, but looking elsewhere. */
  readonly state: 'online' | 'away';
  readonly until: number;
}

type Frame = Extract<DownFrame, { type: 'presence' | 'typing' }>;
type Send = (frame: UpFrameInput) => void;

interface Needs {
  readonly clock: Clock;
  readonly report: Report;
  readonly releaseDelayMs: number;
  /** Somebody looks at the page. */
  isVisible(): boolean;
}

/** What is true of one channel for a while. */
interface Scope {
  readonly typing: Store<readonly string[]>;
  readonly typists: Fading<null>;
  readonly presence: Store<readonly Present[]>;
  readonly present: Fading<Present['state']>;
}

const PRESENCE_ID = 'presence';
/** Said again this often while the person goes on typing. */
const TYPING_AGAIN_MS = limits.TYPING_LIFETIME_MS / 2;
const SCOPES_MAX = 200;
const NOBODY: readonly never[] = [];

/**
 * Who is here and who is typing: the last that was said, for as long as it holds. Nothing of it is stored, and none of
 * it comes by polling.
 */
export class Ephemera {
  readonly presence: Store<readonly Present[]>;
  private readonly scopes = new Map<string, Scope>();
  private readonly present: Fading<Present['state']>;
  private readonly saidTyping = new Set<string>();
  private send: Send | null = null;
  private isPresenceWanted = false;
  private isPresenceAsked = false;
  private isSaidAway = false;
  private cancelRelease = () => {};

  constructor(private readonly needs: Needs) {
    const [cell, present] = this.presentCell();
    this.present = present;
    this.presence = watched(cell, () => this.wantPresence());
  }

  /** User ids typing in `scope`, who began first coming first. */
  typing(scope: string): Store<readonly string[]> {
    return this.scope(scope).typing;
  }

  /** Who has the channel open, while I have it open as well. */
  presenceIn(scope: string): Store<readonly Present[]> {
    return this.scope(scope).presence;
  }

  /** Says that I am typing in `scope`; to be called at each key, tells it as often as needed, and only when live. */
  sendTyping(scope: string): void {
    if (this.send === null || this.saidTyping.has(scope) || scope.length > CHANNEL_MAX_CHARS) return;
    this.saidTyping.add(scope);
    this.needs.clock.after(TYPING_AGAIN_MS, () => this.saidTyping.delete(scope));
    this.send({ type: 'typing', scope });
  }

  take(frame: Frame): void {
    const { user_id, lifetime_ms, scope } = frame;
    if (frame.type === 'typing') {
      this.scope(frame.scope).typists.put(user_id, lifetime_ms, null);
      return;
    }
    const present = scope === undefined ? this.present : this.scope(scope).present;
    if (frame.state === 'offline') present.remove(user_id);
    else present.put(user_id, lifetime_ms, frame.state);
  }

  /** Somebody looks at the page, or no longer does. */
  looked(): void {
    const isAway = !this.needs.isVisible();
    if (this.send === null || isAway === this.isSaidAway) return;
    this.isSaidAway = isAway;
    this.send({ type: 'presence', state: isAway ? 'away' : 'online' });
  }

  /** The connection is live, or null: no more. */
  connected(send: Send | null): void {
    this.send = send;
    this.isPresenceAsked = this.isSaidAway = false;
    this.reconcile();
    this.looked();
  }

  private wantPresence(): () => void {
    this.cancelRelease();
    this.isPresenceWanted = true;
    this.reconcile();
    return () => {
      this.cancelRelease = this.needs.clock.after(this.needs.releaseDelayMs, () => {
        this.isPresenceWanted = false;
        this.reconcile();
      });
    };
  }

  private reconcile(): void {
    if (this.send === null || this.isPresenceAsked === this.isPresenceWanted) return;
    this.isPresenceAsked = this.isPresenceWanted;
    this.send(
      this.isPresenceWanted
        ? { type: 'subscribe', id: PRESENCE_ID, channel: PRESENCE_CHANNEL }
        : { type: 'unsubscribe', id: PRESENCE_ID },
    );
  }

  private presentCell(): [Cell<readonly Present[]>, Fading<Present['state']>] {
    const cell = new Cell<readonly Present[]>(NOBODY, this.needs.report);
    const fading = new Fading<Present['state']>(this.needs.clock, (held) =>
      cell.set([...held].map(([user_id, { until, value }]) => ({ user_id, state: value, until }))),
    );
    return [cell, fading];
  }

  private scope(name: string): Scope {
    const known = this.scopes.get(name);
    if (known) return known;
    const typing = new Cell<readonly string[]>(NOBODY, this.needs.report);
    const typists = new Fading<null>(this.needs.clock, (held) => typing.set([...held.keys()].sort()));
    const [presence, present] = this.presentCell();
    const scope = { typing, typists, presence, present };
    this.scopes.set(name, scope);
    if (this.scopes.size > SCOPES_MAX) this.scopes.delete(this.scopes.keys().next().value as string);
    return scope;
  }
}
