import { expect, test } from 'vitest';
import { extended, NOTHING_SELECTED, SELECTION_MAX_COUNT, toggled, within } from './selection.ts';

const shown = ['a', 'b', 'c', 'd', 'e'];
const picked = (selection: { ids: ReadonlySet<string> }) => [...selection.ids].sort();

test('one is picked, and put back', () => {
  const one = toggled(NOTHING_SELECTED, 'b');
  expect(picked(one)).toEqual(['b']);
  expect(picked(toggled(one, 'b'))).toEqual([]);
});

test('a range goes from the last one picked, in either direction', () => {
  const from = toggled(NOTHING_SELECTED, 'c');
  expect(picked(extended(from, 'e', shown))).toEqual(['c', 'd', 'e']);
  expect(picked(extended(from, 'a', shown))).toEqual(['a', 'b', 'c']);
  expect(picked(extended(NOTHING_SELECTED, 'd', shown))).toEqual(['d']);
});

test('a range from one that is gone is only the new one', () => {
  expect(picked(extended({ ids: new Set(), anchor: 'gone' }, 'b', shown))).toEqual(['b']);
});

test('what leaves the list leaves the selection', () => {
  const three = extended(toggled(NOTHING_SELECTED, 'b'), 'd', shown);
  expect(within(three, shown)).toBe(three);
  expect(picked(within(three, ['a', 'd', 'e']))).toEqual(['d']);
  expect(within(three, [])).toBe(NOTHING_SELECTED);
});

test('no more are picked than one command changes', () => {
  const many = Array.from({ length: SELECTION_MAX_COUNT + 50 }, (_, at) => `c${at}`);
  const all = extended(toggled(NOTHING_SELECTED, 'c0'), many.at(-1) as string, many);
  expect(all.ids.size).toBe(SELECTION_MAX_COUNT);
  expect(toggled(all, 'one more').ids.size).toBe(SELECTION_MAX_COUNT);
});
