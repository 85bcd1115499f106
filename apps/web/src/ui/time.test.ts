import { describe, expect, test } from 'vitest';
import { absoluteTime, clockTime, dayInWords, relativeTime, timeOfDay, untilInWords } from './time.ts';

const ZONE = 'Europe/Berlin';
const now = Date.parse('2026-03-12T15:30:00Z'); // 16:30 in Berlin, a Thursday
const at = (iso: string) => Date.parse(iso);

describe('relativeTime', () => {
  test.each([
    ['2026-03-12T15:30:00Z', 'just now'],
    ['2026-03-12T15:29:01Z', 'just now'],
    ['2026-03-12T15:29:00Z', '1 min ago'],
    ['2026-03-12T14:30:01Z', '59 min ago'],
    ['2026-03-12T14:30:00Z', '1 h ago'],
    ['2026-03-12T00:10:00Z', '15 h ago'],
    ['2026-03-11T20:00:00Z', 'Yesterday'],
    ['2026-03-10T12:00:00Z', 'Tue'],
    ['2026-03-06T12:00:00Z', 'Fri'],
    ['2026-03-05T12:00:00Z', '5 Mar'],
    ['2025-12-31T12:00:00Z', '31 Dec 2025'],
  ])('%s is told as “%s”', (received, told) => {
    expect(relativeTime(at(received), now, ZONE)).toBe(told);
  });

  test('a sender whose clock is a little ahead is not in the future', () => {
    expect(relativeTime(now + 90_000, now, ZONE)).toBe('just now');
  });

  test('shortly after midnight, an hour ago stays an hour ago rather than “Yesterday”', () => {
    const early = at('2026-03-11T23:20:00Z'); // 00:20 in Berlin
    expect(relativeTime(early - 90 * 60_000, early, ZONE)).toBe('1 h ago');
  });

  test('the day is the one of the time zone', () => {
    const seen = at('2026-03-12T03:30:00Z');
    expect(relativeTime(at('2026-03-11T20:00:00Z'), seen, ZONE)).toBe('Yesterday');
    expect(relativeTime(at('2026-03-11T20:00:00Z'), seen, 'America/Los_Angeles')).toBe('7 h ago');
  });
});

test('absoluteTime names the whole moment', () => {
  expect(absoluteTime(at('2026-03-03T13:02:09Z'), ZONE)).toBe('Tuesday 3 March 2026 at 14:02:09');
});

test('clockTime leaves out today', () => {
  expect(clockTime(at('2026-03-12T13:02:00Z'), now, ZONE)).toBe('14:02');
  expect(clockTime(at('2026-03-11T13:02:00Z'), now, ZONE)).toBe('11 Mar, 14:02');
});

test.each([
  ['2026-03-12T05:00:00Z', 'Today'],
  ['2026-03-11T05:00:00Z', 'Yesterday'],
  ['2026-03-09T05:00:00Z', 'Monday 9 March'],
  ['2025-12-31T05:00:00Z', 'Wednesday 31 December 2025'],
])('%s is of the day “%s”', (iso, words) => {
  expect(dayInWords(at(iso), now, ZONE)).toBe(words);
});

test('timeOfDay names no day', () => {
  expect(timeOfDay(at('2026-03-03T13:02:09Z'), ZONE)).toBe('14:02');
});

test.each([
  [now - 1, 'now'],
  [now + 20_000, 'in 1 min'],
  [now + 40 * 60_000, 'in 40 min'],
  [now + 23.9 * 3_600_000, 'in 23 h'],
])('untilInWords', (when, words) => {
  expect(untilInWords(when, now)).toBe(words);
});
