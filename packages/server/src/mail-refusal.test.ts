import { expect, test } from 'vitest';
import { enhancedCodeIn, refusalInWords } from './mail-refusal.ts';

test.each([
  [
    '550 5.1.1 <bob@example.org>: Recipient address rejected: User unknown in local recipient table',
    'there is no such mailbox (“<bob@example.org>: Recipient address rejected: User unknown in local recipient table”)',
  ],
  [
    "550-5.1.1 The email account that you tried to reach does not exist. Please try\r\n550-5.1.1 double-checking the recipient's email address\r\n550 5.1.1 for typos",
    "there is no such mailbox (“The email account that you tried to reach does not exist. Please try double-checking the recipient's email address for typos”)",
  ],
  ['552 5.2.2 Mailbox full', 'the mailbox is full (“Mailbox full”)'],
  ['554 Message refused, quota exceeded', 'the mailbox is full (“Message refused, quota exceeded”)'],
  ['550 no', 'the other side said “no”'],
  ['', 'the other side gave no reason'],
  [
    '554 5.7.1 Service unavailable; Client host blocked using zen',
    'the other side does not accept it, usually for a rule of its own (“Service unavailable; Client host blocked using zen”)',
  ],
  ['550 5.7.1 Unknown user', 'there is no such mailbox (“Unknown user”)'],
])('%s', (said, words) => {
  expect(refusalInWords(said)).toBe(words);
});

test('a code that came apart from the words counts', () => {
  expect(refusalInWords('something odd', '5.2.2')).toBe('the mailbox is full (“something odd”)');
  expect(refusalInWords('', '5.4.4')).toBe('no way to the other mail server was found');
});

test('an address in numbers is no code', () => {
  expect(enhancedCodeIn('550 rejected 5.1.1.2 [5.9.8.7]')).toBeNull();
  expect(enhancedCodeIn('(#5.1.1)')).toBe('5.1.1');
});

test('control characters and endless words do not reach a screen', () => {
  const words = refusalInWords(`550 a\u0000\u202eb ${'x'.repeat(5000)}`);
  expect(words).toMatch(/^the other side said “a b x+…”$/);
  expect(words.length).toBeLessThan(400);
});
