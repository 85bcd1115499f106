import { z } from 'zod';

export const role = z.enum(['owner', 'admin', 'agent', 'viewer']);
export type Role = z.infer<typeof role>;

/** A person in an organisation, as they see themselves. `id` is their user id. */
export const memberRow = z.object({
  id: z.string(),
  version: z.int(),
  email: z.string(),
  name: z.string(),
  role,
  /** How far this person has read: messages that arrived at a later offset are unread. Only moves forward. */
  read_offset: z.int(),
});
export type MemberRow = z.infer<typeof memberRow>;
