import { Failure, type FailureCode, failures } from '@roost/protocol';
import { expect, test } from 'vitest';
import { sysexitOf } from './pipe.ts';

test.each([
  ['address.unknown', 67],
  ['request.malformed', 65],
  ['request.invalid', 65],
  ['request.too_big', 65],
  ['request.too_many', 75],
  ['store.full', 75],
  ['store.unavailable', 75],
  ['server.draining', 75],
  ['server.failed', 75],
  ['token.invalid', 75],
  ['access.forbidden', 75],
] as const)('%s ends with %d', (code, exit) => {
  expect(sysexitOf(new Failure(code))).toBe(exit);
});

test('an error nobody expected never sends mail back', () => {
  expect(sysexitOf(new Error('connect ECONNREFUSED'))).toBe(75);
  expect(sysexitOf(undefined)).toBe(75);
});

test('every failure that asks to come again is temporary', () => {
  const codes = Object.keys(failures) as FailureCode[];
  for (const code of codes.filter((code) => failures[code].remedy === 'retry')) {
    expect(sysexitOf(new Failure(code)), code).toBe(75);
  }
});
