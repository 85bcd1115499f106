/** Where the line “New messages” stands, and whether what stood below it has been read since. */
export interface UnreadLine {
  /** Id of the message it stands above; null for no line. */
  readonly at: string | null;
  readonly hasRead: boolean;
}

export const NO_LINE: UnreadLine = { at: null, hasRead: false };

interface Seen {
  /** Id of my first unread message; null when I have read everything; undefined while nobody knows. */
  readonly firstUnread: string | null | undefined;
  readonly isLooking: boolean;
}

/**
 * The line is drawn where reading begins: when a conversation is opened, or when something came while its reader
 * looked elsewhere. It stays when that has been read, and is not drawn for what arrives before their eyes.
 */
export function moved(line: UnreadLine, { firstUnread, isLooking }: Seen): UnreadLine {
  if (firstUnread === undefined) return line;
  if (!line.hasRead) {
    if (firstUnread === null) return { ...line, hasRead: true };
    return line.at === null ? { at: firstUnread, hasRead: false } : line;
  }
  return firstUnread !== null && !isLooking ? { at: firstUnread, hasRead: false } : line;
}
