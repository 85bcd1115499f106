/** Bytes that may be held at once, by all together. */
export class ByteBudget {
  private used = 0;

  constructor(private readonly max: number) {}

  /** False, and nothing taken, when there is no room for them. */
  take(count: number): boolean {
    if (this.used + count > this.max) return false;
    this.used += count;
    return true;
  }

  give(count: number): void {
    this.used -= count;
  }

  hasRoomFor(count: number): boolean {
    return this.used + count <= this.max;
  }
}
