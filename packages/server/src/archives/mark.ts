import type { ArchivedState } from '../domain/index.ts';
import { archivedState } from '../domain/index.ts';

const NAME = 'X-Roost-Export: ';
const MARK_MAX_BYTES = 64 << 10;

/**
 * What an export in the form of an mbox says of a mail, in lines before its own: the state, how many bytes the mail
 * has, and the state once more in the headers that other programs know.
 */
export function markOf(state: ArchivedState, bytes: number): Buffer {
  const { seen, flagged, answered, draft, labels } = state;
  const others = [
    `Status: ${seen ? 'RO' : 'O'}`,
    `X-Status: ${answered ? 'A' : ''}${flagged ? 'F' : ''}${draft ? 'T' : ''}`,
    ...(labels.length === 0 ? [] : [`X-Keywords: ${ascii(labels.join(' '))}`]),
  ];
  const told = ascii(JSON.stringify({ ...state, bytes, lines: others.length + 1 }));
  return Buffer.from([`${NAME}${told}`, ...others, ''].join('\n'), 'latin1');
}

/** The mail as it was before {@link markOf}; null where no mark stands before it, or not a whole one. */
export function takeMark(written: Buffer): { source: Buffer; state: ArchivedState } | null {
  if (written.subarray(0, NAME.length).toString('latin1') !== NAME) return null;
  const end = written.indexOf(10);
  if (end === -1 || end > MARK_MAX_BYTES) return null;
  const told = readTold(written.subarray(NAME.length, end).toString('latin1'));
  const state = archivedState.safeParse(told);
  if (!state.success || !told) return null;
  let begin = 0;
  for (let line = 0; line < told.lines; line += 1) begin = written.indexOf(10, begin) + 1;
  if (begin === 0 || written.length < begin + told.bytes) return null;
  return { source: written.subarray(begin, begin + told.bytes), state: state.data };
}

function readTold(text: string): { bytes: number; lines: number } | null {
  try {
    const told = JSON.parse(text);
    return Number.isSafeInteger(told?.bytes) && told.bytes >= 0 && told.lines > 0 && told.lines < 10
      ? told
      : null;
  } catch {
    return null;
  }
}

/** JSON stays JSON, and a line stays one line of ASCII. */
function ascii(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
