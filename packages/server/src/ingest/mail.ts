import { normalAddress } from '@roost/protocol';
import type { Arrival } from '../domain/index.ts';
import type { Blobs } from '../store/blobs/index.ts';
import { readReport } from './bounce/dsn.ts';
import type { ParsedAttachment, ParsedMail, ParseMail } from './mime.ts';

export interface MailNeeds {
  readonly blobs: Pick<Blobs, 'put'>;
  readonly parse: ParseMail;
}

/**
 * A mail made ready for the store: read, its source and its attachments stored and synced. Broken mail arrives too.
 *
 * @param to  envelope recipients, as they were written
 * @throws store.full, store.unavailable, request.too_many  nothing may be acknowledged; blobs already there are swept
 */
export async function mailToArrival(
  source: Buffer,
  to: readonly string[],
  needs: MailNeeds,
): Promise<Arrival> {
  const { blobs, parse } = needs;
  const [sourceBlob, { mail, attachmentBlobs }] = await Promise.all([
    blobs.put(source),
    parse(source).then(async (mail) => ({
      mail,
      attachmentBlobs: await Promise.all(mail.attachments.map(({ bytes }) => blobs.put(bytes))),
    })),
  ]);
  return {
    to: [...new Set(to.map(normalAddress))],
    from: mail.from,
    subject: mail.subject,
    snippet: mail.snippet,
    ...reportIn(mail),
    size_bytes: source.length,
    external_id: mail.identity,
    content: {
      headers: [...mail.headers],
      text: mail.text,
      html: mail.html,
      attachments: mail.attachments.map(described),
      truncated: mail.truncated,
    },
    source: sourceBlob,
    attachment_blobs: attachmentBlobs,
    problem: mail.problem,
  };
}

/** What it tells of a mail of ours; nothing when it tells of none. */
function reportIn(mail: ParsedMail): Pick<Arrival, 'report'> {
  const report = readReport(mail);
  if (report === null || report.message_ids.length === 0) return {};
  const { kind, message_ids, says } = report;
  return { report: { kind, message_ids: [...message_ids], says } };
}

function described({ bytes, ...attachment }: ParsedAttachment, index: number) {
  return { index, ...attachment, size_bytes: bytes.length };
}
