import { expect, test } from 'vitest';
import { message } from '../testing/rows.ts';
import { threadItems } from './thread-items.ts';

const ZONE = 'Europe/Berlin';
const now = Date.parse('2026-03-12T16:00:00Z');
const kinds = (rows: Parameters<typeof threadItems>[0], firstUnread: string | null = null) =>
  threadItems(rows, firstUnread, now, ZONE).map((item) =>
    item.kind === 'day'
      ? item.words
      : item.kind === 'message'
        ? `${item.key}${item.goesOn ? '+' : ''}`
        : item.kind,
  );
const at = (id: string, time: string, more = {}) => message({ id, received_at: time, ...more });

test('oldest first, with a line for each day', () => {
  expect(
    kinds([
      at('m3', '2026-03-12T10:00:00Z'),
      at('m2', '2026-03-11T23:30:00Z'), // past midnight in Berlin
      at('m1', '2026-03-11T10:00:00Z'),
    ]),
  ).toEqual(['Yesterday', 'm1', 'Today', 'm2', 'm3']);
});

test('what one person says at once stands together', () => {
  const time = (minute: number) => `2026-03-12T10:${String(minute).padStart(2, '0')}:00Z`;
  expect(
    kinds([
      at('m5', time(30)),
      at('m4', time(4), { kind: 'note', author_id: 'u1' }),
      at('m3', time(3), { kind: 'outbound', author_id: 'u1' }),
      at('m2', time(2)),
      at('m1', time(0)),
    ]),
  ).toEqual(['Today', 'm1', 'm2+', 'm3', 'm4', 'm5']);
});

test('what is new stands below a line, and begins anew', () => {
  const rows = [
    at('m3', '2026-03-12T10:02:00Z'),
    at('m2', '2026-03-12T10:01:00Z'),
    at('m1', '2026-03-12T10:00:00Z'),
  ];
  expect(kinds(rows, 'm2')).toEqual(['Today', 'm1', 'new', 'm2', 'm3+']);
  expect(kinds(rows, 'm4')).toEqual(['Today', 'm1', 'm2+', 'm3+']);
});

test('where the first unread one was removed the line stands above the next', () => {
  const rows = [at('m3', '2026-03-12T10:02:00Z'), at('m1', '2026-03-12T10:00:00Z')];
  expect(kinds(rows, 'm2')).toEqual(['Today', 'm1', 'new', 'm3']);
});

test('the server’s own words stand by themselves, and are never new', () => {
  const rows = [
    at('m3', '2026-03-12T10:02:00Z'),
    at('m2', '2026-03-12T10:01:00Z', { kind: 'system' }),
    at('m1', '2026-03-12T10:00:00Z'),
  ];
  expect(kinds(rows, 'm2')).toEqual(['Today', 'm1', 'system', 'new', 'm3']);
});
