import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { challengeAnswer, signatureOf, signersOf } from './signature.ts';

const body = Buffer.from('{"text":"Grüße \\u00e9 / 🙂"}');

describe('the signature', () => {
  test('is that of the bytes as they came', () => {
    const byHand = createHmac('sha256', 'secret').update(body).digest('hex');
    expect(signatureOf(body, 'secret')).toBe(`sha256=${byHand}`);
    expect(signersOf(body, `sha256=${byHand}`, ['secret'])).toEqual(new Set(['secret']));
  });

  test('does not fit bytes that mean the same JSON', () => {
    const rewritten = Buffer.from(JSON.stringify(JSON.parse(body.toString())));
    expect(signersOf(rewritten, signatureOf(body, 'secret'), ['secret']).size).toBe(0);
  });

  test('says which of several apps has signed, and no other', () => {
    expect(signersOf(body, signatureOf(body, 'b'), ['a', 'b', 'c', 'b'])).toEqual(new Set(['b']));
  });

  test('may be written in capitals', () => {
    const written = signatureOf(body, 's').toUpperCase().replace('SHA256', 'sha256');
    expect(signersOf(body, written, ['s']).size).toBe(1);
  });

  test.each([
    undefined,
    '',
    'sha256=',
    'sha256=00',
    `sha256=${'0'.repeat(63)}`,
    `sha256=${'0'.repeat(65)}`,
    `sha256=${'z'.repeat(64)}`,
    `sha1=${'0'.repeat(64)}`,
    `sha256=${'0'.repeat(64)}, sha256=${'0'.repeat(64)}`,
    '0'.repeat(64),
  ])('%j is refused', (header) => {
    expect(signersOf(body, header, ['secret']).size).toBe(0);
  });

  test('made with an empty secret is worth nothing', () => {
    expect(signersOf(body, signatureOf(body, ''), ['', 'secret']).size).toBe(0);
  });

  test('without any secret fits nothing', () => {
    expect(signersOf(body, signatureOf(body, 'x'), []).size).toBe(0);
  });
});

describe('the question whether the address is ours', () => {
  const asked = { mode: 'subscribe', token: 'token-2', challenge: '1158201444' };

  test('is answered with the challenge for any of our tokens', () => {
    expect(challengeAnswer(asked, ['token-1', 'token-2'])).toBe('1158201444');
  });

  test.each([
    ['another token', { ...asked, token: 'token-3' }],
    ['a longer token', { ...asked, token: 'token-22' }],
    ['no token', { ...asked, token: undefined }],
    ['an empty token', { ...asked, token: '' }],
    ['another mode', { ...asked, mode: 'unsubscribe' }],
    ['no challenge', { ...asked, challenge: undefined }],
    ['a challenge that is a page', { ...asked, challenge: 'x'.repeat(1_001) }],
  ])('is refused with %s', (_what, other) => {
    expect(challengeAnswer(other, ['token-1', 'token-2', ''])).toBeNull();
  });
});
