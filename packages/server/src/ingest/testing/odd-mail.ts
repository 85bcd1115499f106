import type { ParsedMail } from '../mime.ts';

/** A mail as it may come, and what a reader should see of it. */
export interface OddMail {
  readonly name: string;
  readonly source: Buffer;
  readonly reads: Partial<
    Pick<ParsedMail, 'from' | 'subject' | 'message_id' | 'text' | 'html' | 'snippet' | 'truncated'>
  > & {
    readonly attachments?: readonly Partial<SeenAttachment>[];
    /** Matches what is said about it; null when it is read without a word. */
    readonly problem: RegExp | null;
  };
}

export interface SeenAttachment {
  readonly filename: string;
  readonly content_type: string;
  readonly content_id: string | null;
  readonly inline: boolean;
  /** Its bytes, as text. */
  readonly says: string;
}

type Piece = string | Buffer;

/** Lines joined by CRLF; strings are UTF-8, buffers go in as they are. */
export function lines(...pieces: Piece[]): Buffer {
  return Buffer.concat(pieces.flatMap((piece) => [Buffer.from(piece), CRLF]));
}
const CRLF = Buffer.from('\r\n');

/** One line of mixed text and bytes. */
export function bytes(...pieces: Piece[]): Buffer {
  return Buffer.concat(pieces.map((piece) => Buffer.from(piece)));
}

export const hex = (digits: string) => Buffer.from(digits, 'hex');

/** A mail with the usual headers around the given ones. */
export function mail(headers: readonly Piece[], ...body: Piece[]): Buffer {
  return lines(
    'From: Ann Lee <ann@example.org>',
    'To: bob@example.net',
    'Subject: Hello',
    'Date: Mon, 01 Jan 2024 10:00:00 +0000',
    'Message-ID: <1@example.org>',
    'MIME-Version: 1.0',
    ...headers,
    '',
    ...body,
  );
}

/** A part of a multipart, from its delimiter on. */
export function part(boundary: string, headers: readonly Piece[], ...body: Piece[]): Buffer {
  return lines(`--${boundary}`, ...headers, '', ...body).subarray(0, -2);
}
