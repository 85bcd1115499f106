import { z } from 'zod';
import { role } from './member.ts';

/** A person in an organisation, as they see themselves. `id` is their user id. */
export const meRow = z.object({
  id: z.string(),
  version: z.int(),
  email: z.string(),
  name: z.string(),
  role,
  /**
   * How far this person has read everything: messages that arrived at a later offset are unread, except in
   * conversations with a later read cursor of their own. Only moves forward.
   */
  read_offset: z.int(),
  /** Offset at which it was last moved: read cursors set earlier give way to it. */
  read_version: z.int(),
});
export type MeRow = z.infer<typeof meRow>;
