import type { Readable } from 'node:stream';
import { type ArchivedMail, PLAIN, type ReadOptions, tooBig } from './archived-mail.ts';
import { takeMark } from './mark.ts';
import { stateInHeader } from './state-in-header.ts';

const LF = 10;
const CR = 13;
const GREATER = 62;
const FROM = Buffer.from('From ');
/** A separator tells a time of day; text that merely begins with “From ” hardly ever does. */
const SEPARATOR = /^From .*\d{1,2}:\d{2}/;
const SEPARATOR_MAX_BYTES = 1_000;

/**
 * The mails of an mbox, as mboxrd and mboxo write it, from a separator on. Line ends stay as they are; what an own
 * export says of a mail comes off it again.
 *
 * @param bytes  begins at `options.from`
 */
export async function* readMbox(bytes: Readable, options: ReadOptions): AsyncGenerator<ArchivedMail> {
  let offset = options.from;
  let mail: MailBytes | null = null;
  let isAfterBlank = true;
  let isLineStart = true;
  for await (const line of linesOf(bytes)) {
    options.signal.throwIfAborted();
    if (isLineStart && isAfterBlank && isSeparator(line, offset === 0)) {
      if (mail) yield finished(mail, offset, options);
      mail = new MailBytes(offset, options);
    } else {
      // What stands before the first separator belongs to no mail.
      mail?.add(isLineStart ? unescaped(line) : line);
    }
    isAfterBlank = isLineStart && isBlank(line);
    isLineStart = line.at(-1) === LF;
    offset += line.length;
  }
  if (mail) yield finished(mail, offset, options);
}

/** Writes mboxrd: what looks like a separator, or like one escaped before, gets one more “>”. */
export function* mboxLines(source: Buffer): Generator<Buffer> {
  let at = 0;
  while (at < source.length) {
    const end = source.indexOf(LF, at);
    const line = source.subarray(at, end === -1 ? source.length : end + 1);
    if (isEscapedFrom(line, 0)) yield Buffer.from('>');
    yield line;
    at += line.length;
  }
}

class MailBytes {
  private parts: Buffer[] = [];
  size = 0;

  constructor(
    readonly offset: number,
    private readonly options: ReadOptions,
  ) {}

  add(line: Buffer): void {
    this.size += line.length;
    if (this.options.countsOnly || this.isTooBig) this.parts = [];
    else this.parts.push(line);
  }

  /** Room for what comes off again: the mark of an export and the last line end. */
  get isTooBig(): boolean {
    return this.size > this.options.mailMaxBytes + (64 << 10);
  }

  take(): Buffer {
    return Buffer.concat(this.parts);
  }
}

function finished(mail: MailBytes, next: number, options: ReadOptions): ArchivedMail {
  const at = { next, name: `the mail at byte ${mail.offset}` };
  if (options.countsOnly) return { ...at, source: null, state: PLAIN, problem: null };
  if (mail.isTooBig)
    return { ...at, source: null, state: PLAIN, problem: tooBig(mail.size, options.mailMaxBytes) };
  const written = mail.take();
  const marked = takeMark(written);
  if (marked) return { ...at, ...marked, problem: null };
  const source = withoutLastBlank(written);
  if (source.length === 0) return { ...at, source: null, state: PLAIN, problem: 'it is empty' };
  return { ...at, source, state: stateInHeader(source), problem: null };
}

/** The empty line before the next separator is none of the mail's own. */
function withoutLastBlank(bytes: Buffer): Buffer {
  let end = bytes.length;
  if (bytes[end - 1] === LF) end -= bytes[end - 2] === CR ? 2 : 1;
  const isBlankLast = end === 0 || bytes[end - 1] === LF;
  return isBlankLast ? bytes.subarray(0, end) : bytes;
}

function isSeparator(line: Buffer, isFirst: boolean): boolean {
  if (!line.subarray(0, FROM.length).equals(FROM)) return false;
  return isFirst || SEPARATOR.test(line.subarray(0, SEPARATOR_MAX_BYTES).toString('latin1'));
}

function unescaped(line: Buffer): Buffer {
  return isEscapedFrom(line, 1) ? line.subarray(1) : line;
}

/** Whether the line is “From ” after at least so many “>”. */
function isEscapedFrom(line: Buffer, least: number): boolean {
  let at = 0;
  while (line[at] === GREATER) at += 1;
  return at >= least && line.subarray(at, at + FROM.length).equals(FROM);
}

function isBlank(line: Buffer): boolean {
  return line.length <= 2 && (line[0] === LF || (line[0] === CR && line[1] === LF));
}

/** Lines with their ends; a very long one in several pieces, of which the last alone has an end. */
async function* linesOf(bytes: Readable): AsyncGenerator<Buffer> {
  const LINE_MAX_BYTES = 64 << 10;
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of bytes as AsyncIterable<Buffer>) {
    const all: Buffer = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let at = 0;
    for (let end = all.indexOf(LF); end !== -1; end = all.indexOf(LF, at)) {
      yield all.subarray(at, end + 1);
      at = end + 1;
    }
    rest = all.subarray(at);
    if (rest.length > LINE_MAX_BYTES) {
      yield rest;
      rest = Buffer.alloc(0);
    }
  }
  if (rest.length > 0) yield rest;
}
