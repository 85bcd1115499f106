import { expect, test } from 'vitest';
import { invitationIn } from './invitation-in.ts';

test.each([
  ['#invitation=abc', 'abc'],
  ['#link=abc', null],
  ['#invitation=', null],
  ['', null],
  [`#invitation=${'x'.repeat(201)}`, null],
])('%s', (hash, secret) => {
  expect(invitationIn(hash)).toBe(secret);
});
