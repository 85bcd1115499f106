/** Of one word; what is longer is found by its beginning. */
const WORD_MAX_CHARS = 40;

/** Letters and digits with their marks; scripts that write without spaces word by word, which is sign by sign. */
const WORD =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}])[\p{L}\p{N}\p{M}])+/gu;
const PLAIN = /^[a-z0-9]+$/;
/** Accents on Latin, Greek and Cyrillic letters; marks of other scripts are part of what a word says. */
const ACCENTS = /[\u0300-\u036f]/g;

export interface PlacedWord {
  /** As it is compared: lower case, without accents. */
  readonly word: string;
  /** UTF-16 code units in the text it was read from. */
  readonly start: number;
  readonly end: number;
}

/** The words of a text in their order. Every store compares these, so that all find the same. */
export function placedWords(text: string): PlacedWord[] {
  const placed: PlacedWord[] = [];
  for (const match of text.matchAll(WORD)) {
    const start = match.index;
    const end = start + match[0].length;
    for (const word of folded(match[0])) placed.push({ word, start, end });
  }
  return placed;
}

export function wordsOf(text: string): string[] {
  return [...text.matchAll(WORD)].flatMap(([written]) => folded(written));
}

/** What is one word as it is written may be several as it is compared, such as `½`. */
function folded(written: string): readonly string[] {
  const lower = written.toLowerCase();
  if (PLAIN.test(lower)) return [lower.slice(0, WORD_MAX_CHARS)];
  const plain = lower.normalize('NFKD').replace(ACCENTS, '').normalize('NFC');
  return (plain.match(WORD) ?? []).map((word) => [...word].slice(0, WORD_MAX_CHARS).join(''));
}
