import { z } from 'zod';

/** An answer that is written once and sent often. */
export const cannedReplyRow = z.object({
  id: z.string(),
  version: z.int(),
  /** What is typed after `/` to find it, unique in the organisation. */
  shortcut: z.string(),
  title: z.string(),
  /** With variables such as `{{contact.name}}`. */
  text: z.string(),
});
export type CannedReplyRow = z.infer<typeof cannedReplyRow>;
