const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

// The page speaks English; day before month and 24 hours can be mistaken by nobody.
const LOCALE = 'en-GB';

/**
 * How long ago, in as few words as tell it: `just now`, `5 min ago`, `3 h ago`, `Yesterday`, `Tue`, `12 Mar`, `12 Mar 2024`.
 * Days are those of `timeZone`. A time slightly ahead of ours (clocks differ) is `just now`.
 *
 * @param at   ms since 1970
 * @param now  ms since 1970
 */
export function relativeTime(at: number, now: number, timeZone?: string): string {
  const age = now - at;
  if (age < MINUTE_MS && age > -5 * MINUTE_MS) return 'just now';
  if (age >= 0 && age < HOUR_MS) return `${Math.floor(age / MINUTE_MS)} min ago`;
  const days = daysBetween(at, now, timeZone);
  if (age >= 0 && (days === 0 || age < 6 * HOUR_MS)) return `${Math.floor(age / HOUR_MS)} h ago`;
  if (days === 1) return 'Yesterday';
  if (days > 1 && days < 7) return format({ weekday: 'short' }, at, timeZone);
  const sameYear = format({ year: 'numeric' }, at, timeZone) === format({ year: 'numeric' }, now, timeZone);
  return format({ day: 'numeric', month: 'short', ...(sameYear ? {} : { year: 'numeric' }) }, at, timeZone);
}

/** `Tuesday 3 March 2026 at 14:02:09`, in the reader's time zone. */
export function absoluteTime(at: number, timeZone?: string): string {
  const day = format({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }, at, timeZone);
  const time = format(
    { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
    at,
    timeZone,
  );
  return `${day.replace(',', '')} at ${time}`;
}

/** `14:02`, with the day before it when that is not today: `3 Mar, 14:02`. */
export function clockTime(at: number, now: number, timeZone?: string): string {
  const time = format({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }, at, timeZone);
  if (daysBetween(at, now, timeZone) === 0) return time;
  return `${format({ day: 'numeric', month: 'short' }, at, timeZone)}, ${time}`;
}

/** `Today`, `Yesterday`, `Thursday 12 March`, with the year where it is another: the day that a message belongs to. */
export function dayInWords(at: number, now: number, timeZone?: string): string {
  const days = daysBetween(at, now, timeZone);
  if (days === 0) return 'Today';
  if (days === 1) return 'Yesterday';
  const sameYear = format({ year: 'numeric' }, at, timeZone) === format({ year: 'numeric' }, now, timeZone);
  const year = sameYear ? {} : ({ year: 'numeric' } as const);
  return format({ weekday: 'long', day: 'numeric', month: 'long', ...year }, at, timeZone).replace(',', '');
}

export function isSameDay(one: number, other: number, timeZone?: string): boolean {
  return daysBetween(one, other, timeZone) === 0;
}

/** `14:02`, whatever the day. */
export function timeOfDay(at: number, timeZone?: string): string {
  return format({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }, at, timeZone);
}

/** How long until: `in 40 min`, `in 5 h`; `now` for what has come. */
export function untilInWords(at: number, now: number): string {
  const left = at - now;
  if (left <= 0) return 'now';
  if (left < HOUR_MS) return `in ${Math.max(1, Math.round(left / MINUTE_MS))} min`;
  return `in ${Math.floor(left / HOUR_MS)} h`;
}

/** Calendar days from `at` to `now`, as the time zone counts them. */
function daysBetween(at: number, now: number, timeZone: string | undefined): number {
  return Math.round((midnight(now, timeZone) - midnight(at, timeZone)) / DAY_MS);
}

function midnight(at: number, timeZone: string | undefined): number {
  const parts = formatOf({ year: 'numeric', month: '2-digit', day: '2-digit' }, timeZone).formatToParts(at);
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value);
  return Date.UTC(part('year'), part('month') - 1, part('day'));
}

function format(options: Intl.DateTimeFormatOptions, at: number, timeZone: string | undefined): string {
  return formatOf(options, timeZone).format(at);
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Building a format costs a hundred times what using it does, and a list shows many. */
function formatOf(options: Intl.DateTimeFormatOptions, timeZone: string | undefined): Intl.DateTimeFormat {
  const key = JSON.stringify([options, timeZone]);
  let found = formats.get(key);
  if (!found) {
    found = new Intl.DateTimeFormat(LOCALE, { ...options, ...(timeZone ? { timeZone } : {}) });
    formats.set(key, found);
  }
  return found;
}
