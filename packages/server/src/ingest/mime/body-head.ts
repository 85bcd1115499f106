import libmime from 'libmime';
import { firstField, type HeaderBlock, type HeaderField, rawText } from './header-block.ts';
import { PART_HEADER_MAX_BYTES } from './limits.ts';
import { isContentType } from './parts.ts';
import { inAscii } from './splitter.ts';

/** The few headers by which a body is read, made such that the parser finds nothing odd in them. */
export interface BodyHead {
  readonly head: Buffer;
  /** Charset the mail names for its text, '' when it names none. */
  readonly charset: string;
  readonly problems: readonly string[];
}

const COPIED = ['content-transfer-encoding', 'content-disposition', 'content-id'];

/**
 * The parser gets these lines in place of the mail's own headers: all other headers are read here, once and in their
 * order, which is less work and leaves fewer ways to be broken.
 */
export function bodyHeadOf(block: HeaderBlock, body: Buffer): BodyHead {
  const written = firstField(block, 'content-type');
  const said = parse(written ? shortText(written, '') : '');
  const charset = said.params.charset ?? '';
  const { contentType, problem } = soundContentType(said, body);
  const lines = [`Content-Type: ${contentType}`];
  const from = firstField(block, 'from');
  if (from) lines.push(`From: ${shortText(from, charset)}`);
  for (const name of COPIED) {
    const field = firstField(block, name);
    if (field) lines.push(`${name}: ${shortText(field, charset)}`);
  }
  const head = inAscii(
    Buffer.from(`${lines.map((line) => line.replace(/[\r\n]+/g, ' ')).join('\r\n')}\r\n\r\n`),
  );
  return { head, charset, problems: problem === null ? [] : [problem] };
}

/** As a part's headers, these are read in a time that grows by the square. */
function shortText(field: HeaderField, charset: string): string {
  return rawText(field.raw.subarray(0, PART_HEADER_MAX_BYTES), charset);
}

interface Said {
  readonly value: string;
  readonly params: Record<string, string>;
  readonly text: string;
}

function parse(text: string): Said {
  try {
    const { value, params } = libmime.parseHeaderValue(text);
    return { value: (value || '').toLowerCase().trim(), params, text };
  } catch {
    return { value: '', params: {}, text: '' };
  }
}

function soundContentType(said: Said, body: Buffer): { contentType: string; problem: string | null } {
  const charset = said.params.charset ? `; charset="${said.params.charset.replace(/["\\]/g, '')}"` : '';
  const plain = `text/plain${charset}`;
  if (said.value === '') return { contentType: plain, problem: null };
  if (!isContentType(said.value)) {
    return { contentType: plain, problem: 'Its content type could not be read; it is shown as text.' };
  }
  if (!said.value.startsWith('multipart/')) return { contentType: said.text, problem: null };
  const named = said.params.boundary ?? '';
  if (named !== '' && body.includes(`--${named}`)) return { contentType: said.text, problem: null };
  const found = firstDelimiter(body);
  if (found !== null && named === '') {
    return {
      contentType: `${said.value}; boundary="${found}"`,
      problem: 'It does not say what separates its parts.',
    };
  }
  return { contentType: plain, problem: 'The parts it announces are not there; its body is shown as text.' };
}

/** What a multipart that does not name its delimiter most likely begins with. */
function firstDelimiter(body: Buffer): string | null {
  const start = body.toString('latin1', 0, 4096);
  return /(?:^|\n)--([0-9A-Za-z'()+_,./:=?-]{1,70})\r?\n/.exec(start)?.[1] ?? null;
}
