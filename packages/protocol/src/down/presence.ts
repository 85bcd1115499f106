import { z } from 'zod';

/**
 * Somebody is here, or no longer; with `scope`, they have that channel open, such as a conversation's thread. Holds for
 * `lifetime_ms` unless said again.
 */
export const presence = z.object({
  type: z.literal('presence'),
  user_id: z.string(),
  state: z.enum(['online', 'away', 'offline']),
  /** Name of a channel; left out for being here at all. */
  scope: z.string().optional(),
  lifetime_ms: z.int(),
});
