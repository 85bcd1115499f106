/** A time to which a conversation may be put off, as people say it. */
export interface SnoozeChoice {
  readonly label: string;
  /** ms since 1970 */
  readonly at: number;
}

const HOUR_MS = 3_600_000;
const MORNING_HOUR = 9;
const EVENING_HOUR = 18;

/** What is offered now, soonest first: later today only while there is a later today, in the reader's own day. */
export function snoozeChoices(now: number): SnoozeChoice[] {
  const choices: SnoozeChoice[] = [{ label: 'In one hour', at: now + HOUR_MS }];
  const evening = dayAt(now, 0, EVENING_HOUR);
  if (evening - now > 2 * HOUR_MS) choices.push({ label: 'This evening', at: evening });
  choices.push({ label: 'Tomorrow morning', at: dayAt(now, 1, MORNING_HOUR) });
  const toMonday = (8 - new Date(now).getDay()) % 7 || 7;
  if (toMonday > 1) choices.push({ label: 'Monday morning', at: dayAt(now, toMonday, MORNING_HOUR) });
  choices.push({ label: 'In a week', at: dayAt(now, 7, MORNING_HOUR) });
  return choices.sort((a, b) => a.at - b.at);
}

/** What a `datetime-local` input holds, in the reader's time zone; null for what is no time. */
export function localTime(written: string): number | null {
  const at = new Date(written).getTime();
  return Number.isNaN(at) ? null : at;
}

/** For the `min` of such an input. */
export function asLocalInput(at: number): string {
  const offsetMs = new Date(at).getTimezoneOffset() * 60_000;
  return new Date(at - offsetMs).toISOString().slice(0, 16);
}

function dayAt(now: number, daysOn: number, hour: number): number {
  const day = new Date(now);
  day.setDate(day.getDate() + daysOn);
  day.setHours(hour, 0, 0, 0);
  return day.getTime();
}
