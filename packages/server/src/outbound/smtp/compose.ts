import { Readable } from 'node:stream';
import type { SendMailOptions } from 'nodemailer';
import type { OutgoingPayload } from '../transport.ts';

/** What readers of mail need to keep a thread together; more only makes headers long. */
const REFERENCES_MAX = 20;

/** Streams the bytes of a blob. */
export type ReadBlob = (digest: string) => Readable;

/** A mail as the mail library takes it. Attachments are opened when they are read, and never before. */
export function composeMail(payload: OutgoingPayload, at: Date, readBlob: ReadBlob): SendMailOptions {
  const answered = messageIdIn(payload.reply_to_external_id ?? '');
  const references = threadOf(payload.references, answered);
  const messageId = messageIdIn(payload.message_id_header ?? '');
  return {
    from: payload.from,
    to: [payload.to],
    ...(payload.cc?.length ? { cc: payload.cc.map((one) => ({ ...one })) } : {}),
    subject: payload.subject ?? '',
    date: at,
    ...(messageId === null ? {} : { messageId }),
    ...(answered === null ? {} : { inReplyTo: answered }),
    ...(references.length === 0 ? {} : { references }),
    text: payload.text,
    ...(payload.automatic ? asAutomatic(payload) : {}),
    ...(payload.html ? { html: payload.html } : {}),
    attachments: payload.attachments.map(({ filename, content_type, blob }) => ({
      filename,
      contentType: content_type,
      content: opensWhenRead(() => readBlob(blob)),
    })),
    // What people write is never taken for a path or an address to fetch.
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

/** RFC 3834, 3: named as what it is, and with the null return path, so that no report of it comes back. */
function asAutomatic({ to, cc = [] }: OutgoingPayload): SendMailOptions {
  return {
    headers: {
      'Auto-Submitted': 'auto-replied',
      Precedence: 'bulk',
      'X-Auto-Response-Suppress': 'All',
    },
    envelope: { from: '', to: [to, ...cc].map(({ address }) => address) },
  };
}

/** The first of the thread, then its newest, the answered one last: as RFC 5322, 3.6.4 has it. */
function threadOf(references: readonly string[], answered: string | null): string[] {
  const ids = [...references.map(messageIdIn), answered].filter((id) => id !== null);
  // The same id again counts where it stands last.
  const thread = [...new Set(ids.reverse())].reverse();
  const [first] = thread;
  if (thread.length <= REFERENCES_MAX || first === undefined) return thread;
  return [first, ...thread.slice(1 - REFERENCES_MAX)];
}

/** With its angle brackets, and nothing that could end a header. */
function messageIdIn(text: string): string | null {
  const id = /<[^<>\s\p{Cc}]+>/u.exec(text)?.[0] ?? null;
  if (id !== null) return id;
  return /^[^<>\s\p{Cc}]+@[^<>\s\p{Cc}]+$/u.test(text) ? `<${text}>` : null;
}

function opensWhenRead(open: () => Readable): Readable {
  return Readable.from(
    (async function* () {
      yield* open();
    })(),
    { objectMode: false },
  );
}
