import { arrivalOffset, type Row, type Unread } from '@roost/protocol';

/** `3`, or `200+` where more are unread than are known here. */
export function unreadInWords(unread: Unread): string {
  return unread.atLeast ? `${unread.count}+` : String(unread.count);
}

/** Of the browser's tab: what is shown, and before it how much is unread. */
export function titleOf(what: string, unread: Unread): string {
  return `${unread.count > 0 ? `(${unreadInWords(unread)}) ` : ''}${what} · Roost`;
}

/** Arrived after what I have read. Nothing is called unread before it is known how far I have read. */
export function isUnread(row: Row, readOffset: number | null): boolean {
  return readOffset !== null && arrivalOffset(row.id) > readOffset;
}
