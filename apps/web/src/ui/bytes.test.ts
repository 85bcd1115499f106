import { expect, test } from 'vitest';
import { sizeInWords } from './bytes.ts';

test.each([
  [0, '0 bytes'],
  [1, '1 byte'],
  [999, '999 bytes'],
  [1000, '1.0 KB'],
  [9_949, '9.9 KB'],
  [9_960, '10 KB'],
  [999_499, '999 KB'],
  [999_500, '1.0 MB'],
  [1_300_000, '1.3 MB'],
  [25_000_000_000, '25 GB'],
])('%i bytes are told as “%s”', (bytes, told) => {
  expect(sizeInWords(bytes)).toBe(told);
});
