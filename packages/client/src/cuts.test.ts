import { expect, test } from 'vitest';
import { Cuts } from './cuts.ts';

function record() {
  const first: string[] = [];
  const rest: string[] = [];
  const cuts = new Cuts<string>(
    (frames) => void first.push(frames.join()),
    (frames) => void rest.push(frames.join()),
  );
  return { cuts, first, rest };
}

test('what belongs together comes together, and what stands alone alone', () => {
  const { cuts, first, rest } = record();
  cuts.begin(2);
  cuts.add('a');
  expect(first).toEqual([]);
  cuts.add('b');
  cuts.add('c');
  cuts.begin(1);
  cuts.add('d');
  expect([first, rest]).toEqual([['a,b'], ['c', 'd']]);
});

test('an opening without frames is complete at once', () => {
  const { cuts, first, rest } = record();
  cuts.begin(0);
  cuts.add('a');
  expect([first, rest]).toEqual([[''], ['a']]);
});

test('a group within a group is one of its frames and makes it longer', () => {
  const { cuts, first } = record();
  cuts.begin(2);
  cuts.begin(2);
  cuts.add('a');
  cuts.add('b');
  expect(first).toEqual([]);
  cuts.add('c');
  expect(first).toEqual(['a,b,c']);
});
