export type Piece = { readonly text: string; readonly href: string | null };

const URL_IN_TEXT = /\bhttps?:\/\/[^\s<>"'`]+/gi;

/** Cuts plain text into pieces, web addresses apart. Joined again, the pieces are the text. */
export function linked(text: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(URL_IN_TEXT)) {
    const url = withoutTail(match[0]);
    if (!URL.canParse(url)) continue;
    if (match.index > end) pieces.push({ text: text.slice(end, match.index), href: null });
    pieces.push({ text: url, href: url });
    end = match.index + url.length;
  }
  if (end < text.length) pieces.push({ text: text.slice(end), href: null });
  return pieces;
}

/** What ends the sentence is not part of the address: `(see https://a.test/b).`; a bracket opened inside it is. */
function withoutTail(url: string): string {
  let cut = url.replace(/[.,;:!?…]+$/, '');
  while (/[)\]}]$/.test(cut) && !isClosedWithin(cut)) cut = cut.slice(0, -1).replace(/[.,;:!?…]+$/, '');
  return cut;
}

function isClosedWithin(url: string): boolean {
  const close = url.at(-1) as string;
  const open = { ')': '(', ']': '[', '}': '{' }[close] as string;
  return url.split(open).length >= url.split(close).length;
}
