import { expect, test } from 'vitest';
import { reconnectDelayMs, within } from './backoff.ts';
import { Patience } from './patience.ts';
import { seededRandom } from './testing/fake-clock.ts';
import { defaultTiming } from './timing.ts';

const last = () => 1 - Number.EPSILON;

test('the ceiling doubles from half a second to thirty seconds and stays there', () => {
  const ceilings = [0, 1, 2, 5, 6, 7, 5_000].map((failures) =>
    Math.round(reconnectDelayMs(failures, last, defaultTiming)),
  );
  expect(ceilings).toEqual([500, 1_000, 2_000, 16_000, 30_000, 30_000, 30_000]);
});

test('the whole range down to nothing is used, so that nobody comes back in step', () => {
  expect(reconnectDelayMs(4, () => 0, defaultTiming)).toBe(0);
  const random = seededRandom(3);
  const delays = Array.from({ length: 1_000 }, () => reconnectDelayMs(4, random, defaultTiming));
  const early = delays.filter((ms) => ms < 4_000).length;
  expect(early).toBeGreaterThan(450);
  expect(early).toBeLessThan(550);
});

test('a jittered interval lies within its bounds', () => {
  expect(within([3_000, 5_000], () => 0)).toBe(3_000);
  expect(within([3_000, 5_000], () => 0.5)).toBe(4_000);
});

test('patience ends with the third failure in a row; losing a good connection is none', () => {
  const patience = new Patience(defaultTiming, () => 0.5);
  expect([patience.failed(), patience.failed(), patience.failed()]).toEqual(['lost', 'lost', 'poll']);
  patience.steadied();
  expect(patience.failed()).toBe('lost');
  expect(patience.failures).toBe(0);
  expect(patience.failed()).toBe('lost');
  expect(patience.failures).toBe(1);
});

test('an ordered delay is kept once, and forgotten with the failures', () => {
  const patience = new Patience(defaultTiming, () => 0.5);
  patience.order(7_000);
  expect([patience.nextDelayMs(), patience.nextDelayMs()]).toEqual([7_000, 250]);
  patience.failed();
  patience.order(7_000);
  patience.forgive();
  expect([patience.failures, patience.nextDelayMs()]).toEqual([0, 250]);
});
