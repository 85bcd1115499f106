import type { Clock, Random } from '../clock.ts';

interface Timer {
  readonly at: number;
  readonly run: () => void;
}

/** Time that passes only when told to. */
export class FakeClock implements Clock {
  private elapsed = 0;
  private wall = Date.UTC(2026, 0, 20, 10);
  private readonly timers = new Set<Timer>();

  now(): number {
    return this.wall + this.elapsed;
  }

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.elapsed + Math.max(0, ms), run };
    this.timers.add(timer);
    return () => void this.timers.delete(timer);
  }

  /** Timers that are still to run. */
  get pendingCount(): number {
    return this.timers.size;
  }

  /** Lets `ms` pass: every timer due runs at its moment, and what waits for a promise goes on in between. */
  async advance(ms: number): Promise<void> {
    const end = this.elapsed + ms;
    await settled();
    for (let timer = this.nextUntil(end); timer; timer = this.nextUntil(end)) {
      this.timers.delete(timer);
      this.elapsed = Math.max(this.elapsed, timer.at);
      timer.run();
      await settled();
    }
    this.elapsed = end;
  }

  /** The wall clock is set, or the machine slept: no timer ran, yet it is later. */
  jump(ms: number): void {
    this.wall += ms;
  }

  private nextUntil(end: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.timers) {
      if (timer.at <= end && (next === undefined || timer.at < next.at)) next = timer;
    }
    return next;
  }
}

/** Everything that waits only for promises has gone on. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** The same numbers for the same seed (mulberry32). */
export function seededRandom(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
