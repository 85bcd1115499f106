import type { Clock } from '@roost/client';

/** Time that passes only when told to. */
export class ManualClock implements Clock {
  private time = 1_770_000_000_000;
  private waiting: { at: number; run: () => void }[] = [];

  now(): number {
    return this.time;
  }

  after(ms: number, run: () => void): () => void {
    const entry = { at: this.time + ms, run };
    this.waiting.push(entry);
    return () => {
      this.waiting = this.waiting.filter((other) => other !== entry);
    };
  }

  /** Lets `ms` pass: what was due runs in its order, and the promises it started settle in between. */
  async advance(ms: number): Promise<void> {
    const until = this.time + ms;
    for (;;) {
      const due = this.waiting.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.waiting = this.waiting.filter((other) => other !== due);
      this.time = due.at;
      due.run();
      await settled();
    }
    this.time = until;
    await settled();
  }
}

/** After the promises that are ready, and those that wait for them. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
