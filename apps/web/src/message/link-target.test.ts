import { expect, test } from 'vitest';
import { linkTarget } from './link-target.ts';

test.each([
  ['https://bank.example/login', 'Sign in', false],
  ['https://bank.example/login', 'bank.example', false],
  ['https://bank.example/login', 'https://bank.example/login', false],
  ['https://www.bank.example/', 'bank.example', false],
  ['https://click.bank.example/t?x', 'https://bank.example/offer', false],
  ['https://bank.example/', 'version 2.0', false],
  ['https://bank.example/', 'Read more at the end. Thanks', false],
  ['https://evil.test/', 'bank.example', true],
  ['https://evil.test/', 'https://www.bank.example/login', true],
  ['https://bank.example.evil.test/', 'bank.example', true],
  ['https://evil.test/', ' HTTPS://BANK.EXAMPLE ', true],
  ['https://bank.example@evil.test/', 'Sign in', true],
  ['https://xn--bnk-6cd.example/', 'Sign in', true],
  ['https://bаnk.example/', 'bank.example', true],
  ['https://evil.test/', '\u202eelpmaxe.knab', true],
  ['https://evil.test/', 'bank\u200b.example', true],
  ['mailto:ann@example.org', 'evil.test', false],
  ['tel:+491234', '+49 1234', false],
])('%s that says %j deceives: %s', (href, text, deceives) => {
  expect(linkTarget(href, text)?.deceives).toBe(deceives);
});

test('letters that look like others show for what they are', () => {
  expect(linkTarget('https://bаnk.example/a', '')).toMatchObject({
    host: 'xn--bnk-6cd.example',
    address: 'https://xn--bnk-6cd.example/a',
  });
  expect(linkTarget('http://2130706433/', '')?.host).toBe('127.0.0.1');
});

test('what is no address leads nowhere', () => {
  expect(linkTarget('/sign-in', 'x')).toBeNull();
});
