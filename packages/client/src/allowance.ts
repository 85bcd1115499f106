import type { Clock } from './clock.ts';

/** A little less than what a server lets one connection send (`limits.FRAMES_BURST`, `FRAMES_PER_SECOND`). */
const BURST_FRAMES = 90;
const FRAMES_PER_SECOND = 30;

/** How many frames may be sent now. What does not fit waits where it is; nothing is queued here. */
export class Allowance {
  private left = BURST_FRAMES;
  private cancelRefill: (() => void) | null = null;

  constructor(
    private readonly clock: Clock,
    private readonly refilled: () => void,
  ) {}

  get isSpent(): boolean {
    return this.left <= 0;
  }

  spend(): void {
    this.left -= 1;
    this.refill();
  }

  end(): void {
    this.cancelRefill?.();
  }

  private refill(): void {
    if (this.cancelRefill !== null || this.left >= BURST_FRAMES) return;
    this.cancelRefill = this.clock.after(1000 / FRAMES_PER_SECOND, () => {
      this.cancelRefill = null;
      const wasSpent = this.isSpent;
      this.left += 1;
      this.refill();
      if (wasSpent && !this.isSpent) this.refilled();
    });
  }
}
