import type { Entry } from './entry.ts';

/** What a node keeps at hand of a log, so that readers who were away briefly cost no read of the store. */
const RECENT_MAX_ENTRIES = 5_000;
const RECENT_MAX_BYTES = 16 << 20;

/** The newest entries of a log without gaps: all after `from`, up to `offset`. */
export class Recent {
  private entries: Entry[] = [];
  private bytes = 0;

  constructor(private start: number) {}

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
    if (this.entries.length > RECENT_MAX_ENTRIES || this.bytes > RECENT_MAX_BYTES) this.drop();
  }

  /** Adds entries before the oldest; they end where it begins. */
  extendBack(entries: readonly Entry[]): void {
    this.entries = [...entries, ...this.entries];
    this.start -= entries.length;
    for (const { bytes } of entries) this.bytes += bytes;
  }

  /** Entries after `after`, which must not lie before `from`. */
  after(after: number): readonly Entry[] {
    return after >= this.offset ? [] : this.entries.slice(after - this.start);
  }

  /** A quarter at a time, so that the copying is paid rarely. */
  private drop(): void {
    const dropped = this.entries.splice(0, Math.max(1, this.entries.length >> 2));
    this.start += dropped.length;
    for (const { bytes } of dropped) this.bytes -= bytes;
  }
}
