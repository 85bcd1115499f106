import { z } from 'zod';

/** A write took effect at `offset`. The same id again gets the same answer. */
export const ack = z.object({
  type: z.literal('ack'),
  id: z.string(),
  offset: z.int(),
  message_id: z.string().optional(),
});
