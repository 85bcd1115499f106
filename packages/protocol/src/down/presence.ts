import { z } from 'zod';

/** Somebody is here, or no longer. Holds for `lifetime_ms` unless said again. */
export const presence = z.object({
  type: z.literal('presence'),
  user_id: z.string(),
  state: z.enum(['online', 'offline']),
  lifetime_ms: z.int(),
});
