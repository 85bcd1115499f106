import { expect, test } from 'vitest';
import { readAsked } from './asked.ts';
import { placedWords, wordsOf } from './words.ts';

const plain = (...words: string[]) => ({ words, isPrefix: false });
const begun = (...words: string[]) => ({ words, isPrefix: true });

test.each([
  ['red house', [plain('red'), begun('house')], []],
  ['red house ', [plain('red'), plain('house')], []],
  ['"Red House"', [plain('red', 'house')], []],
  ['"red hou', [plain('red', 'hou')], []],
  ['red -house', [plain('red')], [plain('house')]],
  ['-"red house" sea', [begun('sea')], [plain('red', 'house')]],
  ['ann@example.org', [begun('ann', 'example', 'org')], []],
  ['a', [plain('a')], []],
  ['東', [begun('東')], []],
  ['-', [], []],
  ['""', [], []],
  ['*** ((( :', [], []],
  ['re-open', [begun('re', 'open')], []],
])('%s', (written, wanted, unwanted) => {
  expect(readAsked(written)).toEqual({ wanted, unwanted });
});

test('more than makes sense is left out', () => {
  const { wanted } = readAsked('word '.repeat(80));
  expect(wanted).toHaveLength(16);
});

test('words are read where they stand', () => {
  const text = 'Ünï, ½ 東京x';
  expect(placedWords(text).map(({ word, start, end }) => [word, text.slice(start, end)])).toEqual([
    ['uni', 'Ünï'],
    ['1', '½'],
    ['2', '½'],
    ['東', '東'],
    ['京', '京'],
    ['x', 'x'],
  ]);
  expect(wordsOf(text)).toEqual(placedWords(text).map(({ word }) => word));
});
