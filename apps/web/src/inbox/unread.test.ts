import { expect, test } from 'vitest';
import { titleOf } from './unread.ts';

test('the title counts what is unread, and says when there may be more', () => {
  expect(titleOf('Inbox', { count: 0, atLeast: false })).toBe('Inbox · Roost');
  expect(titleOf('Inbox', { count: 3, atLeast: false })).toBe('(3) Inbox · Roost');
  expect(titleOf('Inbox', { count: 200, atLeast: true })).toBe('(200+) Inbox · Roost');
});
