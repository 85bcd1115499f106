import { isUtf8 } from 'node:buffer';
import charsets from 'libmime/lib/charset.js';

export interface Decoded {
  readonly text: string;
  /** What was wrong with the bytes or their label, in words; null when nothing was. */
  readonly problem: string | null;
}

const UTF8 = new Set(['', 'utf8', 'unicode11utf8', 'ascii', 'usascii', 'ansix341968', '7bit', '8bit']);
const LATIN = new Set([
  'iso-8859-1',
  'iso8859-1',
  'latin1',
  'latin-1',
  'windows-1252',
  'cp1252',
  'iso-8859-15',
]);
/** `us-ascii (plain text)` */
const COMMENT = /\(.*$/s;
const ISO_2022_JP_ESCAPE = Buffer.from('\x1b$');

/** Text in the charset its label names, or in the likeliest one when the label cannot be right. Never throws. */
export function decodeText(bytes: Uint8Array, label: string): Decoded {
  const name = label.replace(COMMENT, '').trim().toLowerCase();
  if (UTF8.has(name.replace(/[^a-z0-9]/g, ''))) return decodeUnlabelled(bytes, name);
  // Latin text that happens to be valid UTF-8 beyond ASCII is not written by anybody; the wrong label is common.
  if (LATIN.has(name) && isUtf8(bytes)) return decodeUnlabelled(bytes, name);
  if (!isKnown(name)) {
    const { text } = decodeUnlabelled(bytes, '');
    return { text, problem: `The charset ${quoted(label)} is not known.` };
  }
  return { text: withoutMark(charsets.decode(bytes, name)), problem: null };
}

/** The same for HTML, whose own head names a charset where the part has no label. */
export function decodeHtml(bytes: Uint8Array, label: string): Decoded {
  if (label.trim() !== '' || isUtf8(bytes)) return decodeText(bytes, label);
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, HTML_HEAD_BYTES));
  return decodeText(bytes, META.exec(start.toString('latin1'))?.[1] ?? '');
}
const HTML_HEAD_BYTES = 2048;
const META = /<meta\b[^<>]{0,200}?\bcharset\s{0,5}=\s{0,5}["']?([\w.:-]{1,40})/i;

/** For a label that says UTF-8, ASCII or nothing: all three are read as UTF-8 when that fits. */
function decodeUnlabelled(bytes: Uint8Array, name: string): Decoded {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.includes(ISO_2022_JP_ESCAPE)) {
    return { text: charsets.decode(buffer, 'iso-2022-jp'), problem: null };
  }
  const asUtf8 = withoutMark(buffer.toString('utf8'));
  if (isUtf8(buffer)) return { text: asUtf8, problem: null };
  const label = name === '' ? 'UTF-8' : quoted(name);
  if (isMostlyUtf8(asUtf8)) {
    return { text: asUtf8, problem: `Some characters are not in the charset ${label}.` };
  }
  return {
    text: charsets.decode(buffer, 'windows-1252'),
    problem: `The text is not in the charset ${label}; it was read as Windows-1252.`,
  };
}

/** Text cut in mid-character or with a stray byte still has far more good characters than bad ones. */
function isMostlyUtf8(text: string): boolean {
  let good = 0;
  let bad = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === 0xfffd) bad += 1;
    else if (unit > 0x7f) good += 1;
  }
  return good >= bad;
}

/** The decoder reads an unknown charset as UTF-8 without a word; no known one reads these two bytes so. */
function isKnown(name: string): boolean {
  return JAPANESE.test(name) || charsets.decode(PROBE, name) !== 'é';
}
const PROBE = Buffer.from('é');
/** Read by a decoder of their own, which looks at the bytes more than at the name. */
const JAPANESE = /^(?:iso-?2022-?jp|jis|euc-?jp)/;

function withoutMark(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

function quoted(label: string): string {
  return `"${label.replace(/[^\x21-\x7e]/g, '?').slice(0, 40)}"`;
}
