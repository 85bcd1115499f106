import { expect, test } from 'vitest';
import { countInWords } from './badge.tsx';

test('a count says where there may be more', () => {
  expect(countInWords(120)).toBe('120');
  expect(countInWords(120, true)).toBe('120+');
  expect(countInWords(200)).toBe('200');
  expect(countInWords(200, true)).toBe('200+');
  expect(countInWords(3_000)).toBe('200+');
});
