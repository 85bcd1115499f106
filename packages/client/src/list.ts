import { type View, viewOfChannel } from '@roost/protocol';
import { Listing } from './listing.ts';
import type { ListName, TextParams } from './rest.ts';
import type { Report } from './store.ts';

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
    readonly channel: string,
    readonly params: TextParams,
    view: View,
    limit: number,
    report: Report,
  ) {
    // The view sorts its own kind of row, and nothing else is ever in this list.
    this.listing = new Listing(view.sortKey as (row: { id: string }) => string, limit, report);
  }

  get isWanted(): boolean {
    return this.listenerCount > 0 || this.cancelRelease !== null;
  }

  /** How frames name this list to the person `userId`. */
  keyFor(userId: string): string {
    if (this.key?.userId !== userId)
      this.key = { userId, key: viewFor(this.channel, this.params, userId).key };
    return this.key.key;
  }
}

/**
 * The view of a list as far as it has a name and an order. Which inboxes are kept from a person is the server's to
 * know: it sends nothing of them.
 *
 * @throws Failure  channel.unknown, filter.invalid
 */
export function viewFor(channel: string, params: TextParams, userId: string): View {
  return viewOfChannel(channel, params, { user_id: userId, hidden: [] });
}

/** Shows what changed, all of it before the first listener hears of any of it. */
export function publish(lists: Iterable<List>): void {
  const all = [...lists];
  for (const { listing } of all) listing.write();
  for (const { listing } of all) listing.cell.tell();
}
