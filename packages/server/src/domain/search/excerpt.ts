import type { SearchHit } from '@roost/protocol';
import type { Phrase } from './asked.ts';
import { type PlacedWord, placedWords } from './words.ts';

const EXCERPT_MAX_CHARS = 240;
/** Of what stands before the first find. */
const LEAD_CHARS = 60;
/** A text is looked through as far as it is indexed. */
const LOOKED_AT_MAX_CHARS = 10_000;

export type Excerpt = SearchHit['excerpt'];

/** The part of a text in which the first of the words stands. */
export function excerptOf(text: string, phrases: readonly Phrase[]): Excerpt {
  const looked = text.slice(0, LOOKED_AT_MAX_CHARS);
  const first = finds(placedWords(looked), phrases)[0]?.start ?? 0;
  const from = first <= LEAD_CHARS ? 0 : wordStart(looked, first - LEAD_CHARS, first);
  const cut = looked
    .slice(from, from + EXCERPT_MAX_CHARS)
    .replace(/\s+/g, ' ')
    .replace(/[\ud800-\udbff]$/, '')
    .trim();
  return { text: cut, highlights: finds(placedWords(cut), phrases) };
}

/** Where a word begins, at or after `at`, but not past `end`. */
function wordStart(text: string, at: number, end: number): number {
  const space = text.slice(at, end).search(/\s\S/);
  return space === -1 ? at : at + space + 1;
}

function finds(placed: readonly PlacedWord[], phrases: readonly Phrase[]) {
  const marked = new Map<number, number>();
  for (const phrase of phrases) {
    for (let at = 0; at + phrase.words.length <= placed.length; at += 1) {
      if (!stands(placed, at, phrase)) continue;
      for (const { start, end } of placed.slice(at, at + phrase.words.length)) marked.set(start, end);
    }
  }
  return [...marked].map(([start, end]) => ({ start, end })).sort((a, b) => a.start - b.start);
}

function stands(placed: readonly PlacedWord[], at: number, { words, isPrefix }: Phrase): boolean {
  return words.every((word, n) => {
    const there = placed[at + n]?.word;
    return isPrefix && n === words.length - 1 ? there?.startsWith(word) : there === word;
  });
}
