import type { Row } from './entity.ts';
import type { Window } from './window.ts';

/** Characters of a message id that hold the offset at which it arrived, in Crockford's base 32. */
export const ARRIVAL_CHARS = 9;
const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz';

/** The offset in the log at which a message arrived, read from its id. */
export function arrivalOffset(id: string): number {
  let offset = 0;
  for (let at = 0; at < ARRIVAL_CHARS; at += 1)
    offset = offset * 32 + Math.max(0, DIGITS.indexOf(id[at] ?? '0'));
  return offset;
}

/** Written so that ids sort as text in the order of the log. */
export function formatArrival(offset: number): string {
  let text = '';
  for (let rest = offset; text.length < ARRIVAL_CHARS; rest = Math.floor(rest / 32))
    text = DIGITS[rest % 32] + text;
  return text;
}

/** Unread messages in a window. `atLeast` when older ones below the window are unread too, as far as is known. */
export interface Unread {
  readonly count: number;
  readonly atLeast: boolean;
}

/** Unread is derived from the rows and my own read cursor; nobody counts it up or down (rule U1). */
export function unreadIn(window: Window<Row>, readOffset: number): Unread {
  let count = 0;
  for (const row of window.rows) {
    if (arrivalOffset(row.id) <= readOffset) return { count, atLeast: false };
    count += 1;
  }
  return { count, atLeast: window.bottom !== null };
}
