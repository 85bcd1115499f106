import fc from 'fast-check';
import { expect, test } from 'vitest';
import { linked } from './links.ts';

const hrefs = (text: string) => linked(text).flatMap(({ href }) => href ?? []);

test.each([
  ['see https://a.test/b.', ['https://a.test/b']],
  ['(see https://a.test/b?c=1).', ['https://a.test/b?c=1']],
  ['https://en.test/Roost_(bird) is one', ['https://en.test/Roost_(bird)']],
  ['<https://a.test> and HTTP://B.test/x', ['https://a.test', 'HTTP://B.test/x']],
  ['javascript:alert(1) ftp://a.test file:///etc', []],
  ['https:// alone', []],
])('%j holds the addresses %j', (text, found) => {
  expect(hrefs(text)).toEqual(found);
});

test('nothing of the text is lost or changed', () => {
  const words = fc.constantFrom('https://a.test/', '(', ')', '.', ' ', '\n', 'http://', '<b>', 'x');
  fc.assert(
    fc.property(fc.array(fc.oneof(words, fc.string())), (parts) => {
      const text = parts.join('');
      expect(
        linked(text)
          .map((piece) => piece.text)
          .join(''),
      ).toBe(text);
    }),
  );
});
