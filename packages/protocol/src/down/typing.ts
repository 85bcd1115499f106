import { z } from 'zod';

/** Somebody is typing in `scope`; stop showing it after `lifetime_ms`. */
export const typingDown = z.object({
  type: z.literal('typing'),
  scope: z.string(),
  user_id: z.string(),
  lifetime_ms: z.int(),
});
