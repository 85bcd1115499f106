import type { UnreadRow } from '@roost/protocol';
import { isInPlace, type PlaceName, placeNames } from '../conversations/places.ts';

/** How many conversations with something unread stand in each part of the navigation. */
export interface UnreadCounts {
  readonly places: Readonly<Record<PlaceName, number>>;
  /** Open ones, by inbox id. */
  readonly inboxes: ReadonlyMap<string, number>;
  /** Open ones, by label. */
  readonly labels: ReadonlyMap<string, number>;
  readonly direct: number;
  /** What waits for this person: all but what is closed or archived. */
  readonly total: number;
  /** There are more than these rows: each count is the least there can be. */
  readonly atLeast: boolean;
}

/** Counted from the rows of one cut, never kept (promise 10). */
export function unreadCounts(rows: readonly UnreadRow[], userId: string, atLeast = false): UnreadCounts {
  const places = Object.fromEntries(
    placeNames.map((view) => [view, rows.filter(isInPlace({ view }, userId)).length]),
  ) as Record<PlaceName, number>;
  const inboxes = new Map<string, number>();
  const labels = new Map<string, number>();
  for (const row of rows.filter(isInPlace({}, userId))) {
    if (row.inbox_id !== null) add(inboxes, row.inbox_id);
    for (const label of row.labels) add(labels, label);
  }
  const direct = rows.filter(({ kind }) => kind === 'direct').length;
  const waiting = rows.filter(({ status }) => status !== 'closed' && status !== 'archived');
  return { places, inboxes, labels, direct, total: waiting.length, atLeast };
}

function add(to: Map<string, number>, key: string): void {
  to.set(key, (to.get(key) ?? 0) + 1);
}
