import { z } from 'zod';

export const role = z.enum(['owner', 'admin', 'agent', 'viewer']);
export type Role = z.infer<typeof role>;

/** A person in an organisation, as their colleagues see them. `id` is their user id. */
export const memberRow = z.object({
  id: z.string(),
  version: z.int(),
  email: z.string(),
  name: z.string(),
  role,
  /** False for somebody who can no longer sign in, and whose name still stands under what they wrote. */
  active: z.boolean(),
});
export type MemberRow = z.infer<typeof memberRow>;
