import { useList } from '@roost/react';
import { useState } from 'react';
import { moved, NO_LINE } from './unread-line.ts';
import { useIsLooking } from './use-is-looking.ts';

/** Where the line “New messages” stands in a conversation; undefined while it is not known. */
export function useFirstUnread(conversationId: string): string | null | undefined {
  const { rows, isLoading } = useList('unread', { limit: 200 });
  const unread = rows.find(({ id }) => id === conversationId);
  const firstUnread = isLoading ? undefined : (unread?.first_unread ?? null);
  const isLooking = useIsLooking();
  const [line, setLine] = useState(NO_LINE);
  const next = moved(line, { firstUnread, isLooking });
  if (next !== line) setLine(next);
  return isLoading ? undefined : next.at;
}
