import { expect, test } from 'vitest';
import { addressesIn } from './addresses.ts';

test.each([
  ['bob@x.test', ['bob@x.test']],
  ['Bob <Bob@X.test>, ann@y.test', ['bob@x.test', 'ann@y.test']],
  ['"bob@x.test" <ann@y.test>', ['ann@y.test']],
  ['bob@x.test <ann@y.test>', ['ann@y.test']],
  ['Team: bob@x.test, Ann (her@z.test) <ann@y.test>;', ['bob@x.test', 'ann@y.test']],
  ['"Lee, Ann" <ann@y.test>', ['ann@y.test']],
  ['undisclosed-recipients:;', []],
  ['', []],
])('%s names %j', (header, addresses) => {
  expect(addressesIn(header)).toEqual(addresses);
});

test('a header built to cost time costs little', () => {
  const startedAt = performance.now();
  addressesIn(`${'<a@'.repeat(50_000)}${'('.repeat(50_000)}`);
  expect(performance.now() - startedAt).toBeLessThan(1_000);
});
