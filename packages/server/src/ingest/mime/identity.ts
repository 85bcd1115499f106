import { createHash } from 'node:crypto';
import { firstField, type HeaderBlock, type HeaderField } from './header-block.ts';
import { cutChars } from './text.ts';

const LF = 10;
const CR = 13;
const MESSAGE_ID_SHOWN_CHARS = 200;

/**
 * Names a mail so that the same one delivered again has the same name, whatever path it took: headers that relays
 * add and the form of line ends make no difference. Another body under a Message-ID seen before is another mail.
 *
 * @returns null when the mail has neither Message-ID nor Date: nothing then tells a mail delivered twice from one
 *   sent twice, and showing one too many is better than showing one too few
 */
export function identityOf(source: Buffer, block: HeaderBlock, messageId: string | null): string | null {
  const date = firstField(block, 'date');
  if (messageId === null && date === null) return null;
  const hash = createHash('sha256');
  for (const field of [firstField(block, 'from'), date, firstField(block, 'subject')])
    hash.update(line(field));
  hash.update(`${messageId ?? ''}\n`);
  hash.update(withPlainLineEnds(source.subarray(block.bodyStart)));
  return `${cutChars(messageId ?? '', MESSAGE_ID_SHOWN_CHARS)} sha256:${hash.digest('hex')}`.trim();
}

function line(field: HeaderField | null): string {
  return field === null ? '\n' : `${field.raw.toString('latin1').replace(/\s+/g, ' ').trim()}\n`;
}

/** SMTP sends CRLF, a pipe LF; one may add a last line end that the other lacks. */
function withPlainLineEnds(body: Buffer): Buffer {
  let end = body.length;
  while (end > 0 && (body[end - 1] === LF || body[end - 1] === CR)) end -= 1;
  if (!body.includes(CR)) return body.subarray(0, end);
  const plain = Buffer.allocUnsafe(end);
  let length = 0;
  for (let at = 0; at < end; at++) {
    const byte = body[at] as number;
    if (byte === CR && body[at + 1] === LF) continue;
    plain[length] = byte;
    length += 1;
  }
  return plain.subarray(0, length);
}
