import type { Clock } from '../clock.ts';

/** Some moment; nothing depends on which. */
const BEGINNING_MS = Date.UTC(2030, 0, 1);

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/**
 * Time that passes only when somebody says so, in whole milliseconds, as the clocks and timers of machines do: timers
 * due at one instant run in the order they were set.
 */
export class VirtualTime implements Clock {
  private time = BEGINNING_MS;
  private order = 0;
  /** Latest first, so that the next one is taken from the end. */
  private readonly timers: Timer[] = [];

  /** @param settled  resolves when nothing happens any more without time passing */
  constructor(private readonly settled: () => Promise<void>) {}

  now(): number {
    return this.time;
  }

  after(ms: number, run: () => void): () => void {
    this.order += 1;
    const timer = { at: this.time + Math.ceil(Math.max(0, ms)), order: this.order, run };
    this.timers.splice(this.placeOf(timer), 0, timer);
    return () => {
      const place = this.placeOf(timer);
      if (this.timers[place] === timer) this.timers.splice(place, 1);
    };
  }

  async advance(ms: number): Promise<void> {
    const until = this.time + Math.ceil(ms);
    await this.settled();
    for (let next = this.timers.at(-1); next && next.at <= until; next = this.timers.at(-1)) {
      this.time = next.at;
      this.timers.pop();
      next.run();
      await this.settled();
    }
    this.time = until;
  }

  /** First place whose timer is not later than this one. */
  private placeOf(timer: Timer): number {
    let low = 0;
    let high = this.timers.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isLater(this.timers[middle] as Timer, timer)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function isLater(one: Timer, other: Timer): boolean {
  return one.at === other.at ? one.order > other.order : one.at > other.at;
}

/** The time of one process, which may be frozen, and which ends with it. */
export class ProcessTime implements Clock {
  private isFrozen = false;
  private isOver = false;
  private held: (() => void)[] = [];

  constructor(private readonly world: VirtualTime) {}

  now(): number {
    return this.world.now();
  }

  after(ms: number, run: () => void): () => void {
    let isCancelled = false;
    const fire = () => {
      if (isCancelled || this.isOver) return;
      if (this.isFrozen) this.held.push(fire);
      else run();
    };
    const cancel = this.world.after(ms, fire);
    return () => {
      isCancelled = true;
      cancel();
    };
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.after(ms, resolve));
  }

  get frozen(): boolean {
    return this.isFrozen;
  }

  /** A laptop closed, a page put to sleep: nothing runs until {@link thaw}, which then runs what came due, in order. */
  freeze(): void {
    this.isFrozen = true;
  }

  thaw(): void {
    this.isFrozen = false;
    const due = this.held;
    this.held = [];
    for (const run of due) run();
  }

  /** Killed: nothing of it runs any more. */
  end(): void {
    this.isOver = true;
    this.held = [];
  }
}
