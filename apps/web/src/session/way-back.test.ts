import { expect, test } from 'vitest';
import { linkTokenIn, takeLinkToken } from './link-token.ts';
import { wayBack } from './way-back.ts';

test.each([
  ['/', '/'],
  ['/message/000abc', '/message/000abc'],
  ['/?filter=bob', '/?filter=bob'],
  [undefined, '/'],
  ['', '/'],
  ['//evil.test', '/'],
  ['/\\evil.test', '/'],
  ['/\t/evil.test', '/'],
  ['/.//evil.test', '/'],
  ['https://evil.test', '/'],
  ['javascript:alert(1)', '/'],
  ['/sign-in?to=%2F', '/'],
])('after signing in, %j leads to %s', (to, path) => {
  expect(wayBack(to)).toBe(path);
});

test('a link token is read from the fragment and taken out of the address', () => {
  expect(linkTokenIn('#link=abc-_1')).toBe('abc-_1');
  expect(linkTokenIn('#other')).toBeNull();
  expect(linkTokenIn('#link=')).toBeNull();
  let address = '';
  const page = {
    location: { hash: '#link=abc', pathname: '/sign-in', search: '?to=%2F' },
    history: { state: null, replaceState: (_state: unknown, _title: string, url: string) => (address = url) },
  };
  expect(takeLinkToken(page as unknown as Window)).toBe('abc');
  expect(address).toBe('/sign-in?to=%2F');
});
