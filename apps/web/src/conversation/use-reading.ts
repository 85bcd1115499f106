import { arrivalOffset } from '@roost/protocol';
import { useRoost } from '@roost/react';
import { useEffect } from 'react';
import { useUnreadOf } from '../conversations/use-unread.ts';
import { useIsLooking } from './use-is-looking.ts';

interface Reading {
  readonly conversationId: string;
  /** Id of the newest message that is shown. */
  readonly newest: string | null;
  readonly isAtEnd: boolean;
}

/** Conversations that were marked unread while they were open: they stay so until they are opened again. */
const held = new Set<string>();

export function holdUnread(conversationIds: readonly string[]): void {
  for (const id of conversationIds) held.add(id);
}

/** Marks as read what somebody looks at: the page is in front, and the thread stands at its end. */
export function useReading({ conversationId, newest, isAtEnd }: Reading): void {
  const client = useRoost();
  const isLooking = useIsLooking();
  const unread = useUnreadOf().get(conversationId);
  const firstUnread = unread?.first_unread ?? null;
  useEffect(() => {
    held.delete(conversationId);
  }, [conversationId]);
  useEffect(() => {
    if (!isLooking || !isAtEnd || held.has(conversationId)) return;
    if (newest === null || firstUnread === null || firstUnread > newest) return;
    // Should it fail, the badge stays, and the next look tries again.
    client.read(arrivalOffset(newest), conversationId).catch(() => {});
  }, [client, conversationId, isLooking, isAtEnd, newest, firstUnread]);
}
