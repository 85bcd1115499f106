import { describe, expect, test } from 'vitest';
import { ATTEMPTS_MAX, ATTEMPTS_WINDOW_MS, Attempts, networkOf, TooManyAttempts } from './attempts.ts';

function counting() {
  const clock = { time: 1_000_000, now: () => clock.time };
  return { clock, attempts: new Attempts(clock) };
}

describe('attempts', () => {
  test('are taken up to a number, then the wait is told', () => {
    const { clock, attempts } = counting();
    for (let at = 0; at < ATTEMPTS_MAX; at += 1) attempts.take('a');
    clock.time += 60_000;
    expect(() => attempts.take('a')).toThrow(
      expect.objectContaining({ retryAfterMs: ATTEMPTS_WINDOW_MS - 60_000 }),
    );
    expect(() => attempts.take('b')).not.toThrow();
    clock.time += ATTEMPTS_WINDOW_MS - 60_000;
    expect(() => attempts.take('a')).not.toThrow();
  });

  test('under several keys are taken from all of them or from none', () => {
    const { attempts } = counting();
    for (let at = 0; at < ATTEMPTS_MAX; at += 1) attempts.take('spent');
    expect(() => attempts.take('spent', 'fresh')).toThrow(TooManyAttempts);
    for (let at = 0; at < ATTEMPTS_MAX; at += 1) attempts.take('fresh');
    expect(() => attempts.take('fresh')).toThrow(TooManyAttempts);
  });

  test('that succeeded are given back', () => {
    const { attempts } = counting();
    for (let at = 0; at < 3 * ATTEMPTS_MAX; at += 1) {
      attempts.take('a');
      attempts.giveBack('a');
    }
    attempts.giveBack('a', 'never heard of');
    expect(() => attempts.take('a')).not.toThrow();
  });

  test('a clock that steps back locks nobody out for longer', () => {
    const { clock, attempts } = counting();
    for (let at = 0; at < ATTEMPTS_MAX; at += 1) attempts.take('a');
    clock.time -= 24 * 60 * 60_000;
    expect(() => attempts.take('a')).not.toThrow();
  });
});

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:DB8:0001:2::9', '2001:db8:1:2'],
  ['2001:db8::1', '2001:db8:0:0'],
  ['::1', '0:0:0:0'],
  ['fe80::1', 'fe80:0:0:0'],
])('%s counts as %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});
