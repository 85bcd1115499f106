import { z } from 'zod';

/** The answer that an inbox gives by itself. `id` is the inbox. */
export const autoReplyRow = z.object({
  id: z.string(),
  version: z.int(),
  enabled: z.boolean(),
  subject: z.string(),
  text: z.string(),
  /** ISO 8601 in UTC; null for at once. */
  starts_at: z.string().nullable(),
  /** ISO 8601 in UTC; null for until it is switched off. */
  ends_at: z.string().nullable(),
  /** The same sender is answered once in so many days. */
  every_days: z.int(),
});
export type AutoReplyRow = z.infer<typeof autoReplyRow>;
