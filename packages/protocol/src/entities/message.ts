import { z } from 'zod';

/** A message as a list shows it. `id` sorts in the order of the log, oldest first. */
export const messageRow = z.object({
  id: z.string(),
  /** Offset of the message's last change. */
  version: z.int(),
  inbox_id: z.string(),
  /** When the server took it, ISO 8601 in UTC with milliseconds. */
  received_at: z.string(),
  /** Author as the message names them: `Ann Lee <ann@example.org>`, or a bare address. */
  from: z.string(),
  /** Envelope recipients in this inbox, lower case. */
  to: z.array(z.string()),
  subject: z.string(),
  /** First words of the text, white space folded. */
  snippet: z.string(),
  size_bytes: z.int(),
  attachment_count: z.int(),
  /** What could not be read of it, in words; null when everything could. */
  problem: z.string().nullable(),
});
export type MessageRow = z.infer<typeof messageRow>;

export const attachment = z.object({
  index: z.int(),
  filename: z.string(),
  content_type: z.string(),
  size_bytes: z.int(),
  /** Content-ID without angle brackets, for parts that the HTML shows. */
  content_id: z.string().nullable(),
  inline: z.boolean(),
});
export type Attachment = z.infer<typeof attachment>;

/** What a message says. Never changes once stored. */
export const messageContent = z.object({
  headers: z.array(z.object({ name: z.string(), value: z.string() })),
  text: z.string().nullable(),
  html: z.string().nullable(),
  attachments: z.array(attachment),
  /** True when text or html was cut at the limit; the source holds all of it. */
  truncated: z.boolean(),
  has_source: z.boolean(),
});
export type MessageContent = z.infer<typeof messageContent>;

/** A message opened: its list row with what it says. */
export const openMessage = messageRow.extend({ content: messageContent });
export type OpenMessage = z.infer<typeof openMessage>;
