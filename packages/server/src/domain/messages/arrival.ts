import { normalAddress } from '@roost/protocol';
import { messageContent } from '@roost/protocol/schema';
import { z } from 'zod';

const digest = z.string().regex(/^[0-9a-f]{64}$/);

/** A message as it arrived: read, its blobs stored and synced, not yet in the store. */
export const arrival = z.object({
  /** Recipients in normal form, each once. */
  to: z.array(z.string().max(320).refine(isListed, 'This address cannot be listed.')).min(1),
  from: z.string(),
  subject: z.string(),
  snippet: z.string(),
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
export type Arrival = z.infer<typeof arrival>;

/** As lists compare addresses: in normal form, and of characters that every store keeps as they are. */
function isListed(address: string): boolean {
  return address === normalAddress(address) && !/[\p{Cc}\p{Cs}]/u.test(address);
}
