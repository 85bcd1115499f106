import { z } from 'zod';

/**
 * What a member may see, beside what their role says. `id` is their user id; `version` the offset of the last change,
 * before which no cursor of theirs is good for anything.
 */
export const accessRow = z.object({
  id: z.string(),
  version: z.int(),
  /** Inboxes kept from them, in the order of their ids. */
  hidden: z.array(z.string()),
  /** Owners and admins, who also see what is kept from everybody else, such as quarantined mail. */
  admin: z.boolean(),
});
export type AccessRow = z.infer<typeof accessRow>;
