import { describe, expect, test } from 'vitest';
import { asLocalInput, localTime, snoozeChoices } from './snooze.ts';

const at = (iso: string) => new Date(iso).getTime(); // without a zone: the reader's own
const labels = (iso: string) => snoozeChoices(at(iso)).map(({ label }) => label);

describe('snoozeChoices', () => {
  test('on a Thursday noon there is an evening, a tomorrow and a Monday', () => {
    expect(labels('2026-03-12T12:00')).toEqual([
      'In one hour',
      'This evening',
      'Tomorrow morning',
      'Monday morning',
      'In a week',
    ]);
  });
  test('late in the day there is no evening to come', () => {
    expect(labels('2026-03-12T17:00')).not.toContain('This evening');
  });
  test('on a Sunday, Monday is tomorrow, and said once', () => {
    expect(labels('2026-03-15T12:00')).not.toContain('Monday morning');
  });
  test('all of them are to come, soonest first', () => {
    for (const iso of ['2026-03-12T00:30', '2026-03-13T23:59', '2026-03-15T08:00', '2026-03-16T09:00']) {
      const times = snoozeChoices(at(iso)).map((choice) => choice.at);
      expect(times.every((time) => time > at(iso))).toBe(true);
      expect(times).toEqual([...times].sort((a, b) => a - b));
    }
  });
});

test('a time that is typed is the reader’s own', () => {
  expect(localTime('2026-03-12T12:00')).toBe(at('2026-03-12T12:00'));
  expect(localTime('soon')).toBeNull();
  expect(asLocalInput(at('2026-03-12T12:00'))).toBe('2026-03-12T12:00');
});
