import { expect, test } from 'vitest';
import { authorOf } from './author.ts';

test.each([
  ['Ann Lee <ann@example.org>', 'Ann Lee', 'ann@example.org'],
  ['"Lee, Ann" <ann@example.org>', 'Lee, Ann', 'ann@example.org'],
  ['"Ann \\"Ace\\" Lee" <ann@example.org>', 'Ann "Ace" Lee', 'ann@example.org'],
  ['<ann@example.org>', 'ann@example.org', 'ann@example.org'],
  ['ann@example.org', 'ann@example.org', 'ann@example.org'],
  ['"" <ann@example.org>', 'ann@example.org', 'ann@example.org'],
  ['Mailer Daemon', 'Mailer Daemon', ''],
  ['', 'Unknown sender', ''],
  ['<>', 'Unknown sender', ''],
])('%j is %s', (from, name, address) => {
  expect(authorOf(from)).toEqual({ name, address });
});

test('a name that poses as another address gives way to the real one', () => {
  expect(authorOf('"boss@bank.test" <thief@evil.test>').name).toBe('thief@evil.test');
  expect(authorOf('"ann@example.org" <Ann@example.org>').name).toBe('ann@example.org');
});
