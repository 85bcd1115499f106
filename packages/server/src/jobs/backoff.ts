import type { Random } from '../clock.ts';

const FIRST_MS = 5_000;
const LONGEST_MS = 60 * 60_000;
/** About ten hours of trying, most of it an hour apart. */
export const ATTEMPTS_MAX = 20;
/** However long the other side asks us to wait. */
const ASKED_MAX_MS = 6 * 60 * 60_000;

/**
 * How long to wait after so many attempts: twice as long each time, a quarter more or less by chance, so that what
 * failed together does not come back together; and never less than the other side asks for.
 */
export function waitMs(attempts: number, askedMs: number | null, random: Random): number {
  const usual = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.max(0, attempts - 1));
  const chosen = Math.round(usual * (0.75 + random() * 0.5));
  return Math.max(chosen, Math.min(askedMs ?? 0, ASKED_MAX_MS));
}
