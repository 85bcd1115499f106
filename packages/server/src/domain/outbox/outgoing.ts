import { z } from 'zod';

const party = z.object({
  /** A mail address, or a phone number in E.164. */
  address: z.string(),
  /** '' when none is known. */
  name: z.string(),
});

/** All that a transport needs to hand a message over: written with the message, and not changed after. */
export const outgoingPayload = z.object({
  from: party,
  to: party,
  /** More recipients, mail only. */
  cc: z.array(party).max(100).optional(),
  /** Mail only; null where messages have none. */
  subject: z.string().nullable(),
  text: z.string(),
  html: z.string().nullable().optional(),
  /** The provider's id of the message answered; for mail its Message-ID, with angle brackets. */
  reply_to_external_id: z.string().nullable(),
  /** Message-IDs of the thread, oldest first, each with its angle brackets. */
  references: z.array(z.string()),
  /** Our Message-ID with its angle brackets, made when the message was written; null where mail is not meant. */
  message_id_header: z.string().nullable(),
  /** The server's own answer, mail only: it says so of itself, and nobody is to answer it, nor to send it back. */
  automatic: z.boolean().optional(),
  template: z.object({ name: z.string(), language: z.string(), parameters: z.array(z.string()) }).nullable(),
  attachments: z.array(
    z.object({
      filename: z.string(),
      content_type: z.string(),
      /** Digest of the blob. */
      blob: z.string().regex(/^[0-9a-f]{64}$/),
      size_bytes: z.int().min(0),
    }),
  ),
});
export type OutgoingPayload = z.infer<typeof outgoingPayload>;

/** What carries messages out. Messages among members and to a host application's visitors need no carrier. */
export const carrier = z.enum(['mail', 'whatsapp']);
export type Carrier = z.infer<typeof carrier>;

/** A message under way out, as its outbox row holds it. */
export interface Outgoing {
  readonly org: string;
  readonly message_id: string;
  readonly inbox_id: string;
  readonly via: Carrier;
  /** This attempt's number, from 1. */
  readonly attempts: number;
  readonly payload: OutgoingPayload;
}
