import { z } from 'zod';

export const specialUse = z.enum(['inbox', 'sent', 'drafts', 'junk', 'archive', 'trash']);
export type SpecialUse = z.infer<typeof specialUse>;

/** A folder of a mail inbox. Its counters are those of the moment it was read at. */
export const mailboxRow = z.object({
  id: z.string(),
  /** Offset of its last change, of its counters too: the modify index. */
  version: z.int(),
  inbox_id: z.string(),
  /** Names from the top down, joined by `/`: `INBOX`, `Clients/Acme`. Unique within the inbox, letter case aside. */
  path: z.string(),
  /** What the server uses it for; null for one that somebody made. */
  special_use: specialUse.nullable(),
  subscribed: z.boolean(),
  hidden: z.boolean(),
  /** Messages in it. */
  total: z.int(),
  unseen: z.int(),
  size_bytes: z.int(),
});
export type MailboxRow = z.infer<typeof mailboxRow>;
