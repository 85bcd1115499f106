import { limits } from '@roost/protocol';
import type { Clock } from '../clock.ts';

/** Something true for a moment: kept in memory with a lifetime, never logged, gone by itself (rule P1). */
export type Ephemeron =
  | {
      readonly kind: 'presence';
      readonly user_id: string;
      readonly node: string;
      readonly state: 'online' | 'offline';
    }
  | { readonly kind: 'typing'; readonly user_id: string; readonly scope: string };

/** Expiry is looked at this often. */
const SWEEP_INTERVAL_MS = 1_000;
/** Signals kept for one organisation; the oldest give way. */
const PRESENT_MAX_COUNT = 10_000;

export type EphemeraListener = (org: string, signal: Ephemeron) => void;

/**
 * Who is here, on whichever node. A person is online while at least one node says so and has said so within the
 * lifetime; a node that dies simply stops saying it.
 */
export class Ephemera {
  /** org -> user -> node -> when it expires */
  private readonly present = new Map<string, Map<string, Map<string, number>>>();
  private readonly cancelSweep: { cancel: () => void } = { cancel: () => {} };

  constructor(
    private readonly clock: Clock,
    private readonly tell: EphemeraListener,
  ) {
    this.scheduleSweep();
  }

  stop(): void {
    this.cancelSweep.cancel();
  }

  /** Last value wins. Listeners hear of a change of somebody's state, and of every typing signal. */
  take(org: string, signal: Ephemeron): void {
    if (signal.kind === 'typing') {
      this.tell(org, signal);
      return;
    }
    const wasOnline = this.isOnline(org, signal.user_id);
    const nodes = this.nodesOf(org, signal.user_id);
    if (signal.state === 'online') nodes.set(signal.node, this.clock.now() + limits.PRESENCE_LIFETIME_MS);
    else nodes.delete(signal.node);
    this.settle(org, signal.user_id, wasOnline, signal.node);
  }

  online(org: string): readonly string[] {
    return [...(this.present.get(org)?.keys() ?? [])].filter((userId) => this.isOnline(org, userId));
  }

  private isOnline(org: string, userId: string): boolean {
    const now = this.clock.now();
    for (const expiresAt of this.present.get(org)?.get(userId)?.values() ?? [])
      if (expiresAt > now) return true;
    return false;
  }

  private nodesOf(org: string, userId: string): Map<string, number> {
    let users = this.present.get(org);
    if (!users) {
      users = new Map();
      this.present.set(org, users);
    }
    let nodes = users.get(userId);
    if (!nodes) {
      const oldest = users.size >= PRESENT_MAX_COUNT ? users.keys().next().value : undefined;
      if (oldest !== undefined) users.delete(oldest);
      nodes = new Map();
      users.set(userId, nodes);
    }
    return nodes;
  }

  private settle(org: string, userId: string, wasOnline: boolean, node: string): void {
    const isOnline = this.isOnline(org, userId);
    if (!isOnline) {
      this.present.get(org)?.delete(userId);
      if (this.present.get(org)?.size === 0) this.present.delete(org);
    }
    if (isOnline !== wasOnline) {
      this.tell(org, { kind: 'presence', user_id: userId, node, state: isOnline ? 'online' : 'offline' });
    }
  }

  private scheduleSweep(): void {
    this.cancelSweep.cancel = this.clock.after(SWEEP_INTERVAL_MS, () => {
      const now = this.clock.now();
      for (const [org, users] of this.present) {
        for (const [userId, nodes] of users) {
          const node = nodes.keys().next().value ?? '';
          let expired = false;
          for (const [name, expiresAt] of nodes)
            if (expiresAt <= now) expired = nodes.delete(name) || expired;
          if (expired) this.settle(org, userId, true, node);
        }
      }
      this.scheduleSweep();
    });
  }
}
