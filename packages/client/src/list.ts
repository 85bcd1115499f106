import type { Outline } from '@roost/protocol';
import type { Report } from './listeners.ts';
import { Listing } from './listing.ts';
import type { ListName, TextParams } from './rest.ts';

/** A list in use, or used a moment ago: its name, its content, and how many listen. */
export class List implements ListName {
  readonly listing: Listing;
  listenerCount = 0;
  /** Set while the last listener has gone and the next may still come. */
  cancelRelease: (() => void) | null = null;
  fetching: Promise<void> | null = null;
  /** Answers in a row that said "not now". */
  failureCount = 0;
  private key: { readonly userId: string; readonly key: string } | null = null;

  constructor(
    private readonly outline: Outline,
    readonly params: TextParams,
    limit: number,
    report: Report,
  ) {
    this.listing = new Listing(outline.sortKey, limit, report);
  }

  get channel(): string {
    return this.outline.channel;
  }

  get isWanted(): boolean {
    return this.listenerCount > 0 || this.cancelRelease !== null;
  }

  /** How frames name this list to the person `userId`. */
  keyFor(userId: string): string {
    if (this.key?.userId !== userId) this.key = { userId, key: this.outline.keyFor(userId) };
    return this.key.key;
  }
}

/** Shows what changed, all of it before the first listener hears of any of it. */
export function publish(lists: Iterable<List>): void {
  const all = [...lists];
  for (const { listing } of all) listing.write();
  for (const { listing } of all) listing.cell.tell();
}
