import type { Status } from '@roost/client';
import { describe, expect, test } from 'vitest';
import { asOf, describeStatus } from './describe.ts';

const now = new Date(2026, 2, 12, 14, 5).getTime();
const cutAt = new Date(2026, 2, 12, 14, 2).getTime();
const status = (state: Status['state'], more: Partial<Status> = {}): Status => ({
  state,
  reason: '',
  since: now,
  lastCurrentAt: null,
  retryAt: null,
  ...more,
});

test('only a live connection is called live', () => {
  const states: Status['state'][] = [
    'idle',
    'connecting',
    'authenticating',
    'catching-up',
    'live',
    'polling',
    'waiting',
    'offline',
    'stopped',
  ];
  const live = states.filter((state) => describeStatus(status(state), now).tone === 'good');
  expect(live).toEqual(['live']);
});

describe('without a connection', () => {
  test('offline counts from the last moment that all was true', () => {
    const waiting = status('waiting', {
      lastCurrentAt: cutAt,
      retryAt: now + 7_200,
      reason: 'The socket was cut',
    });
    expect(describeStatus(waiting, now)).toMatchObject({
      label: 'Offline since 14:02',
      detail: 'The socket was cut. Trying again in 8 s.',
      action: 'try-now',
    });
  });

  test('before anything was ever current, from when it began', () => {
    expect(describeStatus(status('offline', { since: cutAt }), now).label).toBe('Offline since 14:02');
  });

  test('a stopped connection gives its reason and asks to sign in', () => {
    expect(describeStatus(status('stopped', { reason: 'The token is not valid.' }), now)).toMatchObject({
      detail: 'The token is not valid.',
      action: 'sign-in',
    });
  });
});

test('rows that may be old say as of when, current ones say nothing', () => {
  expect(asOf(status('waiting', { lastCurrentAt: cutAt }), now)).toBe('As of 14:02');
  expect(asOf(status('catching-up', { lastCurrentAt: cutAt }), now)).toBe('As of 14:02');
  expect(asOf(status('connecting'), now)).toBeNull();
  expect(asOf(status('live', { lastCurrentAt: cutAt }), now)).toBeNull();
  expect(asOf(status('polling', { lastCurrentAt: cutAt }), now)).toBeNull();
});
