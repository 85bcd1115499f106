import { z } from 'zod';

export const conversationStatus = z.enum(['open', 'pending', 'snoozed', 'closed', 'archived']);
export type ConversationStatus = z.infer<typeof conversationStatus>;

/** The contact of a conversation, as a list needs it. */
export const contactBrief = z.object({
  id: z.string(),
  name: z.string(),
  /** Where answers go: a mail address, a phone number in E.164, or a host application's id. */
  address: z.string(),
});

/** A conversation's newest message, as a list needs it. */
export const messageBrief = z.object({
  id: z.string(),
  kind: z.enum(['inbound', 'outbound', 'note', 'system']),
  author_id: z.string().nullable(),
  snippet: z.string(),
  /** ISO 8601 in UTC. */
  at: z.string(),
});

/** A thread with a contact in an inbox, or a direct one among members. */
export const conversationRow = z.object({
  id: z.string(),
  version: z.int(),
  kind: z.enum(['contact', 'direct']),
  /** Null for a direct conversation. */
  inbox_id: z.string().nullable(),
  contact: contactBrief.nullable(),
  /** User ids of a direct conversation, in the order of their ids; empty otherwise. */
  participants: z.array(z.string()),
  subject: z.string(),
  status: conversationStatus,
  /** ISO 8601 in UTC; only of a snoozed one. */
  snoozed_until: z.string().nullable(),
  /** When it was closed or archived, ISO 8601 in UTC. */
  resolved_at: z.string().nullable(),
  /** User id. */
  assignee_id: z.string().nullable(),
  labels: z.array(z.string()),
  last_message: messageBrief.nullable(),
  /** ISO 8601 in UTC. */
  last_activity_at: z.string(),
  /** Orders conversations by last activity: the id of what happened last. */
  activity: z.string(),
  /** Offset at which the last message arrived that answers take notice of: one from the contact or to them. */
  answer_offset: z.int(),
  /** Offset at which the last message arrived that can be unread; 0 when none did. */
  inbound_offset: z.int(),
  /** Until when free text may be sent, ISO 8601 in UTC, where the channel knows such a window. */
  reply_until: z.string().nullable(),
  created_at: z.string(),
});
export type ConversationRow = z.infer<typeof conversationRow>;

/** A conversation that somebody has not read to its end, as it stands on their own channel `unread`. */
export const unreadRow = conversationRow.extend({
  /** Messages after their read cursor, 1 or more. */
  unread: z.int(),
  /** Id of the first of them. */
  first_unread: z.string(),
});
export type UnreadRow = z.infer<typeof unreadRow>;
