import { z } from 'zod';
import { contactRow } from './entities/contact.ts';
import { conversationRow } from './entities/conversation.ts';
import { messageRow } from './entities/message.ts';

export const foundKind = z.enum(['contact', 'conversation', 'message', 'note']);
export type FoundKind = z.infer<typeof foundKind>;

/** Something that was found, with the part of it that was looked for. */
export const searchHit = z.object({
  kind: foundKind,
  id: z.string(),
  /** When it was said, or last changed: ISO 8601 in UTC. */
  at: z.string(),
  /** Of a conversation, a message or a note; null for a contact and for mail without conversations. */
  conversation: conversationRow.nullable(),
  message: messageRow.nullable(),
  contact: contactRow.nullable(),
  excerpt: z.object({
    /** Plain text, never markup. */
    text: z.string(),
    /** Where the words stand in it: UTF-16 code units, `end` not included. */
    highlights: z.array(z.object({ start: z.int(), end: z.int() })),
  }),
});
export type SearchHit = z.infer<typeof searchHit>;

/** The newest first. A page may hold fewer than were asked for, or none, and `next` all the same. */
export const searchPage = z.object({
  rows: z.array(searchHit),
  next: z.string().nullable(),
  has_more: z.boolean(),
});
export type SearchPage = z.infer<typeof searchPage>;
