import { Transform, type TransformCallback } from 'node:stream';
import type { AddressObject, AttachmentStream } from 'mailparser';
import type { Clock } from '../../clock.ts';
import { decodeHtml, decodeText } from './charset.ts';
import { unflow } from './flowed.ts';
import {
  PARSE_DEADLINE_MS,
  PART_DEPTH_MAX,
  PART_HEAD_MAX_BYTES,
  PARTS_MAX,
  TEXT_MAX_BYTES,
  TEXT_RAW_MAX_BYTES,
} from './limits.ts';
import { type MailParserInside, newMailParser, type PartNode, type SplitPart } from './mailparser-inside.ts';
import { mendSplitter } from './splitter.ts';
import { cutBytes } from './text.ts';

export interface FoundAttachment {
  readonly filename: string;
  readonly contentType: string;
  readonly contentId: string | null;
  readonly inline: boolean;
  readonly bytes: Buffer;
}

/** A multipart: its delimiter, and those of the multiparts it stands in, innermost first. */
export interface Group {
  readonly boundary: Buffer;
  readonly around: readonly Buffer[];
}

export interface Parts {
  readonly from: AddressObject | null;
  /** The root of the parts, with the text of each; null when there was nothing to split. */
  readonly tree: PartNode | null;
  /** True when a text part was longer than is read. */
  readonly truncated: boolean;
  readonly attachments: readonly FoundAttachment[];
  readonly groups: readonly Group[];
  readonly problems: readonly string[];
}

const OPTIONS = {
  skipHtmlToText: true,
  skipTextToHtml: true,
  skipTextLinks: true,
  skipImageLinks: true,
  // A forwarded mail is an attachment, whole, whatever its disposition says.
  ignoreEmbedded: true,
  // What a delivery report holds for machines is no part of its words.
  keepDeliveryStatus: true,
  maxChildNodes: PARTS_MAX,
  maxHeadSize: PART_HEAD_MAX_BYTES,
};

const ENCODINGS = new Set(['', '7bit', '8bit', 'binary', 'quoted-printable', 'base64']);

/** In place of a charset, so that the parser leaves the decoding to us even where it would decode by itself. */
const OURS = 'text ';

/** How a part of text is to be read. */
interface TextKind {
  readonly charset: string;
  readonly isHtml: boolean;
  /** Whether its lines were cut to be sent, and whether the blanks at their ends are the sender's. */
  readonly flow: 'with-blanks' | 'without-blanks' | null;
}

const UNKNOWN_TEXT: TextKind = { charset: '', isHtml: false, flow: null };

/** Takes a mail apart. Never rejects: what went wrong is among `problems`, what was read until then is there. */
export function readParts(head: Buffer, body: Buffer, clock: Clock): Promise<Parts> {
  return new Promise((resolve) => new PartReader(resolve, clock).read(head, body));
}

class PartReader {
  private readonly parser: MailParserInside = newMailParser(OPTIONS);
  private readonly problems = new Set<string>();
  private readonly attachments: FoundAttachment[] = [];
  private readonly groups: Group[] = [];
  private readonly texts: TextKind[] = [];
  private readonly depths = new WeakMap<SplitPart, number>();
  private newest: SplitPart | null = null;
  private from: AddressObject | null = null;
  private truncated = false;
  private unread = 0;
  private ended = false;
  private failed = false;
  private stopClock = () => {};

  constructor(
    private readonly resolve: (parts: Parts) => void,
    private readonly clock: Clock,
  ) {}

  read(head: Buffer, body: Buffer): void {
    const { parser } = this;
    const createNode = parser.createNode.bind(parser);
    parser.createNode = (part) => this.open(part, createNode);
    mendSplitter(parser.splitter);
    parser.decoder = { decodeStream: (label) => this.textDecoder(label) };
    parser.getTextContent = () => ({ type: 'text' });
    parser.on('headers', (headers) => {
      const from = headers.get('from');
      if (from && typeof from === 'object' && 'value' in from && Array.isArray(from.value)) {
        this.from = from as AddressObject;
      }
    });
    parser.on('data', (found) => {
      if (found.type === 'attachment') this.take(found);
    });
    parser.splitter.on('error', (error: Error) => this.fail(error));
    parser.on('error', (error) => {
      this.fail(error);
      this.finish();
    });
    parser.on('end', () => this.end());
    parser.on('close', () => this.end());
    this.stopClock = this.clock.after(PARSE_DEADLINE_MS, () => {
      this.problems.add('Reading it took too long.');
      this.finish();
      parser.destroy();
    });
    parser.write(head);
    parser.end(body);
  }

