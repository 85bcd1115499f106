import { rawText } from './header-block.ts';
import { PART_HEADER_MAX_BYTES } from './limits.ts';
import type { MailParserInside } from './mailparser-inside.ts';

type Splitter = MailParserInside['splitter'];

/** What the splitter gets wrong, or reads in a time that grows by the square, is put right before it sees it. */
export function mendSplitter(splitter: Splitter): void {
  takeOnlyPartHeaders(splitter);
  allowPadding(splitter);
}

/** Lets only the headers that describe a part reach the splitter, each of bounded length and in ASCII. */
function takeOnlyPartHeaders(splitter: Splitter): void {
  const newNode = splitter.newNode.bind(splitter);
  splitter.newNode = (parent) => {
    newNode(parent);
    const { node } = splitter;
    const add = node.addHeaderChunk.bind(node);
    let isWanted = false;
    let size = 0;
    node.addHeaderChunk = (line) => {
      const goesOn = line[0] === 32 || line[0] === 9;
      if (!goesOn) {
        isWanted = /^content-/i.test(line.toString('latin1', 0, 8));
        size = 0;
      }
      size += line.length;
      if (isWanted && size <= PART_HEADER_MAX_BYTES) add(inAscii(line));
    };
  };
}

/** The splitter takes raw bytes of a name for Latin-1; as encoded words they keep what they say. */
export function inAscii(line: Buffer): Buffer {
  if (!line.some((byte) => byte > 0x7e)) return line;
  const text = rawText(line, '').replace(
    /[^\0-\x7e]+/gu,
    (run) => `=?utf-8?B?${Buffer.from(run).toString('base64')}?=`,
  );
  return Buffer.from(text);
}

/** RFC 2046, 5.1.1: blanks may stand behind a delimiter. */
function allowPadding(splitter: Splitter): void {
  const compare = splitter.compareBoundary.bind(splitter);
  splitter.compareBoundary = (line, start, boundary) => compare(withoutPadding(line), start, boundary);
}

function withoutPadding(line: Buffer): Buffer {
  let end = line.length;
  while (end > 0 && (line[end - 1] === 10 || line[end - 1] === 13)) end -= 1;
  let words = end;
  while (words > 0 && (line[words - 1] === 32 || line[words - 1] === 9)) words -= 1;
  return words === end ? line : Buffer.concat([line.subarray(0, words), line.subarray(end)]);
}
