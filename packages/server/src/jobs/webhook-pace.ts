import type { Random } from '../clock.ts';

const FIRST_MS = 5_000;
const LONGEST_MS = 6 * 3_600_000;
/** However long the other side asks us to wait. */
const ASKED_MAX_MS = 24 * 3_600_000;

/**
 * How long to wait after so many attempts: three times as long each time, a quarter more or less by chance; and never
 * less than the other side asks for. With an end after three days these are about 18 attempts.
 */
export function webhookWaitMs(attempts: number, askedMs: number | null, random: Random): number {
  const usual = Math.min(LONGEST_MS, FIRST_MS * 3 ** Math.max(0, attempts - 1));
  return Math.max(Math.round(usual * (0.75 + random() * 0.5)), Math.min(askedMs ?? 0, ASKED_MAX_MS));
}

/** `Retry-After`: seconds, or a date. Null where it says neither. */
export function askedWaitMs(retryAfter: string | null, now: number): number | null {
  if (retryAfter === null) return null;
  if (/^\s*\d{1,9}\s*$/.test(retryAfter)) return Number(retryAfter) * 1_000;
  const at = Date.parse(retryAfter);
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}