  private open(part: SplitPart, createNode: (part: SplitPart) => PartNode): PartNode {
    const depth = part.parentNode ? (this.depths.get(part.parentNode) ?? 0) + 1 : 0;
    this.depths.set(part, depth);
    this.newest = part;
    if (depth > PART_DEPTH_MAX) {
      this.problems.add(
        `Its parts are nested more than ${PART_DEPTH_MAX} deep; the inner ones were not read.`,
      );
    }
    if (part.multipart) this.noteGroup(part);
    else {
      // RFC 2046, 5.1.5: in a digest what does not say otherwise is a mail.
      const isOfDigest = part.parentNode !== false && part.parentNode.multipart === 'digest';
      if (isOfDigest && part.headers.get('Content-Type').length === 0) part.contentType = 'message/rfc822';
      if (!isContentType(part.contentType)) part.contentType = 'text/plain';
      if (!ENCODINGS.has(part.encoding || '')) this.problems.add('A part has an unknown transfer encoding.');
    }
    const { flowed, delSp } = part;
    // Read here as well: the parser joins lines of different depths, and before it knows their charset.
    part.flowed = false;
    const node = createNode(part);
    if (!part.multipart && node.isAttachment !== true) {
      node.charset = `${OURS}${this.texts.length}`;
      this.texts.push({
        charset: part.charset || '',
        isHtml: node.contentType === 'text/html',
        flow: flowed ? (delSp ? 'without-blanks' : 'with-blanks') : null,
      });
    }
    return node;
  }

  private noteGroup(part: SplitPart): void {
    if (part._boundary === false) {
      this.problems.add('A multipart does not say what separates its parts; they were not read.');
      return;
    }
    const around: Buffer[] = [];
    for (let outer = part.parentNode; outer && around.length < PART_DEPTH_MAX; outer = outer.parentNode) {
      if (outer._boundary) around.push(outer._boundary);
    }
    this.groups.push({ boundary: part._boundary, around });
  }

  private textDecoder(label: string): Transform {
    const { charset, isHtml, flow } = this.texts[Number(label.slice(OURS.length))] ?? UNKNOWN_TEXT;
    return new TextDecoding((bytes, cut) => {
      const { text: written, problem } = isHtml ? decodeHtml(bytes, charset) : decodeText(bytes, charset);
      if (problem !== null) this.problems.add(problem);
      const text = flow === null ? written : unflow(written, flow === 'with-blanks');
      const short = cutBytes(text, TEXT_MAX_BYTES);
      if (cut || short.length < text.length) this.truncated = true;
      return short;
    });
  }

  private take(found: AttachmentStream): void {
    const tooDeep = this.newest !== null && (this.depths.get(this.newest) ?? 0) > PART_DEPTH_MAX;
    const chunks: Buffer[] = [];
    let over = false;
    const done = () => {
      if (over) return;
      over = true;
      if (!tooDeep) this.attachments.push(described(found, Buffer.concat(chunks)));
      this.unread -= 1;
      found.release?.();
      this.end();
    };
    this.unread += 1;
    found.content.on('data', (chunk: Buffer) => {
      if (!tooDeep) chunks.push(chunk);
    });
    found.content.on('end', done);
    found.content.on('error', (error: Error) => {
      this.fail(error);
      done();
    });
  }

  private fail(error: Error): void {
    this.failed = true;
    this.problems.add(sentenceFor(error));
  }

  /**
   * Comes with the end of the parser and with that of each attachment; the last of them all ends the reading. After a
   * failure the attachment that was open never ends.
   */
  private end(): void {
    if (this.parser.readableEnded || this.parser.destroyed) this.ended = true;
    if (this.ended && (this.unread === 0 || this.failed)) this.finish();
  }

  private finish(): void {
    this.stopClock();
    this.resolve({
      from: this.from,
      tree: this.parser.tree || null,
      truncated: this.truncated,
      attachments: this.attachments,
      groups: this.groups,
      problems: [...this.problems],
    });
  }
}

/** Passes nothing on until the end, then the text in UTF-8. What is too long to be shown is dropped as it comes. */
class TextDecoding extends Transform {
  private readonly chunks: Buffer[] = [];
  private size = 0;
  private cut = false;

  constructor(private readonly decode: (bytes: Buffer, cut: boolean) => string) {
    super();
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    const room = TEXT_RAW_MAX_BYTES - this.size;
    if (chunk.length > room) this.cut = true;
    if (room > 0) this.chunks.push(chunk.subarray(0, room));
    this.size += Math.min(chunk.length, Math.max(room, 0));
    done();
  }

  override _flush(done: TransformCallback): void {
    done(null, Buffer.from(this.decode(Buffer.concat(this.chunks), this.cut)));
  }
}

function described(found: AttachmentStream, bytes: Buffer): FoundAttachment {
  const { contentDisposition, related, cid } = found;
  return {
    filename: found.filename || '',
    contentType: found.contentType || '',
    contentId: cid || null,
    inline: contentDisposition === 'inline' || (related === true && contentDisposition !== 'attachment'),
    bytes,
  };
}

export function isContentType(text: string | false): text is string {
  return typeof text === 'string' && /^[^\s/;"()<>@,]+\/[^\s/;"()<>@,]+$/.test(text);
}

function sentenceFor(error: Error): string {
  if (error.message.includes('child nodes'))
    return `It has more than ${PARTS_MAX} parts; the rest was not read.`;
  if (error.message.includes('header size'))
    return 'The headers of a part are too long; the rest was not read.';
  return 'A part could not be read.';
}
