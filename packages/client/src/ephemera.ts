import { type DownFrame, limits, PRESENCE_CHANNEL, type UpFrameInput } from '@roost/protocol';
import type { Clock } from './clock.ts';
import { Fading } from './fading.ts';
import { Cell, type Report, type Store, watched } from './store.ts';

/** Somebody is here, until `until` (ms since 1970) unless said again. */
export interface Present {
  readonly user_id: string;
  readonly until: number;
}

type Frame = Extract<DownFrame, { type: 'presence' | 'typing' }>;
type Send = (frame: UpFrameInput) => void;

interface Needs {
  readonly clock: Clock;
  readonly report: Report;
  readonly releaseDelayMs: number;
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
  private readonly scopes = new Map<string, { store: Store<readonly string[]>; fading: Fading }>();
  private readonly present: Fading;
  private readonly saidTyping = new Set<string>();
  private send: Send | null = null;
  private isPresenceWanted = false;
  private isPresenceAsked = false;
  private cancelRelease = () => {};

  constructor(private readonly needs: Needs) {
    const cell = new Cell<readonly Present[]>(NOBODY, needs.report);
    this.present = new Fading(needs.clock, (untils) => {
      cell.set([...untils].map(([user_id, until]) => ({ user_id, until })));
    });
    this.presence = watched(cell, () => this.wantPresence());
  }

  /** User ids typing in `scope`, who began first coming first. */
  typing(scope: string): Store<readonly string[]> {
    return this.scope(scope).store;
  }

  /** Says that I am typing in `scope`; to be called at each key, tells it as often as needed, and only when live. */
  sendTyping(scope: string): void {
    if (this.send === null || this.saidTyping.has(scope)) return;
    this.saidTyping.add(scope);
    this.needs.clock.after(TYPING_AGAIN_MS, () => this.saidTyping.delete(scope));
    this.send({ type: 'typing', scope });
  }

  take(frame: Frame): void {
    if (frame.type === 'typing') this.scope(frame.scope).fading.put(frame.user_id, frame.lifetime_ms);
    else if (frame.state === 'online') this.present.put(frame.user_id, frame.lifetime_ms);
    else this.present.remove(frame.user_id);
  }

  /** The connection is live, or null: no more. */
  connected(send: Send | null): void {
    this.send = send;
    this.isPresenceAsked = false;
    this.reconcile();
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

  private scope(name: string): { store: Store<readonly string[]>; fading: Fading } {
    const known = this.scopes.get(name);
    if (known) return known;
    const cell = new Cell<readonly string[]>(NOBODY, this.needs.report);
    const fading = new Fading(this.needs.clock, (untils) => cell.set([...untils.keys()].sort()));
    const scope = { store: cell, fading };
    this.scopes.set(name, scope);
    if (this.scopes.size > SCOPES_MAX) this.scopes.delete(this.scopes.keys().next().value as string);
    return scope;
  }
}
