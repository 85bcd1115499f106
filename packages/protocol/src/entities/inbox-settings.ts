import { z } from 'zod';

/** How an inbox behaves, as its people set it. `id` is the inbox. */
export const inboxSettingsRow = z.object({
  id: z.string(),
  version: z.int(),
  /** Stands under what is sent from it. */
  signature: z.string(),
  /** Shown as its sender; the inbox's own name when empty. */
  sender_name: z.string(),
  /** Seconds in which a mail may be taken back; 0 sends at once. */
  undo_seconds: z.int(),
  /** Days that mail is kept; null for ever. */
  retention_days: z.int().nullable(),
  /** Mailboxes with an age of their own, by id. */
  mailbox_retention_days: z.record(z.string(), z.int()),
});
export type InboxSettingsRow = z.infer<typeof inboxSettingsRow>;
