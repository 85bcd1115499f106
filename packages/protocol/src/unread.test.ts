import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ARRIVAL_CHARS, arrivalOffset, formatArrival, unreadIn } from './unread.ts';

const LAST = 32 ** ARRIVAL_CHARS - 1;
const arrived = (...offsets: number[]) =>
  offsets.map((offset) => ({ id: `${formatArrival(offset)}000chance`, version: 1 }));

test('[U1] an offset written into an id is read from it, and ids sort as their offsets do', () => {
  const offset = fc.integer({ min: 0, max: LAST });
  fc.assert(
    fc.property(offset, offset, (one, other) => {
      expect(arrivalOffset(formatArrival(one))).toBe(one);
      expect(formatArrival(one) < formatArrival(other)).toBe(one < other);
      expect(formatArrival(one)).toHaveLength(ARRIVAL_CHARS);
    }),
  );
});

test('[U1] unread is what arrived after the read cursor: exact where the window reaches down to it', () => {
  expect(unreadIn({ rows: arrived(9, 8, 5), bottom: null }, 8)).toEqual({ count: 1, atLeast: false });
  expect(unreadIn({ rows: arrived(9, 8, 5), bottom: 'x' }, 5)).toEqual({ count: 2, atLeast: false });
  expect(unreadIn({ rows: arrived(9, 8), bottom: null }, 0)).toEqual({ count: 2, atLeast: false });
});

test('[U1] and “at least” so many where it does not', () => {
  expect(unreadIn({ rows: arrived(9, 8), bottom: 'x' }, 3)).toEqual({ count: 2, atLeast: true });
  expect(unreadIn({ rows: [], bottom: null }, 3)).toEqual({ count: 0, atLeast: false });
});
