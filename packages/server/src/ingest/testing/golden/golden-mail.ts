/** A mail as a program of this world writes it, and all that a reader sees of it, written down by hand. */
export interface GoldenMail {
  readonly name: string;
  readonly source: Buffer;
  readonly reads: GoldenReading;
}

export interface GoldenReading {
  readonly from: string;
  readonly subject: string;
  readonly text: string | null;
  readonly html: string | null;
  /** All of them, in their order; none when left out. */
  readonly attachments?: readonly GoldenAttachment[];
  /** The sentence as it is; null when left out, which is a mail that is read without a word. */
  readonly problem?: string | null;
}

export interface GoldenAttachment {
  readonly filename: string;
  readonly content_type: string;
  readonly content_id: string | null;
  readonly inline: boolean;
  readonly bytes: Buffer;
}

/**
 * A mail as it stands: every line loses the indentation of the first one and ends in CRLF. Bytes that are no UTF-8
 * are put in as buffers.
 */
export function eml(texts: TemplateStringsArray, ...inside: readonly (Buffer | string)[]): Buffer {
  const raw = texts.raw.map((text) => text.replaceAll('\\`', '`'));
  const indent = /^\n( *)/.exec(raw[0] ?? '')?.[1] ?? '';
  const pieces = raw.flatMap((text, at) => {
    const lines = text.replaceAll(`\n${indent}`, '\n').replaceAll('\n', '\r\n');
    return [Buffer.from(lines), Buffer.from(inside[at] ?? '')];
  });
  const whole = Buffer.concat(pieces);
  return whole.subarray(whole.indexOf('\n') + 1, whole.lastIndexOf('\n') + 1);
}

/** A file beside the words. */
export function file(filename: string, content_type: string, content: Buffer | string): GoldenAttachment {
  return { filename, content_type, content_id: null, inline: false, bytes: Buffer.from(content) };
}

/** One that is shown among them. */
export function inline(
  filename: string,
  content_type: string,
  content_id: string | null,
  content: Buffer | string,
): GoldenAttachment {
  return { filename, content_type, content_id, inline: true, bytes: Buffer.from(content) };
}

/** Lines as they stand in a mail. */
export function crlf(...lines: readonly string[]): string {
  return lines.join('\r\n');
}

export const hex = (digits: string) => Buffer.from(digits, 'hex');
export const base64 = (digits: string) => Buffer.from(digits, 'base64');

/** The smallest picture there is: one transparent pixel. */
export const PIXEL = 'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7';
