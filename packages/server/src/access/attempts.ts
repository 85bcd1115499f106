import { Failure } from '@roost/protocol';
import { LRUCache } from 'lru-cache';
import type { Clock } from '../clock.ts';

export { networkOf } from '../network.ts';

export const ATTEMPTS_MAX = 10;
export const ATTEMPTS_WINDOW_MS = 5 * 60_000;
/** Addresses and accounts remembered; past this the one longest unheard of is forgotten. */
const REMEMBERED_MAX = 20_000;

/** Too many tries. `retryAfterMs` says when the next one counts. */
export class TooManyAttempts extends Failure {
  constructor(readonly retryAfterMs: number) {
    super('request.too_many', 'Too many attempts to sign in; wait a little.');
  }
}

interface Window {
  count: number;
  readonly endsAt: number;
}

/** Counts attempts per key: so many in a window that starts with the first, then none until it ends. */
export class Attempts {
  private readonly windows = new LRUCache<string, Window>({ max: REMEMBERED_MAX });

  constructor(private readonly clock: Pick<Clock, 'now'>) {}

  /**
   * Takes one attempt under every key before it is made, so that attempts at the same time count as well.
   *
   * @throws TooManyAttempts  one of the keys has none left; nothing was taken
   */
  take(...keys: readonly string[]): void {
    const now = this.clock.now();
    const windows = keys.map((key) => this.window(key, now));
    const spent = windows.filter(({ count }) => count >= ATTEMPTS_MAX);
    if (spent.length > 0) throw new TooManyAttempts(Math.max(...spent.map(({ endsAt }) => endsAt - now)));
    for (const window of windows) window.count += 1;
  }

  /** An attempt that succeeded counts for nobody: many people may share an address. */
  giveBack(...keys: readonly string[]): void {
    for (const key of keys) {
      const window = this.windows.get(key);
      if (window && window.count > 0) window.count -= 1;
    }
  }

  private window(key: string, now: number): Window {
    const known = this.windows.get(key);
    // A wall clock that stepped back must not lock anybody out for longer than one window.
    if (known && known.endsAt > now && known.endsAt <= now + ATTEMPTS_WINDOW_MS) return known;
    const fresh = { count: 0, endsAt: now + ATTEMPTS_WINDOW_MS };
    this.windows.set(key, fresh);
    return fresh;
  }
}
