import { expect, test } from 'vitest';
import { ManualClock } from '../testing/manual-clock.ts';
import { Ticker } from './use-now.ts';

test('a ticker steps for as long as somebody looks, and not longer', async () => {
  const clock = new ManualClock();
  const start = clock.now();
  const ticker = new Ticker(clock, 60_000);
  const seen: number[] = [];
  const leave = ticker.subscribe(() => seen.push(ticker.getSnapshot() - start));
  await clock.advance(150_000);
  leave();
  await clock.advance(600_000);
  expect(seen).toEqual([0, 60_000, 120_000]);
  ticker.subscribe(() => seen.push(ticker.getSnapshot() - start));
  expect(seen.at(-1)).toBe(750_000);
});
