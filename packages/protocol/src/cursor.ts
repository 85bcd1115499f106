/**
 * A place in an organisation's log.
 *
 * `epoch` names the lifetime of the log: a restored backup starts a new one, and with it every older
 * cursor is void. `offset` counts the entries of that log, 1 for the first, without gaps.
 * Written `e7.1042`.
 */
export interface Cursor {
  readonly epoch: string;
  readonly offset: number;
}

const WRITTEN = /^([a-z0-9]{1,32})\.(0|[1-9][0-9]{0,15})$/;

export function formatCursor(cursor: Cursor): string {
  return `${cursor.epoch}.${cursor.offset}`;
}

/** Null when `text` is not a cursor; whether the log still knows it is for the server to say. */
export function parseCursor(text: string): Cursor | null {
  const parts = WRITTEN.exec(text);
  if (!parts) return null;
  const offset = Number(parts[2]);
  return Number.isSafeInteger(offset) ? { epoch: parts[1] as string, offset } : null;
}

/** The ETag of a list is its position in the log. */
export function formatEtag(cursor: Cursor): string {
  return `"${formatCursor(cursor)}"`;
}

/** Takes the strong form, and the weak one that a proxy may have made of it. */
export function parseEtag(text: string): Cursor | null {
  const parts = /^(?:W\/)?"([^"]*)"$/.exec(text.trim());
  return parts ? parseCursor(parts[1] as string) : null;
}
