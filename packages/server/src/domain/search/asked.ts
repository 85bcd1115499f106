import { wordsOf } from './words.ts';

/** Of what is asked, more is left out. */
const PHRASES_MAX_COUNT = 16;
const WORDS_MAX_COUNT = 40;
/** Fewer characters begin too many words. */
const PREFIX_MIN_CHARS = 2;

/** Words that stand one after another. */
export interface Phrase {
  readonly words: readonly string[];
  /** The last of them may go on. */
  readonly isPrefix: boolean;
}

export interface Asked {
  /** All of them. */
  readonly wanted: readonly Phrase[];
  /** None of them. */
  readonly unwanted: readonly Phrase[];
}

/**
 * What somebody wrote: words that must all be there, `"several in a row"`, `-not this one`; the last word as far as it
 * is typed. Whatever else is written has no meaning, and nothing is an error.
 */
export function readAsked(written: string): Asked {
  const wanted: Phrase[] = [];
  const unwanted: Phrase[] = [];
  let room = WORDS_MAX_COUNT;
  for (const { minus, quoted, bare, index, text } of partsOf(written)) {
    const words = wordsOf(quoted ?? bare ?? '').slice(0, room);
    if (words.length === 0) continue;
    room -= words.length;
    const isLast = quoted === undefined && index + text.length === written.length;
    const isPrefix = isLast && !minus && isLongEnough(words.at(-1) as string);
    (minus ? unwanted : wanted).push({ words, isPrefix });
    if (wanted.length + unwanted.length === PHRASES_MAX_COUNT || room === 0) break;
  }
  return { wanted, unwanted };
}

function* partsOf(written: string) {
  for (const match of written.matchAll(/(-?)(?:"([^"]*)"?|([^\s"]+))/g)) {
    const [text, minus, quoted, bare] = match;
    yield { text, minus: minus === '-', quoted, bare, index: match.index };
  }
}

function isLongEnough(word: string): boolean {
  return word.length >= PREFIX_MIN_CHARS || word > '\u{ff}';
}
