import { z } from 'zod';

/** A request failed, or the connection is about to be closed. `id` names the request where one is at fault. */
export const errorFrame = z.object({
  type: z.literal('error'),
  id: z.string().optional(),
  code: z.string(),
  message: z.string(),
  /** What is needed to go on, such as what is new. */
  about: z.record(z.string(), z.unknown()).optional(),
  remedy: z.enum(['retry', 'sign-in', 'resync', 'correct', 'give-up']),
});
