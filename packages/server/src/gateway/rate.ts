/** A burst, then a steady rate. Two numbers a connection. */
export class Rate {
  private allowance: number;
  private at: number;

  constructor(
    private readonly burst: number,
    private readonly perSecond: number,
    now: number,
  ) {
    this.allowance = burst;
    this.at = now;
  }

  /** Takes one; false when there is none left. */
  take(now: number): boolean {
    const elapsedMs = Math.max(0, now - this.at);
    this.allowance = Math.min(this.burst, this.allowance + (elapsedMs / 1000) * this.perSecond);
    this.at = now;
    if (this.allowance < 1) return false;
    this.allowance -= 1;
    return true;
  }
}
