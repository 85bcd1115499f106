/** A signature begins with this line, which ends in a blank and yet is whole. */
const SIGNATURE = '-- ';

/**
 * Text whose lines were cut to be sent, put together again: a line that ends in a blank goes on in the next one, as
 * long as both are quoted equally deep.
 *
 * @param isBlankOfSender  false where the blank at the end was only added to say that the line goes on (DelSp)
 * @see RFC 3676
 */
export function unflow(text: string, isBlankOfSender: boolean): string {
  const whole: Line[] = [];
  let open: Line | null = null;
  for (const written of text.split(/\r?\n/)) {
    const line = lineOf(written);
    const goesOn = line.words.endsWith(' ') && line.words !== SIGNATURE;
    if (goesOn && !isBlankOfSender) line.words = line.words.slice(0, -1);
    if (open !== null && open.depth === line.depth && line.words !== SIGNATURE) open.words += line.words;
    else {
      whole.push(line);
      open = line;
    }
    if (!goesOn) open = null;
  }
  return whole.map(({ depth, words }) => (depth === 0 ? words : `${'>'.repeat(depth)} ${words}`)).join('\n');
}

interface Line {
  /** How often it is quoted. */
  readonly depth: number;
  words: string;
}

function lineOf(written: string): Line {
  const depth = /^>*/.exec(written)?.[0].length ?? 0;
  const words = written.slice(depth);
  // A blank in front keeps what begins with “>”, “From ” or a blank from being misread.
  return { depth, words: words.startsWith(' ') ? words.slice(1) : words };
}
