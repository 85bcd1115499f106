import { expect, test } from 'vitest';
import { AddressRule, isRange } from './addresses.ts';

const outside = new AddressRule([]);

test.each([
  '127.0.0.1',
  '127.8.8.8',
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::ffff:127.0.0.1',
  '::ffff:0:127.0.0.1',
  '::ffff:a9fe:a9fe',
  '2001:0:4136:e378:8000:63bf:3fff:fdd2',
  '::ffff:7f00:1',
  '::ffff:10.0.0.1',
  '::127.0.0.1',
  '64:ff9b::7f00:1',
  '2002:7f00:1::',
  'fc00::1',
  'fd12:3456::1',
  'fe80::1',
  'fe80::1%eth0',
  'ff02::1',
  '[::1]',
  'localhost',
  '',
])('%s is not reached', (address) => {
  expect(outside.permits(address)).toBe(false);
});

test.each(['8.8.8.8', '172.32.0.1', '193.0.0.1', '2606:4700::1111', '::ffff:8.8.8.8', '[2606:4700::1111]'])(
  '%s is',
  (address) => {
    expect(outside.permits(address)).toBe(true);
    expect(outside.isNamed(address)).toBe(false);
  },
);

test('what is named is reached all the same, and nothing else', () => {
  const rule = new AddressRule(['127.0.0.1', '10.0.0.0/8', 'fd00::/8']);
  expect(
    ['127.0.0.1', '::ffff:127.0.0.1', '10.9.9.9', 'fd00::1'].map((address) => rule.permits(address)),
  ).toEqual(Array(4).fill(true));
  expect(['127.0.0.2', '192.168.0.1', '::1'].some((address) => rule.permits(address))).toBe(false);
});

test.each([
  ['10.0.0.0/8', true],
  ['::1', true],
  ['fd00::/8', true],
  ['10.0.0.0/33', false],
  ['10.0.0/8', false],
  ['localhost', false],
  ['10.0.0.0/8/8', false],
  ['10.0.0.0/', false],
])('%s is a range: %s', (written, is) => {
  expect(isRange(written)).toBe(is);
});
