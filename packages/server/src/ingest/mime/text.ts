/** NUL and half a surrogate pair, which the databases refuse. */
const UNSTORABLE = /\0|\p{Surrogate}/gu;
/** Most headers are this: printable ASCII with single blanks, none at the ends. */
const PLAIN_LINE = /^(?:[!-~]+(?: [!-~]+)*)?$/;
const CONTROLS = /\p{Cc}+/gu;
/** Characters that turn the direction of what stands around them: `exe.fdp` shown as `pdf.exe`. */
const DIRECTIONS = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g;

/** The same text with everything the store cannot hold replaced by U+FFFD. */
export function storable(text: string): string {
  return text.replace(UNSTORABLE, '\uFFFD');
}

/** On one line: control characters are a space, white space is folded. */
export function oneLine(text: string): string {
  if (PLAIN_LINE.test(text)) return text;
  return storable(text.replace(CONTROLS, ' ')).replace(/\s+/g, ' ').trim();
}

/** For what a person trusts to mean what it shows: names of people and of files. */
export function withoutDirections(text: string): string {
  return text.replace(DIRECTIONS, '');
}

/** At most `max` UTF-16 units, no half of a pair at the end. */
export function cutChars(text: string, max: number): string {
  if (text.length <= max) return text;
  const last = text.charCodeAt(max - 1);
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? max - 1 : max);
}

/** At most `max` bytes of UTF-8, no half of a character at the end. */
export function cutBytes(text: string, max: number): string {
  if (text.length * 3 <= max) return text;
  const bytes = Buffer.from(text.length > max ? text.slice(0, max) : text);
  if (bytes.length <= max && text.length <= max) return text;
  let end = Math.min(max, bytes.length);
  while (end > 0 && end < bytes.length && ((bytes[end] as number) & 0xc0) === 0x80) end -= 1;
  return bytes.toString('utf8', 0, end).replace(/\uFFFD$/, '');
}
