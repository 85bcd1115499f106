import type { EventEmitter } from 'node:events';
import type { Transform } from 'node:stream';
import { type AttachmentStream, type Headers, MailParser, type MailParserOptions } from 'mailparser';

/**
 * What of mailparser's inside is used beside its documented face, all in this file: it tells neither how parts nest
 * nor which were cut off, and it swallows errors that come after its input ended. The dependency is pinned to one
 * version for this; `mime.test.ts` fails if any of it moves.
 */
export interface MailParserInside {
  readonly destroyed: boolean;
  readonly readableEnded: boolean;
  write(bytes: Buffer): void;
  end(bytes: Buffer): void;
  destroy(): void;
  /** Errors of the splitting into parts, which the parser itself may swallow. */
  readonly splitter: EventEmitter & {
    /** Begins a part, whose header lines follow. */
    newNode(parent: SplitPart | false): void;
    /** What the line is to this delimiter: 1 begins a part, 2 ends the group, false neither. */
    compareBoundary(line: Buffer, start: number, boundary: Buffer): 1 | 2 | false;
    readonly node: { addHeaderChunk(line: Buffer): void };
  };
  /** Opens a part, text or attachment; called once for each, in their order. */
  createNode(part: SplitPart): PartNode;
  /** Joins the texts of all parts. */
  getTextContent(): { type: 'text' };
  /** Chosen for text parts whose charset is neither UTF-8 nor ASCII by name. */
  decoder: { decodeStream(charset: string): Transform };
  tree: PartNode | false;
  on(event: 'headers', listener: (headers: Headers) => void): this;
  on(event: 'data', listener: (found: AttachmentStream | { type: 'text' }) => void): this;
  on(event: 'error', listener: (error: Error) => void): this;
  on(event: 'end' | 'close', listener: () => void): this;
}

/** A part as its headers describe it. */
export interface SplitPart {
  readonly parentNode: SplitPart | false;
  contentType: string | false;
  readonly headers: { get(name: string): readonly string[] };
  readonly multipart: string | false;
  readonly encoding: string | false;
  readonly charset: string | false;
  /** `format=flowed`; the parser joins lines where it is still set. */
  flowed: boolean;
  readonly delSp: boolean;
  readonly _boundary: Buffer | false;
}

export interface PartNode {
  readonly node: SplitPart;
  readonly contentType: string | false;
  readonly isAttachment?: boolean;
  charset?: string;
  /** There once the part was read to its end. */
  readonly textContent?: string;
  readonly children: readonly PartNode[];
}

/** Options that mailparser hands on to its splitter without naming them in its types. */
export interface SplitterOptions extends MailParserOptions {
  maxChildNodes: number;
  maxHeadSize: number;
  ignoreEmbedded: boolean;
}

export function newMailParser(options: SplitterOptions): MailParserInside {
  return new MailParser(options) as unknown as MailParserInside;
}
