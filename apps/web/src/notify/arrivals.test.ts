import { expect, test } from 'vitest';
import { conversation } from '../testing/rows.ts';
import { arrivals, known } from './arrivals.ts';

const unread = (id: string, inbound_offset: number) => ({
  ...conversation({ id, inbound_offset }),
  unread: 1,
  first_unread: 'm',
});

test('what was there at first is no arrival', () => {
  expect(arrivals(null, [unread('a', 5)], 0)).toEqual([]);
});

test('a message in a known or a new conversation is one; marking unread again is none', () => {
  const before = known([unread('a', 5)]);
  const rows = [unread('a', 9), unread('b', 8), unread('c', 3)];
  expect(arrivals(before, rows, 6).map(({ id }) => id)).toEqual(['a', 'b']);
  expect(arrivals(before, [unread('a', 5)], 0)).toEqual([]);
});
