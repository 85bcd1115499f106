import { limits } from '@roost/protocol';
import type { Clock } from '../clock.ts';

export type PresenceState = 'online' | 'away' | 'offline';

/** Something true for a moment: kept in memory with a lifetime, never logged, gone by itself (rule P1). */
export type Ephemeron =
  | {
      readonly kind: 'presence';
      readonly user_id: string;
      readonly node: string;
      readonly state: PresenceState;
      /** The channel that they have open; null for being here at all. */
      readonly scope: string | null;
    }
  | { readonly kind: 'typing'; readonly user_id: string; readonly scope: string };

type Presence = Ephemeron & { kind: 'presence' };

/** Expiry is looked at this often. */
const SWEEP_INTERVAL_MS = 1_000;
/** Signals kept for one organisation; the oldest give way. */
const PRESENT_MAX_COUNT = 10_000;

export type EphemeraListener = (org: string, signal: Ephemeron) => void;

/** One person, here or in one scope, as the nodes say. */
interface Present {
  readonly user_id: string;
  readonly scope: string | null;
  readonly byNode: Map<string, { readonly state: 'online' | 'away'; readonly expiresAt: number }>;
}

/**
 * Who is here, on whichever node, and who has what open. A person is online while at least one node says so and has
 * said so within the lifetime, and away where all say that; a node that dies simply stops saying it.
 */
export class Ephemera {
  /** org -> scope and user -> what is said of them */
  private readonly present = new Map<string, Map<string, Present>>();
  private cancelSweep: () => void = () => {};

  constructor(
    private readonly clock: Clock,
    private readonly tell: EphemeraListener,
  ) {
    this.scheduleSweep();
  }

  stop(): void {
    this.cancelSweep();
  }

  /** Last value wins. Listeners hear of a change of somebody's state, and of every typing signal. */
  take(org: string, signal: Ephemeron): void {
    if (signal.kind === 'typing') {
      this.tell(org, signal);
      return;
    }
    const present = this.presentOf(org, signal);
    const was = this.stateOf(present);
    if (signal.state === 'offline') present.byNode.delete(signal.node);
    else {
      const expiresAt = this.clock.now() + limits.PRESENCE_LIFETIME_MS;
      present.byNode.set(signal.node, { state: signal.state, expiresAt });
    }
    this.settle(org, present, was);
  }

  /** Who is here, or in this scope. */
  here(org: string, scope: string | null): readonly { user_id: string; state: PresenceState }[] {
    const here: { user_id: string; state: PresenceState }[] = [];
    for (const present of this.present.get(org)?.values() ?? []) {
      if (present.scope !== scope) continue;
      const state = this.stateOf(present);
      if (state !== 'offline') here.push({ user_id: present.user_id, state });
    }
    return here;
  }

  private stateOf({ byNode }: Present): PresenceState {
    const now = this.clock.now();
    let state: PresenceState = 'offline';
    for (const said of byNode.values()) {
      if (said.expiresAt <= now) continue;
      if (said.state === 'online') return 'online';
      state = 'away';
    }
    return state;
  }

  private presentOf(org: string, { user_id, scope }: Presence): Present {
    let ofOrg = this.present.get(org);
    if (!ofOrg) {
      ofOrg = new Map();
      this.present.set(org, ofOrg);
    }
    const key = keyOf(user_id, scope);
    let present = ofOrg.get(key);
    if (!present) {
      const oldest = ofOrg.size >= PRESENT_MAX_COUNT ? ofOrg.keys().next().value : undefined;
      if (oldest !== undefined) ofOrg.delete(oldest);
      present = { user_id, scope, byNode: new Map() };
      ofOrg.set(key, present);
    }
    return present;
  }

  private settle(org: string, present: Present, was: PresenceState): void {
    const { user_id, scope } = present;
    const state = this.stateOf(present);
    if (state === 'offline') {
      const ofOrg = this.present.get(org);
      ofOrg?.delete(keyOf(user_id, scope));
      if (ofOrg?.size === 0) this.present.delete(org);
    }
    if (state !== was) this.tell(org, { kind: 'presence', user_id, scope, node: '', state });
  }

  private scheduleSweep(): void {
    this.cancelSweep = this.clock.after(SWEEP_INTERVAL_MS, () => {
      const now = this.clock.now();
      for (const [org, ofOrg] of this.present)
        for (const present of ofOrg.values()) this.expire(org, present, now);
      this.scheduleSweep();
    });
  }

  private expire(org: string, present: Present, now: number): void {
    const expired = [...present.byNode].filter(([, { expiresAt }]) => expiresAt <= now);
    if (expired.length === 0) return;
    // What it was before its time ran out, which the clock no longer tells.
    const was = [...present.byNode.values()].some(({ state }) => state === 'online') ? 'online' : 'away';
    for (const [node] of expired) present.byNode.delete(node);
    this.settle(org, present, was);
  }
}

function keyOf(userId: string, scope: string | null): string {
  return `${scope ?? ''}\n${userId}`;
}
