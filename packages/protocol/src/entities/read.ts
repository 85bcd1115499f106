import { z } from 'zod';

/** How far one member has read one conversation. `id` is `<conversation id>:<user id>`. */
export const readRow = z.object({
  id: z.string(),
  version: z.int(),
  conversation_id: z.string(),
  user_id: z.string(),
  /** Messages that arrived at a later offset are unread. Moves back when somebody marks as unread. */
  offset: z.int(),
  /** How many that were when the cursor was set. */
  unread: z.int(),
  /** Id of the first of them; null when there was none. */
  first_unread: z.string().nullable(),
});
export type ReadRow = z.infer<typeof readRow>;
