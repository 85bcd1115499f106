import { wordsOfHtml } from './html-words.ts';
import { SNIPPET_MAX_CHARS } from './limits.ts';
import { cutChars, oneLine } from './text.ts';

/** Enough to find the first words behind a long preheader. */
const LOOK_AT_CHARS = 8 * 1024;
/** Soft hyphens, joiners and other fillers with which senders push the rest of the text out of the list. */
const INVISIBLE = /\u034F|[\u00AD\u200B\u2060\uFEFF]|(?:[\u200C\u200D]\s*){2,}/g;

/** The first words of a mail, for a list: one line, at most 200 characters. */
export function snippetOf(text: string | null, html: string | null): string {
  const fromText = text === null ? '' : firstWords(text.slice(0, LOOK_AT_CHARS));
  if (fromText !== '' || html === null) return fromText;
  return firstWords(wordsOfHtml(html, LOOK_AT_CHARS));
}

function firstWords(text: string): string {
  return cutChars(oneLine(text.replace(INVISIBLE, '')), SNIPPET_MAX_CHARS).trim();
}
