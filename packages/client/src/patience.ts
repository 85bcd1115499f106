import { reconnectDelayMs } from './backoff.ts';
import type { Random } from './clock.ts';
import type { Timing } from './timing.ts';

/** Counts failed attempts: how long to wait for the next one, and from when on to poll meanwhile. */
export class Patience {
  private failureCount = 0;
  private isSteady = false;
  private orderedMs: number | null = null;

  constructor(
    private readonly timing: Timing,
    private readonly random: Random,
  ) {}

  get failures(): number {
    return this.failureCount;
  }

  /** The connection has been live long enough to be called good. */
  steadied(): void {
    this.failureCount = 0;
    this.isSteady = true;
  }

  /** What failed before says nothing about now: the app started anew, or the device has another network. */
  forgive(): void {
    this.failureCount = 0;
    this.orderedMs = null;
  }

  /** @returns whether to wait, or to poll while waiting */
  failed(): 'lost' | 'poll' {
    // Losing a good connection is not a failed attempt; the attempt to get it back may become one.
    if (this.isSteady) this.isSteady = false;
    else this.failureCount += 1;
    return this.failureCount >= this.timing.pollAfterFailures ? 'poll' : 'lost';
  }

  /** The next delay is this one; the server knows why. */
  order(ms: number): void {
    this.orderedMs = ms;
    this.isSteady = false;
  }

  nextDelayMs(): number {
    const ms = this.orderedMs ?? reconnectDelayMs(this.failureCount, this.random, this.timing);
    this.orderedMs = null;
    return ms;
  }
}
