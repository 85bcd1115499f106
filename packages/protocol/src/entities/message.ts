import { z } from 'zod';
import { decidedBy } from './rule.ts';

export const messageKind = z.enum(['inbound', 'outbound', 'note', 'system']);
export type MessageKind = z.infer<typeof messageKind>;

/** How far an outbound message has got. Only moves forward; `unknown` may turn out to be any later one. */
export const deliveryStatus = z.enum(['queued', 'unknown', 'sent', 'delivered', 'read', 'failed']);
export type DeliveryStatus = z.infer<typeof deliveryStatus>;

/** What a message holds beside its text. Files are attachments; `index` names the one that a part shows. */
export const messagePart = z.discriminatedUnion('type', [
  z.object({
    type: z.enum(['image', 'audio', 'voice', 'video', 'document', 'sticker']),
    /** Attachment of the message; null while it has not been fetched. */
    index: z.int().nullable(),
    filename: z.string(),
    content_type: z.string(),
    size_bytes: z.int().nullable(),
    /** Why it cannot be had, in words. */
    problem: z.string().nullable(),
  }),
  z.object({
    type: z.literal('location'),
    latitude: z.number(),
    longitude: z.number(),
    name: z.string().nullable(),
    address: z.string().nullable(),
  }),
  z.object({
    type: z.literal('contacts'),
    contacts: z.array(
      z.object({ name: z.string(), phones: z.array(z.string()), emails: z.array(z.string()) }),
    ),
  }),
  /** A button or a row of a list that was chosen. */
  z.object({ type: z.literal('choice'), id: z.string(), title: z.string() }),
  z.object({
    type: z.literal('template'),
    name: z.string(),
    language: z.string(),
    parameters: z.array(z.string()),
  }),
  /** Something that this version cannot show; kept as it came. */
  z.object({ type: z.literal('unsupported'), says: z.string() }),
]);
export type MessagePart = z.infer<typeof messagePart>;

/** Where a mail lies in its inbox, and how it got there. */
export const mailState = z.object({
  /** Null while it is in quarantine. */
  mailbox_id: z.string().nullable(),
  seen: z.boolean(),
  flagged: z.boolean(),
  answered: z.boolean(),
  forwarded: z.boolean(),
  draft: z.boolean(),
  labels: z.array(z.string()),
  decision: z.enum(['INBOX', 'QUARANTINE']),
  /** What decided so; null where nothing spoke against it. */
  decided_by: decidedBy.nullable(),
  /** Mailbox that it goes back to when it is taken out of the trash. */
  restore_to: z.string().nullable(),
});
export type MailState = z.infer<typeof mailState>;

/** A message as a list shows it. `id` sorts in the order of the log, oldest first. */
export const messageRow = z.object({
  id: z.string(),
  /** Offset of the message's last change. */
  version: z.int(),
  /** Null for a direct message. */
  inbox_id: z.string().nullable(),
  /** Null where the inbox keeps no conversations. */
  conversation_id: z.string().nullable(),
  via: z.enum(['mail', 'whatsapp', 'api', 'direct']),
  kind: messageKind,
  /** Member who wrote it; null for contacts and for the server itself. */
  author_id: z.string().nullable(),
  /** When the server took it, ISO 8601 in UTC with milliseconds. */
  received_at: z.string(),
  /** Author as the message names them: `Ann Lee <ann@example.org>`, or a bare address. */
  from: z.string(),
  /** For mail: envelope recipients in this inbox, lower case. */
  to: z.array(z.string()),
  subject: z.string(),
  /** First words of the text, white space folded. */
  snippet: z.string(),
  /** The whole text; null for inbound mail, which is opened on `message:<id>`. */
  text: z.string().nullable(),
  parts: z.array(messagePart),
  /** Message that this one answers. */
  reply_to: z.string().nullable(),
  reactions: z.array(z.object({ emoji: z.string(), from: z.string() })),
  /** Null for what is not sent anywhere. */
  status: deliveryStatus.nullable(),
  /** Why it failed, or what is not known of it, in words. */
  error: z.string().nullable(),
  size_bytes: z.int(),
  attachment_count: z.int(),
  /** What could not be read of it, in words; null when everything could. */
  problem: z.string().nullable(),
  /** Of mail that lies in a mailbox, or in quarantine. */
  mail: mailState.optional(),
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

/** What a message says. Does not change once stored, but for a file that is fetched later and added. */
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
