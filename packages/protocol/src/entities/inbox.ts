import { z } from 'zod';

/** How things arrive. */
export const via = z.enum(['mail', 'whatsapp', 'api']);

/** An address that things arrive at. */
export const inboxRow = z.object({
  id: z.string(),
  version: z.int(),
  kind: via,
  /**
   * For mail: an address, a domain, or a domain pattern such as `*.test`. For WhatsApp: the id that the Cloud API
   * gives the number. For an API channel: its own id.
   */
  address: z.string(),
  /** What people call it; the address where nobody has named it. */
  name: z.string(),
  /** Whether everybody in the organisation sees it, or only its members (and owners and admins, always). */
  access: z.enum(['everyone', 'members']),
  /** User ids, in the order of their ids. */
  member_ids: z.array(z.string()),
  /** Whether what arrives is threaded into conversations with contacts; otherwise it is only kept and listed. */
  threads: z.boolean(),
  /** Number people write to, E.164, for WhatsApp; null elsewhere. */
  phone: z.string().nullable(),
});
export type InboxRow = z.infer<typeof inboxRow>;
export type InboxKind = z.infer<typeof via>;
