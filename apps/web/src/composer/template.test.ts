import { expect, test } from 'vitest';
import { preview } from './template.ts';

test('places are filled by their numbers; empty ones stay to be seen', () => {
  expect(preview('Hello {{1}}, order {{2}} is ready. Bye {{1}}!', ['Ann'])).toBe(
    'Hello Ann, order {{2}} is ready. Bye Ann!',
  );
  expect(preview('Plain', ['x'])).toBe('Plain');
});
