import { z } from 'zod';

/**
 * Answers `hello`. The next `frames` frames bring every subscription of the hello to `cursor`; after them the reader is live.
 */
export const connected = z.object({
  type: z.literal('connected'),
  user_id: z.string(),
  org_id: z.string(),
  cursor: z.string(),
  heartbeat_ms: z.int(),
  frames: z.int(),
});
