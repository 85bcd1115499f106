import type { Status } from '@roost/client';
import { clockTime } from '../ui/time.ts';

/** What the header says of the connection. */
export interface Described {
  readonly tone: 'good' | 'busy' | 'slow' | 'away' | 'bad';
  readonly label: string;
  /** Why it is so, for who wants to know. */
  readonly detail: string;
  readonly action: 'try-now' | 'sign-in' | null;
}

/** Every state in words that are true: `Live` only when every committed change is here or on its way here. */
export function describeStatus(status: Status, now: number): Described {
  switch (status.state) {
    case 'idle':
      return { tone: 'busy', label: 'Not connected', detail: '', action: null };
    case 'connecting':
    case 'authenticating':
      return {
        tone: 'busy',
        label: 'Connecting…',
        detail: status.reason,
        action: null,
      };
    case 'catching-up':
      return {
        tone: 'busy',
        label: 'Catching up…',
        detail: 'Connected; what you missed is on its way.',
        action: null,
      };
    case 'live':
      return {
        tone: 'good',
        label: 'Live',
        detail: 'New mail appears as it arrives.',
        action: null,
      };
    case 'polling':
      return {
        tone: 'slow',
        label: 'Updates every few seconds',
        detail: status.reason || 'Live updates cannot pass here, so we ask the server every few seconds.',
        action: null,
      };
    case 'waiting':
      return {
        ...away(status, now),
        detail: `${sentence(status.reason)}${retryInWords(status.retryAt, now)}`,
      };
    case 'offline':
      return { ...away(status, now), detail: status.reason || 'This device has no network.' };
    case 'stopped':
      return {
        tone: 'bad',
        label: 'Stopped',
        detail: status.reason || 'The server has ended this session.',
        action: 'sign-in',
      };
    default:
      return status.state satisfies never;
  }
}

/** Whether what is on screen is true now, or within the few seconds of a poll. */
export function isCurrent(status: Status): boolean {
  return status.state === 'live' || status.state === 'polling';
}

/** `As of 14:02` where rows on screen may be old; null where they are current, or nothing was ever loaded. */
export function asOf(status: Status, now: number): string | null {
  if (isCurrent(status) || status.lastCurrentAt === null) return null;
  return `As of ${clockTime(status.lastCurrentAt, now)}`;
}

function away(status: Status, now: number): Described {
  // What matters to the reader is since when things may be missing, not when the last attempt began.
  const since = status.lastCurrentAt ?? status.since;
  const label = `Offline since ${clockTime(since, now)}`;
  return { tone: 'away', label, detail: '', action: 'try-now' };
}

function retryInWords(retryAt: number | null, now: number): string {
  if (retryAt === null) return '';
  const seconds = Math.ceil((retryAt - now) / 1000);
  return seconds <= 0 ? 'Trying again now.' : `Trying again in ${seconds} s.`;
}

function sentence(reason: string): string {
  if (reason === '') return '';
  return /[.!?…]$/.test(reason) ? `${reason} ` : `${reason}. `;
}
