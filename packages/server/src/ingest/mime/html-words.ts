import { Parser } from 'htmlparser2';

const UNSEEN = new Set(['head', 'style', 'script', 'title', 'template', 'svg', 'math']);
const BREAKS = new Set(
  'address article aside blockquote br dd div dl dt figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table td th tr ul'.split(
    ' ',
  ),
);

/** Handed to the tokenizer at once, so that it can stop soon after it has enough. */
const PIECE_CHARS = 8 * 1024;
/** Past this nobody looks for words; the tokenizer is quadratic in tags that are never closed. */
const LOOK_AT_CHARS = 128 * 1024;

/**
 * What HTML says, without its marks: text as it stands, a line break where a block begins or ends. For lists and
 * searches, not for reading. Builds no tree.
 *
 * @param maxChars  stop once about this much was found
 */
export function wordsOfHtml(html: string, maxChars: number): string {
  let words = '';
  let unseen = 0;
  const handler = {
    onopentagname(name: string) {
      if (UNSEEN.has(name)) unseen += 1;
      // A head that is never closed ends here at the latest.
      else if (name === 'body') unseen = 0;
      else if (BREAKS.has(name)) words += '\n';
    },
    onclosetag(name: string) {
      if (UNSEEN.has(name)) unseen = Math.max(0, unseen - 1);
      else if (BREAKS.has(name)) words += '\n';
    },
    ontext(text: string) {
      if (unseen === 0) words += text.replace(/\s+/g, ' ');
    },
  };
  const parser = new Parser(handler, { recognizeSelfClosing: true });
  const end = Math.min(html.length, LOOK_AT_CHARS);
  for (let at = 0; at < end && words.length < maxChars; at += PIECE_CHARS) {
    parser.write(html.slice(at, Math.min(at + PIECE_CHARS, end)));
  }
  parser.end();
  return words
    .replace(/ *\n[ \n]*/g, '\n')
    .trim()
    .slice(0, maxChars);
}
