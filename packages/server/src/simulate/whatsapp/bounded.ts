/** The newest so many; older ones are forgotten, and counted. */
export class Bounded<T> {
  private readonly kept: T[] = [];
  count = 0;

  constructor(private readonly max: number) {}

  push(item: T): void {
    this.count += 1;
    this.kept.push(item);
    if (this.kept.length > this.max) this.kept.shift();
  }

  /** Oldest first. */
  get all(): readonly T[] {
    return this.kept;
  }
}
