import { useWide } from '../ui/use-wide.ts';

const LINE_REM = 2.75;
const CARD_REM = 5.25;

/** Height of a row in px: of one line, or of a card where the window is narrow. Grows with the reader's font size. */
export function useRowHeight(): number {
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
  return (useWide() ? LINE_REM : CARD_REM) * rem;
}
