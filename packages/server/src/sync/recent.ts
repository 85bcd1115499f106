import type { Bounds } from './bounds.ts';
import type { Entry } from './entry.ts';

/** The newest entries of a log without gaps: all after `from`, up to `offset`. */
export class Recent {
  private entries: Entry[] = [];
  private bytes = 0;

  constructor(
    private start: number,
    private readonly bounds: Bounds,
  ) {}

  /** Every entry after this offset is here. */
  get from(): number {
    return this.start;
  }

  get offset(): number {
    return this.start + this.entries.length;
  }

  push(entry: Entry): void {
    this.entries.push(entry);
    this.bytes += entry.bytes;
    if (this.isFull) this.drop();
  }

  /** Adds entries before the oldest, which they end at. @returns false when they are more than fit */
  extendBack(entries: readonly Entry[]): boolean {
    let bytes = this.bytes;
    for (const entry of entries) bytes += entry.bytes;
    if (bytes > this.bounds.recentMaxBytes) return false;
    this.bytes = bytes;
    this.entries = [...entries, ...this.entries];
    this.start -= entries.length;
    return true;
  }

  /** Entries after `after`, which must not lie before `from`. */
  after(after: number): readonly Entry[] {
    return after >= this.offset ? [] : this.entries.slice(after - this.start);
  }

  private get isFull(): boolean {
    const { recentMaxEntries, recentMaxBytes } = this.bounds;
    return this.entries.length > recentMaxEntries || this.bytes > recentMaxBytes;
  }

  /** A quarter at a time, so that the copying is paid rarely. */
  private drop(): void {
    const dropped = this.entries.splice(0, Math.max(1, this.entries.length >> 2));
    this.start += dropped.length;
    for (const { bytes } of dropped) this.bytes -= bytes;
  }
}
