import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addressMatches,
  domainPart,
  localPart,
  normalAddress,
  parseAddressFilter,
  wildcardMatches,
} from './filter.ts';

function matches(filter: string, address: string): boolean {
  const parsed = parseAddressFilter(filter);
  return parsed === null || addressMatches(parsed, normalAddress(address));
}

describe('[S4] the address filter', () => {
  test.each([
    // with @ and no *: that address
    ['bob@x.test', 'bob@x.test', true],
    ['bob@x.test', 'bobby@x.test', false],
    ['bob@x.test', 'bob@x.test.org', false],
    // with both: a wildcard over the whole address
    ['*@x.test', 'bob@x.test', true],
    ['*@x.test', 'bob@y.test', false],
    ['b*@*.test', 'bob@x.test', true],
    ['*b@x.test', 'bob@x.test', true],
    ['b*', 'abc@x.test', false],
    // without @: a substring of the local part, or a wildcard over all of it, on any domain
    ['ob', 'bob@x.test', true],
    ['x.test', 'bob@x.test', false],
    ['b*', 'bob@x.test', true],
    ['*o*', 'bob@x.test', true],
    ['o*', 'bob@x.test', false],
    ['*', 'bob@x.test', true],
    // case does not matter, and nothing but * is special
    ['BOB', 'bob@x.test', true],
    [' bob ', 'bob@x.test', true],
    ['b_b', 'bob@x.test', false],
    ['b%', 'bob@x.test', false],
    ['b.b', 'bob@x.test', false],
    ['', 'anybody@anywhere.test', true],
  ])('“%s” and %s: %s', (filter, address, expected) => {
    expect(matches(filter, address)).toBe(expected);
  });

  test('longer than any address it is refused', () => {
    expect(() => parseAddressFilter('a'.repeat(321))).toThrow(
      expect.objectContaining({ code: 'filter.invalid' }),
    );
  });
});

test('a wildcard means what the regular expression of the same form means', () => {
  const text = fc.array(fc.constantFrom('a', 'b', '.'), { maxLength: 8 }).map((parts) => parts.join(''));
  const pattern = fc
    .array(fc.constantFrom('a', 'b', '.', '*', '*'), { maxLength: 8 })
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(pattern, text, (written, subject) => {
      const pieces = written.split('*');
      const expression = new RegExp(`^${pieces.map((piece) => piece.replaceAll('.', '\\.')).join('.*')}$`);
      expect(wildcardMatches(pieces, subject)).toBe(expression.test(subject));
    }),
  );
});

test('a pattern made to be slow is not', () => {
  const subject = `${'a'.repeat(20_000)}b`;
  const started = performance.now();
  expect(wildcardMatches('*a*a*a*a*a*a*a*a*a*c'.split('*'), subject)).toBe(false);
  expect(performance.now() - started).toBeLessThan(500);
});

test('an address has its parts around its last @', () => {
  expect([localPart('a@b@c.test'), domainPart('a@b@c.test')]).toEqual(['a@b', 'c.test']);
  expect([localPart('nobody'), domainPart('nobody')]).toEqual(['nobody', '']);
});
