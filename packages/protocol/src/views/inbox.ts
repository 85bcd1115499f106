import { addressMatches, parseAddressFilter } from '../filter.ts';
import type { View } from './view.ts';

export interface InboxParams {
  /** Address filter; everything when left out. */
  readonly filter?: string | undefined;
}

/**
 * All mail of an organisation, or of the addresses a filter names; newest arrival first.
 *
 * @throws filter.invalid
 */
export function inboxView(params: InboxParams): View<'message'> {
  const filter = parseAddressFilter(params.filter ?? '');
  return {
    kind: 'message',
    channel: 'inbox',
    key:
      filter === null
        ? 'inbox'
        : `inbox?filter=${encodeURIComponent((params.filter ?? '').trim().toLowerCase())}`,
    includes:
      filter === null ? () => true : (row) => row.to.some((address) => addressMatches(filter, address)),
    sortKey: (row) => row.id,
  };
}
