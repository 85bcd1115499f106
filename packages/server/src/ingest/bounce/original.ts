import { firstField, rawText, readHeaderBlock } from '../mime/header-block.ts';
import type { MaybeReport } from './dsn.ts';

/** Parts that hold the mail a report is about, or its headers. */
const ORIGINAL_TYPES: ReadonlySet<string> = new Set([
  'message/rfc822',
  'text/rfc822-headers',
  'message/rfc822-headers',
  'text/rfc822',
  'message/global',
  'message/global-headers',
]);
const MESSAGE_ID = /<[^<>\s\p{Cc}]{1,250}>/u;
const IDS_MAX = 10;
/** Where a report says it in words: far down comes what people wrote. */
const TEXT_MAX_CHARS = 128 * 1024;

/**
 * Message-IDs that the mail reported on may have: of the part that holds it, then of the copy in the words of the
 * report, then what the report says that it answers. With angle brackets, each once.
 */
export function messageIdsAround({ attachments, text, headers }: MaybeReport): string[] {
  const fromParts = attachments
    .filter(({ content_type }) => ORIGINAL_TYPES.has(content_type))
    .map(({ bytes }) => firstField(readHeaderBlock(bytes), 'message-id'))
    .map((field) => (field === null ? '' : rawText(field.raw, 'utf-8')));
  const fromText = [...copiedHeaders(text ?? '')];
  const answered = headers
    .filter(({ name }) => /^(in-reply-to|references|original-message-id|x-original-message-id)$/i.test(name))
    .flatMap(({ value }) => value.split(/\s+/).slice(-IDS_MAX).reverse());
  const ids = [...fromParts, ...fromText, ...answered].flatMap((one) => MESSAGE_ID.exec(one)?.[0] ?? []);
  return [...new Set(ids)].slice(0, IDS_MAX);
}

function* copiedHeaders(text: string): Generator<string> {
  // Quoted with “>”, indented, in bold: whatever stands before the name of the header.
  for (const [, id] of text
    .slice(0, TEXT_MAX_CHARS)
    .matchAll(/^[>|\s*]{0,20}message-id\s*:[\s*]*(<[^<>\s]{1,250}>)/gim))
    yield id as string;
}
