import { expect, test } from 'vitest';
import { askedOf, searchPath } from './asked.ts';
import { highlighted } from './highlighted.ts';

test('what was found stands apart, and nothing of the text is lost', () => {
  const pieces = highlighted('the red lamp', [
    { start: 8, end: 12 },
    { start: 4, end: 7 },
  ]);
  expect(pieces.map(({ text, isFound }) => (isFound ? `[${text}]` : text)).join('')).toBe('the [red] [lamp]');
});

test('places that overlap or lie outside do no harm', () => {
  const text = 'abc';
  const odd = [
    { start: 0, end: 2 },
    { start: 1, end: 3 },
    { start: 2, end: 9 },
  ];
  expect(
    highlighted(text, odd)
      .map((piece) => piece.text)
      .join(''),
  ).toBe(text);
  expect(highlighted('', [])).toEqual([]);
});

test('the address bar and the request say the same', () => {
  expect(askedOf({ q: 'lamp', status: 'open', inbox: '', other: 'x' })).toEqual({
    q: 'lamp',
    status: 'open',
  });
  expect(searchPath({ q: 'red lamp', kind: 'note' }, null)).toBe('/api/v1/search?q=red+lamp&kind=note');
  expect(searchPath({ q: 'a' }, 'c1')).toBe('/api/v1/search?q=a&cursor=c1');
});
