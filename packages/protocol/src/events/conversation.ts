import { z } from 'zod';
import { conversationStatus } from '../entities/conversation.ts';
import { aboutConversation, timestamp } from './about.ts';

const base = { ...aboutConversation, subject: z.string(), status: conversationStatus, timestamp };

/** Conversations. */
export const conversationEvents = {
  'conversation:created': z.object({ ...base, assigneeId: z.string().nullable() }),
  /**
   * Something to read came or went, or somebody read. `userId` is whose count it is and `unreadCount` the count; both
   * null where it concerns everybody who may see it, for everybody's count is their own.
   */
  'conversation:unread_updated': z.object({
    ...aboutConversation,
    userId: z.string().nullable(),
    unreadCount: z.int().nullable(),
    lastMessageAt: timestamp,
    timestamp,
  }),
  /** Somebody else answers for it from here on, or nobody. */
  'conversation:assigned': z.object({
    ...base,
    assigneeId: z.string().nullable(),
    previousAssigneeId: z.string().nullable(),
  }),
  /** The next message of the contact opens it again, always. */
  'conversation:closed': z.object({ ...base, autoReopenOnReply: z.literal(true) }),
  /** It was closed, archived or snoozed and is in work again. */
  'conversation:reopened': z.object({ ...base, previousStatus: conversationStatus }),
  'conversation:archived': z.object(base),
  'conversation:snoozed': z.object({ ...base, snoozedUntil: timestamp }),
} as const;
