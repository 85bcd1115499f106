import type { UnreadRow } from '@roost/protocol';

/** What was unread of each conversation when it was last looked at: the newest message that can be unread. */
export type Known = ReadonlyMap<string, number>;

export function known(rows: readonly UnreadRow[]): Known {
  return new Map(rows.map(({ id, inbound_offset }) => [id, inbound_offset]));
}

/**
 * Conversations in which something came after `before`. What was only marked unread again is no arrival.
 *
 * @param before  null while nothing is known: then all of it was there already
 * @param since   the newest arrival so far; what is older has only become unread again
 */
export function arrivals(before: Known | null, rows: readonly UnreadRow[], since: number): UnreadRow[] {
  if (before === null) return [];
  return rows.filter(({ id, inbound_offset }) => inbound_offset > Math.max(before.get(id) ?? 0, since));
}
