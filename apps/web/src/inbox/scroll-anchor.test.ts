import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anchorAt, countNewer, scrollTopOf } from './scroll-anchor.ts';

/** Newest first, as a list has them. */
const rows = (...ids: number[]) => ids.map((id) => ({ id: String(id).padStart(6, '0'), version: 1 }));
const down = (from: number, count: number) => rows(...Array.from({ length: count }, (_, at) => from - at));

test('at the very top nothing is held: new rows push the others down', () => {
  expect(anchorAt(down(100, 50), 0, 44)).toBeNull();
});

test('whatever arrives or goes above, the row that is read stays at its place', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 4_000 }),
      fc.integer({ min: 0, max: 300 }),
      fc.integer({ min: 0, max: 20 }),
      (scrollTop, arrived, deleted) => {
        const before = down(1_000, 100);
        const anchor = anchorAt(before, scrollTop, 44);
        const read = before.findIndex(({ id }) => id === anchor?.id);
        const gone = Math.min(deleted, read);
        const after = [...down(1_000 + arrived, arrived), ...before.slice(gone)];
        const moved = scrollTopOf(anchor as NonNullable<typeof anchor>, after, 44);
        expect(moved).toBe(scrollTop + (arrived - gone) * 44);
      },
    ),
  );
});

test('when the row that was read is itself gone, the list stays where it is', () => {
  expect(scrollTopOf({ id: '000999', withinPx: 3 }, down(998, 10), 44)).toBeNull();
});

test('a change of row height keeps the same row on top', () => {
  const list = down(1_000, 100);
  const anchor = anchorAt(list, 20 * 44 + 30, 44);
  expect(scrollTopOf(anchor as NonNullable<typeof anchor>, list, 84)).toBe(20 * 84 + 30);
});

test('an empty list has nothing to hold', () => {
  expect(anchorAt([], 100, 44)).toBeNull();
});

test('newer rows are counted even when the one last seen was deleted', () => {
  expect(countNewer(rows(9, 8, 7), '000007')).toBe(2);
  expect(countNewer(rows(9, 8, 5), '000007')).toBe(2);
  expect(countNewer(rows(9), '000009')).toBe(0);
  expect(countNewer([], '000009')).toBe(0);
});
