import { Failure, limits } from '@roost/protocol';
import type { Clock, Random } from '../clock.ts';
import type { GatewayNeeds, Principal } from './needs.ts';

/** After a check that the store could not answer, the next comes this much later. */
const RETRY_MS = 15_000;
/** Checks are spread over this share of the interval, so that those who came together are not asked about together. */
const SPREAD = 0.2;
/** Checks that wait for the store at once; the others are due again with the next tick. */
const CHECKING_MAX = 200;

/** A connection, as far as its token goes. */
export interface Checked {
  readonly isOpen: boolean;
  readonly principal: Principal | null;
  /** The token it was let in with last. */
  readonly token: string;
  fail(failure: Failure): void;
  /** Who stands behind the token now. */
  renewed(principal: Principal): void;
}

/**
 * Looks at the tokens of connections again: when they run out, to the second, and at least every five minutes
 * (rule A3). One list for each second instead of one timer for each connection, of which there are many.
 */
export class Recheck<C extends Checked> {
  private readonly due = new Map<number, Set<C>>();
  private readonly seconds = new Map<C, number>();
  private lookedAt: number;
  private checkingCount = 0;

  constructor(
    private readonly authenticate: GatewayNeeds['authenticate'],
    private readonly clock: Pick<Clock, 'now'>,
    private readonly random: Random,
  ) {
    this.lookedAt = this.secondAt(clock.now());
  }

  /** From now on, and again whenever it has shown another token. */
  watch(connection: C): void {
    const now = this.clock.now();
    const interval = limits.TOKEN_RECHECK_MS * (1 - SPREAD * this.random());
    const expiresAt = connection.principal?.expires_at ?? Number.POSITIVE_INFINITY;
    this.put(connection, Math.min(now + interval, expiresAt));
  }

  forget(connection: C): void {
    const second = this.seconds.get(connection);
    if (second === undefined) return;
    this.seconds.delete(connection);
    const others = this.due.get(second);
    others?.delete(connection);
    if (others?.size === 0) this.due.delete(second);
  }

  /** To be called about once a second. */
  tick(): void {
    const until = this.secondAt(this.clock.now());
    // A wall clock that stepped far is no reason to look at millions of empty seconds.
    const seconds =
      until - this.lookedAt <= this.due.size
        ? Array.from({ length: Math.max(0, until - this.lookedAt) }, (_, at) => this.lookedAt + at + 1)
        : [...this.due.keys()].filter((second) => second <= until);
    this.lookedAt = until;
    for (const second of seconds)
      for (const connection of [...(this.due.get(second) ?? [])]) this.look(connection);
  }

  private look(connection: C): void {
    this.forget(connection);
    const { principal } = connection;
    if (!connection.isOpen || !principal) return;
    const now = this.clock.now();
    if (principal.expires_at !== null && principal.expires_at <= now)
      connection.fail(new Failure('token.invalid', 'The token ran out.'));
    else if (this.checkingCount >= CHECKING_MAX) this.put(connection, now + 1_000);
    else void this.check(connection);
  }

  private async check(connection: C): Promise<void> {
    const { token } = connection;
    this.checkingCount += 1;
    try {
      const principal = await this.authenticate(token);
      // Another token shown meanwhile was checked when it was shown.
      if (!connection.isOpen || connection.token !== token) return;
      connection.renewed(principal);
      this.watch(connection);
    } catch (error) {
      if (!connection.isOpen || connection.token !== token) return;
      if (error instanceof Failure && !error.code.startsWith('store.')) connection.fail(error);
      else this.put(connection, this.clock.now() + RETRY_MS);
    } finally {
      this.checkingCount -= 1;
    }
  }

  private put(connection: C, at: number): void {
    this.forget(connection);
    // Never before the second it is due, and never in one that was looked at already.
    const second = Math.max(this.secondAt(at + 999), this.lookedAt + 1);
    this.seconds.set(connection, second);
    const others = this.due.get(second);
    if (others) others.add(connection);
    else this.due.set(second, new Set([connection]));
  }

  private secondAt(ms: number): number {
    return Math.floor(ms / 1_000);
  }
}
