import { z } from 'zod';
import { requestId } from './subscription.ts';

/**
 * I have read what arrived up to this offset: in one conversation, or everywhere. Moves forward only. Answered by `ack`.
 */
export const read = z.object({
  type: z.literal('read'),
  id: requestId,
  up_to: z.int().min(0),
  conversation_id: z.string().min(1).max(64).optional(),
});
