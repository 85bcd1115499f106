/**
 * Groups frames into cuts: what is one moment of the store, and is shown together or not at all. A frame is a cut of
 * its own unless `begin` said that more belong together. What is incomplete when the connection ends is dropped.
 */
export class Cuts<Frame> {
  private held: Frame[] | null = null;
  private missingCount = 0;
  private isFirst = true;

  /** @param first  told the first cut, and `rest` all others */
  constructor(
    private readonly first: (frames: readonly Frame[]) => void,
    private readonly rest: (frames: readonly Frame[]) => void,
  ) {}

  /** The next `count` frames belong together. Said within a group, it is one of that group's frames and adds to it. */
  begin(count: number): void {
    this.missingCount += this.held === null ? count : count - 1;
    this.held ??= [];
    this.release();
  }

  add(frame: Frame): void {
    if (this.held === null) {
      this.complete([frame]);
      return;
    }
    this.held.push(frame);
    this.missingCount -= 1;
    this.release();
  }

  private release(): void {
    if (this.held === null || this.missingCount > 0) return;
    const frames = this.held;
    this.held = null;
    this.complete(frames);
  }

  private complete(frames: readonly Frame[]): void {
    const tell = this.isFirst ? this.first : this.rest;
    this.isFirst = false;
    tell(frames);
  }
}
