import { expect, test } from 'vitest';
import { readEntry } from './entry.ts';
import { Recent } from './recent.ts';
import { SmallLog } from './testing/small-log.ts';

const bounds = { recentMaxEntries: 8, recentMaxBytes: 1 << 20, catchUpMaxEntries: 8 };

test('holds the newest entries without gaps, within its bounds', () => {
  const log = new SmallLog();
  const recent = new Recent(0, bounds);
  for (let n = 0; n < 30; n += 1) recent.push(readEntry(log.deliver()));
  expect(recent.offset).toBe(30);
  expect(recent.offset - recent.from).toBeLessThanOrEqual(8);
  expect(recent.after(recent.from).map(({ offset }) => offset)).toEqual(
    Array.from({ length: recent.offset - recent.from }, (_, n) => recent.from + n + 1),
  );
  expect(recent.after(30)).toEqual([]);
});

test('a few large entries are as much as many small ones', () => {
  const log = new SmallLog();
  const recent = new Recent(0, { ...bounds, recentMaxBytes: 1_000 });
  for (let n = 0; n < 8; n += 1) recent.push(readEntry(log.deliver()));
  expect(recent.offset - recent.from).toBeLessThan(8);
});

test('goes back as far as there is room', () => {
  const log = new SmallLog();
  const entries = Array.from({ length: 6 }, () => readEntry(log.deliver()));
  const recent = new Recent(4, bounds);
  for (const entry of entries.slice(4)) recent.push(entry);
  expect(recent.extendBack(entries.slice(2, 4))).toBe(true);
  expect([recent.from, recent.after(2).map(({ offset }) => offset)]).toEqual([2, [3, 4, 5, 6]]);
  const tight = new Recent(4, { ...bounds, recentMaxBytes: 10 });
  expect(tight.extendBack(entries.slice(2, 4))).toBe(false);
  expect(tight.from).toBe(4);
});
