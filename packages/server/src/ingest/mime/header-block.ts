import { isUtf8 } from 'node:buffer';
import libmime from 'libmime';
import { decodeText } from './charset.ts';
import {
  HEADER_BLOCK_MAX_LINES,
  HEADER_RAW_MAX_BYTES,
  HEADER_VALUE_MAX_BYTES,
  HEADERS_MAX,
} from './limits.ts';
import { cutBytes, oneLine } from './text.ts';

/** One header line as it came, unfolded. */
export interface HeaderField {
  readonly name: string;
  /** Bytes after the colon, in one line. */
  readonly raw: Buffer;
}

export interface HeaderBlock {
  /** In their order, at most 500. */
  readonly fields: readonly HeaderField[];
  /** Where in the source the body begins. */
  readonly bodyStart: number;
  readonly problems: readonly string[];
}

const LF = 10;
const COLON = 58;

/**
 * The lines before the first empty one. Lines that are no headers are skipped where headers go on after them;
 * otherwise the body begins there, as it does in mail written by hand or cut off at the front.
 */
export function readHeaderBlock(source: Buffer): HeaderBlock {
  const fields: { name: string; lines: Buffer[] }[] = [];
  const problems = new Set<string>();
  let beyond = 0;
  let at = startOfHeaders(source);
  for (let lines = 0; at < source.length; lines++) {
    const line = lineAt(source, at);
    if (line.isEmpty) {
      at = line.next;
      break;
    }
    const field = headerAt(source, at, line.end);
    if (field) {
      if (fields.length < HEADERS_MAX) fields.push({ name: field.name, lines: [field.value] });
      else beyond += 1;
    } else if (isBlank(source[at]) && fields.length > 0) {
      if (beyond === 0) fields.at(-1)?.lines.push(source.subarray(at, line.end));
    } else {
      const after = lineAt(source, line.next);
      const goesOn = !after.isEmpty && headerAt(source, line.next, after.end) !== null;
      if (!goesOn || lines >= HEADER_BLOCK_MAX_LINES) {
        problems.add(fields.length === 0 ? 'It has no headers.' : 'No empty line ends the headers.');
        break;
      }
      if (!isMailboxMark(source, at)) problems.add('A header line could not be read.');
    }
    if (lines >= HEADER_BLOCK_MAX_LINES) {
      problems.add('The headers do not end.');
      break;
    }
    at = line.next;
  }
  if (beyond > 0) problems.add(`It has more than ${HEADERS_MAX} headers; the rest is in the source.`);
  return {
    fields: fields.map(({ name, lines }) => ({ name, raw: unfold(lines) })),
    bodyStart: Math.min(at, source.length),
    problems: [...problems],
  };
}

/** Some senders begin with empty lines; they are skipped when a header follows. */
function startOfHeaders(source: Buffer): number {
  let at = 0;
  for (
    let line = lineAt(source, at);
    line.isEmpty && at < source.length && at < 16;
    line = lineAt(source, at)
  ) {
    at = line.next;
  }
  return at > 0 && headerAt(source, at, lineAt(source, at).end) ? at : 0;
}

/** `end` excludes the line's end, `next` includes it; a lone carriage return ends nothing. */
function lineAt(source: Buffer, at: number): { end: number; next: number; isEmpty: boolean } {
  const feed = source.indexOf(LF, at);
  const next = feed === -1 ? source.length : feed + 1;
  let end = feed === -1 ? source.length : feed;
  if (end > at && source[end - 1] === 13) end -= 1;
  return { end, next, isEmpty: end <= at };
}

const NAME_MAX_BYTES = 200;

function headerAt(source: Buffer, at: number, end: number): { name: string; value: Buffer } | null {
  let colon = at;
  while (colon < end && colon - at <= NAME_MAX_BYTES && source[colon] !== COLON) {
    const byte = source[colon] as number;
    // Printable ASCII is a name; blanks may stand before the colon, as old senders wrote them.
    if (byte < 0x20 && byte !== 9) return null;
    if (byte > 0x7e) return null;
    colon += 1;
  }
  if (source[colon] !== COLON || colon >= end) return null;
  const name = source.toString('latin1', at, colon).trimEnd();
  if (name === '' || /\s/.test(name)) return null;
  return { name, value: source.subarray(colon + 1, end) };
}

function isBlank(byte: number | undefined): boolean {
  return byte === 32 || byte === 9;
}

/** `From ann@example.org Mon Jan 1 …`, or the same made harmless, before or among the headers. */
function isMailboxMark(source: Buffer, at: number): boolean {
  return /^>?From /.test(source.toString('latin1', at, at + 6));
}

function unfold(lines: readonly Buffer[]): Buffer {
  const [first] = lines;
  if (lines.length === 1 && first) return trimmed(first.subarray(0, HEADER_RAW_MAX_BYTES));
  const pieces: Buffer[] = [];
  let size = 0;
  for (const line of lines) {
    if (size > HEADER_RAW_MAX_BYTES) break;
    const piece = trimmed(line.subarray(0, HEADER_RAW_MAX_BYTES));
    size += piece.length + 1;
    pieces.push(SPACE, piece);
  }
  return Buffer.concat(pieces.slice(1)).subarray(0, HEADER_RAW_MAX_BYTES);
}
const SPACE = Buffer.from(' ');

function trimmed(line: Buffer): Buffer {
  let start = 0;
  let end = line.length;
  while (start < end && isBlank(line[start])) start += 1;
  while (end > start && (isBlank(line[end - 1]) || line[end - 1] === 13)) end -= 1;
  return line.subarray(start, end);
}

/** The first one, as every reader of mail takes it. */
export function firstField(block: HeaderBlock, name: string): HeaderField | null {
  return block.fields.find((field) => field.name.toLowerCase() === name) ?? null;
}

/**
 * What a header says, on one line, at most 8 KiB.
 *
 * @param charset  for bytes that are neither ASCII nor UTF-8, which nothing labels: usually the body's
 */
export function decodeField(field: HeaderField, charset: string): string {
  const words = decodeWords(rawText(field.raw, charset));
  const value = cutBytes(oneLine(words), HEADER_VALUE_MAX_BYTES);
  return value;
}

/** The header's bytes as text, encoded words left as they are. */
export function rawText(raw: Buffer, charset: string): string {
  if (isUtf8(raw)) return raw.toString('utf8');
  const guess = decodeText(raw, charset);
  return guess.problem === null ? guess.text : decodeText(raw, 'windows-1252').text;
}

function decodeWords(text: string): string {
  if (!text.includes('=?')) return text;
  try {
    return libmime.decodeWords(text.replaceAll('\0', ' '));
  } catch {
    return text;
  }
}
