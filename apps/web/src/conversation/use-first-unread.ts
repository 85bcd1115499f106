import { useState } from 'react';
import { useUnreadOf } from '../conversations/use-unread.ts';
import { useIsLooking } from './use-is-looking.ts';

/**
 * Where the line “New messages” stands: at the first message that was unread when the conversation was opened, or when
 * the reader came back to it. It stays when it has been read, and comes not for what arrives before the reader's eyes.
 */
export function useFirstUnread(conversationId: string): string | null {
  const unread = useUnreadOf().get(conversationId)?.first_unread ?? null;
  const isLooking = useIsLooking();
  const [line, setLine] = useState<{ at: string | null; hasRead: boolean }>({
    at: unread,
    hasRead: unread === null,
  });
  if (unread === null && !line.hasRead) setLine({ ...line, hasRead: true });
  if (unread !== null && unread !== line.at && line.hasRead && !isLooking)
    setLine({ at: unread, hasRead: false });
  return line.at;
}
