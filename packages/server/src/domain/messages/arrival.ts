import { normalAddress } from '@roost/protocol';
import { messageContent, messagePart } from '@roost/protocol/schema';
import { z } from 'zod';
import { mailReport } from '../outbox/returned.ts';

const digest = z.string().regex(/^[0-9a-f]{64}$/);

/** A message as it arrived: read, its blobs stored and synced, not yet in the store. */
export const arrival = z.object({
  /** For mail: recipients in normal form, each once; they say which inbox it is for. */
  to: z.array(z.string().max(320).refine(isListed, 'This address cannot be listed.')),
  /** The inbox it came to, where no recipient says so. */
  inbox_id: z.string().nullable().default(null),
  /** Who wrote it, where `from` is not a mail address. */
  sender: z
    .object({ kind: z.enum(['email', 'phone', 'external']), value: z.string().min(1), name: z.string() })
    .nullable()
    .default(null),
  /** `MAIL FROM` of the envelope it came in: '' for the null return path; null where no envelope is known. */
  envelope_from: z.string().max(1_000).nullable().default(null),
  from: z.string(),
  subject: z.string(),
  snippet: z.string(),
  /** All that a short message says; null for mail, whose text is opened with it. */
  text: z.string().nullable().default(null),
  parts: z.array(messagePart).default([]),
  /** `external_id` of the message that this one answers. */
  reply_to_external_id: z.string().nullable().default(null),
  /** What it tells of a mail of ours, where it is a delivery report. */
  report: mailReport.nullable().default(null),
  size_bytes: z.int().min(0),
  /** Recognises the same message delivered again to the same inbox; null when nothing does. */
  external_id: z.string().nullable(),
  content: messageContent.omit({ has_source: true }),
  /** Blob of the message as it came; null for one that came as fields. */
  source: digest.nullable(),
  /** Blob of each attachment, in the order of `content.attachments`. */
  attachment_blobs: z.array(digest),
  problem: z.string().nullable(),
});
/** As it is once what was left out has its default. */
export type ArrivalRead = z.output<typeof arrival>;
/** As an edge writes it: what it leaves out has a default. */
export type Arrival = z.input<typeof arrival>;

/** As lists compare addresses: in normal form, and of characters that every store keeps as they are. */
function isListed(address: string): boolean {
  return address === normalAddress(address) && !/[\p{Cc}\p{Cs}]/u.test(address);
}
