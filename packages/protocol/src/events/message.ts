import { z } from 'zod';
import { deliveryStatus } from '../entities/message.ts';
import { aboutConversation, timestamp } from './about.ts';

const aboutMessage = {
  messageId: z.string(),
  ...aboutConversation,
  /** Null where the inbox keeps no conversations. */
  conversationId: z.string().nullable(),
};

const said = {
  ...aboutMessage,
  via: z.enum(['mail', 'whatsapp', 'api', 'direct']),
  /** Member who wrote it; null for contacts. */
  authorId: z.string().nullable(),
  subject: z.string(),
  /** What it says; of a mail that came in, its first words. */
  body: z.string(),
  timestamp,
};

const delivery = { ...aboutMessage, status: deliveryStatus, error: z.string().nullable(), timestamp };

/** Messages. In a direct conversation the others receive what one sends. */
export const messageEvents = {
  /** Somebody wrote to us; in a direct conversation: to me. */
  'message:received': z.object(said),
  /** What was written here has been handed over; at once where nothing has to be handed over. */
  'message:sent': z.object({ ...said, status: deliveryStatus }),
  /** A message of ours got further, or did not: also told by `message:sent` and `message:failed`. */
  'message:status': z.object(delivery),
  /** A message of ours could not be delivered; `error` says why. */
  'message:failed': z.object(delivery),
} as const;
