import type { AddressObject, EmailAddress } from 'mailparser';
import { type Clock, systemClock } from '../clock.ts';
import { bodyHeadOf } from './mime/body-head.ts';
import { safeFilename } from './mime/filename.ts';
import { decodeField, firstField, type HeaderBlock, readHeaderBlock } from './mime/header-block.ts';
import { identityOf } from './mime/identity.ts';
import { ADDRESS_MAX_CHARS, LINES_MAX, SUBJECT_MAX_CHARS } from './mime/limits.ts';
import { mend } from './mime/mend.ts';
import { type FoundAttachment, isContentType, type Parts, readParts } from './mime/parts.ts';
import { snippetOf } from './mime/snippet.ts';
import { cutChars, oneLine, withoutDirections } from './mime/text.ts';
import { wordsOf } from './mime/words.ts';

/** A mail as far as it could be read. Every text can be stored: no NUL, no half of a surrogate pair. */
export interface ParsedMail {
  /** With its angle brackets. */
  readonly message_id: string | null;
  /** `Ann Lee <ann@example.org>`, the header as it stands when it names no address, '' when there is none. */
  readonly from: string;
  readonly subject: string;
  /** First words, one line of at most 200 characters. */
  readonly snippet: string;
  /** In their order, decoded, at most 500 of at most 8 KiB. */
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  /** At most 512 KiB; null when no part is text. */
  readonly text: string | null;
  /** At most 512 KiB, as it came: not made safe to show. Null when no part is HTML. */
  readonly html: string | null;
  /** True when text or html was cut at its limit. */
  readonly truncated: boolean;
  readonly attachments: readonly ParsedAttachment[];
  /** What could not be read, in words; null when everything could. */
  readonly problem: string | null;
  /** The same for the same mail delivered again; null when nothing recognises it. */
  readonly identity: string | null;
}

export interface ParsedAttachment {
  /** Safe to save under: no path, nothing invisible. */
  readonly filename: string;
  readonly content_type: string;
  /** Without its angle brackets. */
  readonly content_id: string | null;
  /** True when the mail wants it shown among its words. */
  readonly inline: boolean;
  readonly bytes: Buffer;
}

export type ParseMail = (source: Buffer) => Promise<ParsedMail>;

/** Reads a mail. Never rejects: of a broken one there is what could be read, and `problem` says what could not. */
export async function parseMail(source: Buffer, clock: Clock = systemClock): Promise<ParsedMail> {
  try {
    return await read(source, clock);
  } catch {
    return unreadMail(source, 'It could not be read.');
  }
}

async function read(source: Buffer, clock: Clock): Promise<ParsedMail> {
  if (source.length === 0) return unreadMail(source, 'The mail is empty.');
  const block = readHeaderBlock(source);
  const whole = source.subarray(block.bodyStart);
  const body = whole.subarray(0, endOfLine(whole, LINES_MAX));
  const { head, charset, problems } = bodyHeadOf(block, body);
  const parts = await readMended(head, body, clock);
  const words = wordsOf(parts.tree);
  const tooLong = body.length < whole.length ? [`It has more than ${LINES_MAX} lines.`] : [];
  return {
    ...readHeaders(source, block, charset, parts.from),
    ...words,
    snippet: snippetOf(words.text, words.html),
    truncated: words.truncated || parts.truncated || tooLong.length > 0,
    attachments: parts.attachments.map(toAttachment),
    problem: inWords([...block.problems, ...problems, ...tooLong, ...parts.problems]),
  };
}

/** A mail that was not taken apart: its headers, and why. For what must be stored all the same. */
export function unreadMail(source: Buffer, problem: string): ParsedMail {
  const nothing = { snippet: '', text: null, html: null, truncated: false, attachments: [], problem };
  try {
    return { ...readHeaders(source, readHeaderBlock(source), '', null), ...nothing };
  } catch {
    return { message_id: null, from: '', subject: '', headers: [], identity: null, ...nothing };
  }
}

/** Reads the parts, and once more where an inner group of them has no end. */
async function readMended(head: Buffer, body: Buffer, clock: Clock): Promise<Parts> {
  const parts = await readParts(head, body, clock);
  const { isCutOff, body: mended } = mend(body, parts.groups);
  if (!isCutOff) return parts;
  const better = mended === null ? parts : await readParts(head, mended, clock);
  return {
    ...better,
    problems: [...better.problems, 'A group of parts has no end; it may have been cut off.'],
  };
}

function readHeaders(source: Buffer, block: HeaderBlock, charset: string, from: AddressObject | null) {
  const said = (name: string) => {
    const field = firstField(block, name);
    return field === null ? '' : decodeField(field, charset);
  };
  const messageId = messageIdIn(said('message-id'));
  const author = from === null ? '' : inOneLine(from.value);
  return {
    message_id: messageId,
    from: cutChars(oneLine(withoutDirections(author === '' ? said('from') : author)), ADDRESS_MAX_CHARS),
    subject: cutChars(said('subject'), SUBJECT_MAX_CHARS),
    headers: block.fields.map((field) => ({ name: field.name, value: decodeField(field, charset) })),
    identity: identityOf(source, block, messageId),
  };
}

function messageIdIn(text: string): string | null {
  const id = (/<[^<>]+>/.exec(text)?.[0] ?? text).replace(/\s+/g, '');
  return id === '' ? null : cutChars(id, ADDRESS_MAX_CHARS);
}

/** '' when no address and no name is among them. */
function inOneLine(addresses: readonly EmailAddress[]): string {
  return addresses
    .map(({ name, address, group }) => {
      if (group) return `${name}: ${inOneLine(group)};`;
      return name && address ? `${name} <${address}>` : address || name;
    })
    .filter((text) => text !== '')
    .join(', ');
}

function toAttachment(found: FoundAttachment, index: number): ParsedAttachment {
  const type = found.contentType.toLowerCase().trim();
  const contentType = isContentType(type) ? cutChars(oneLine(type), 200) : 'application/octet-stream';
  return {
    filename: safeFilename(found.filename, contentType, index),
    content_type: contentType,
    content_id:
      found.contentId === null ? null : cutChars(oneLine(found.contentId), ADDRESS_MAX_CHARS) || null,
    inline: found.inline,
    bytes: found.bytes,
  };
}

/** Where the line of this number ends, or the text's end when it has fewer. */
function endOfLine(text: Buffer, line: number): number {
  let lines = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === 10) lines += 1;
    if (lines >= line) return at + 1;
  }
  return text.length;
}

const PROBLEM_MAX_CHARS = 500;

function inWords(problems: readonly string[]): string | null {
  return problems.length === 0 ? null : cutChars([...new Set(problems)].join(' '), PROBLEM_MAX_CHARS);
}
