import type { Finding } from './finding.ts';

/** No version of this program is older. */
const FIRST_RELEASE = Date.UTC(2025, 0, 1);
/** Apart by more, certificates and tokens begin to fail. */
const APART_MAX_MS = 30_000;

/**
 * The wall clock is plausible.
 *
 * @param last  when the store was last written to by its own account, ms since 1970; null when that is not known
 */
export function checkClock(now: number, last: number | null): Finding {
  const what = 'clock';
  const told = new Date(now).toISOString();
  if (now < FIRST_RELEASE) return { state: 'fail', what, says: `It says ${told}, which is long past.` };
  if (last !== null && last > now + APART_MAX_MS) {
    const newest = new Date(last).toISOString();
    return { state: 'warn', what, says: `It says ${told}, but the store was written to at ${newest}.` };
  }
  return { state: 'ok', what, says: told };
}

/** The database server and this machine agree on the time. */
export function checkClocksAgree(here: number, there: number): Finding {
  const what = 'clock of the database';
  const apart = Math.round(Math.abs(here - there) / 1000);
  if (apart * 1000 <= APART_MAX_MS) return { state: 'ok', what, says: 'It agrees with ours.' };
  return { state: 'warn', what, says: `It is ${apart} s ${there > here ? 'ahead of' : 'behind'} ours.` };
}
