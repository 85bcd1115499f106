import { expect, test } from 'vitest';
import { partedMail } from './quoted.ts';

test('the history below an answer is folded away', () => {
  const text =
    'Thanks, that works.\n\nAnn\n\nOn Thu, 12 Mar 2026 at 10:00, Roost <team@shop.test> wrote:\n> Try this.\n';
  expect(partedMail(text)).toEqual({
    own: 'Thanks, that works.\n\nAnn',
    quoted: 'On Thu, 12 Mar 2026 at 10:00, Roost <team@shop.test> wrote:\n> Try this.',
  });
});

test('an introduction over two lines is one', () => {
  const text = 'Yes.\n\nOn Thu, 12 Mar 2026 at 10:00, Roost\n<team@shop.test> wrote:\n\n> Try this.';
  expect(partedMail(text).own).toBe('Yes.');
});

test('bare quotation to the end is history, quotation in between is not', () => {
  expect(partedMail('Fine.\n\n> a\n>\n> b\n').own).toBe('Fine.');
  expect(partedMail('> Which one?\nThe blue one.').own).toBe('> Which one?\nThe blue one.');
});

test('other languages, other programs', () => {
  expect(partedMail('Gut.\n\nAm 12.03.26 um 10:00 schrieb Roost:\n> x').own).toBe('Gut.');
  expect(partedMail('Ok\n\n-----Original Message-----\nFrom: x').own).toBe('Ok');
});

test('nothing but quotation is shown', () => {
  expect(partedMail('> a\n> b')).toEqual({ own: '> a\n> b', quoted: '' });
  expect(partedMail('Just text: it wrote:')).toEqual({ own: 'Just text: it wrote:', quoted: '' });
});
