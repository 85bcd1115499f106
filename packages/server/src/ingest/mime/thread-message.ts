import type { ParsedMail } from '../mime.ts';

/** A mail handed to the thread; its bytes are the thread's alone. */
export interface ToParse {
  readonly source: Uint8Array<ArrayBuffer>;
}

/** Bytes lose their class on the way between threads. */
export function withBuffers(mail: ParsedMail): ParsedMail {
  const attachments = mail.attachments.map((attachment) => {
    const { buffer, byteOffset, byteLength } = attachment.bytes;
    return { ...attachment, bytes: Buffer.from(buffer, byteOffset, byteLength) };
  });
  return { ...mail, attachments };
}

/** What can be moved instead of copied: memory that belongs to one attachment alone. */
export function movable(mail: ParsedMail): ArrayBuffer[] {
  const owned = mail.attachments
    .map(({ bytes }) => bytes)
    .filter(({ buffer, byteLength }) => buffer instanceof ArrayBuffer && buffer.byteLength === byteLength)
    .map(({ buffer }) => buffer as ArrayBuffer);
  return [...new Set(owned)];
}
