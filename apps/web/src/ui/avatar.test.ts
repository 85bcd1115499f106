import { expect, test } from 'vitest';
import { initialsOf } from './avatar.tsx';

test.each([
  ['Ann Lee', 'AL'],
  ['ann@example.org', 'A'],
  ['Anna Maria von Berg', 'AB'],
  ['+49 30 123456', '#'],
  ['Özlem', 'Ö'],
  ['“Quoted” Name', 'QN'],
  ['', '?'],
  ['😀', '?'],
])('%s is shown as %s', (name, initials) => {
  expect(initialsOf(name)).toBe(initials);
});
