export interface Highlight {
  readonly start: number;
  readonly end: number;
}

export interface Piece {
  readonly text: string;
  readonly isFound: boolean;
  /** Where it begins. */
  readonly at: number;
}

/** Cuts a text at what was found. Joined again, the pieces are the text; places outside of it are left out. */
export function highlighted(text: string, highlights: readonly Highlight[]): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  const put = (end: number, isFound: boolean) => {
    if (end > at) pieces.push({ text: text.slice(at, end), isFound, at });
    at = Math.max(at, end);
  };
  for (const { start, end } of [...highlights].sort((a, b) => a.start - b.start)) {
    if (start < at || end > text.length) continue;
    put(start, false);
    put(end, true);
  }
  put(text.length, false);
  return pieces;
}
