import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ATTEMPTS_MAX, waitMs } from './backoff.ts';

test('the wait doubles, has a bound, and stays within a quarter of it', () => {
  const middle = Array.from({ length: ATTEMPTS_MAX }, (_, at) => waitMs(at + 1, null, () => 0.5));
  expect(middle.slice(0, 4)).toEqual([5_000, 10_000, 20_000, 40_000]);
  expect(middle.at(-1)).toBe(3_600_000);
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1000 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (attempts, drawn) => {
        const wait = waitMs(attempts, null, () => drawn);
        expect(wait).toBeGreaterThanOrEqual(3_750);
        expect(wait).toBeLessThanOrEqual(4_500_000);
      },
    ),
  );
});

test('what the other side asks for holds, within reason', () => {
  expect(waitMs(1, 60_000, () => 0)).toBe(60_000);
  expect(waitMs(1, 1, () => 0)).toBe(3_750);
  expect(waitMs(1, 10 ** 12, () => 0)).toBe(6 * 3_600_000);
});
