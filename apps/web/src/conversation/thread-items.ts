import type { MessageRow } from '@roost/protocol';
import { dayInWords, isSameDay } from '../ui/time.ts';

/** What a thread shows, from top to bottom. */
export type ThreadItem =
  | { readonly kind: 'day'; readonly key: string; readonly words: string }
  /** Above the first message that was unread. */
  | { readonly kind: 'new'; readonly key: 'new' }
  | { readonly kind: 'system'; readonly key: string; readonly row: MessageRow }
  | {
      readonly kind: 'message';
      readonly key: string;
      readonly row: MessageRow;
      /** Said right after the one above by the same person: the name is not said again. */
      readonly goesOn: boolean;
    };

/** Messages of one person within so long of each other stand together. */
const RUN_MS = 5 * 60_000;

/**
 * @param rows         newest first, as the channel has them
 * @param firstUnread  id of the first unread message; null for none
 * @param now          ms since 1970
 */
export function threadItems(
  rows: readonly MessageRow[],
  firstUnread: string | null,
  now: number,
  timeZone?: string,
): ThreadItem[] {
  const items: ThreadItem[] = [];
  let above: MessageRow | null = null;
  let hasDivider = false;
  for (const row of [...rows].reverse()) {
    const at = Date.parse(row.received_at);
    const isNewDay = above === null || !isSameDay(Date.parse(above.received_at), at, timeZone);
    // The first one that is there, should the very first have been removed.
    const isFirstUnread =
      !hasDivider && firstUnread !== null && row.id >= firstUnread && row.kind !== 'system';
    if (isNewDay) items.push({ kind: 'day', key: `day ${row.id}`, words: dayInWords(at, now, timeZone) });
    if (isFirstUnread) {
      items.push({ kind: 'new', key: 'new' });
      hasDivider = true;
    }
    if (row.kind === 'system') items.push({ kind: 'system', key: row.id, row });
    else {
      const goesOn = !isNewDay && !isFirstUnread && above !== null && isRun(above, row);
      items.push({ kind: 'message', key: row.id, row, goesOn });
    }
    above = row;
  }
  return items;
}

function isRun(above: MessageRow, row: MessageRow): boolean {
  return (
    above.kind === row.kind &&
    above.author_id === row.author_id &&
    above.from === row.from &&
    Date.parse(row.received_at) - Date.parse(above.received_at) < RUN_MS
  );
}
