import type { CannedReplyRow } from '@roost/protocol';
import { describe, expect, test } from 'vitest';
import { filled, inserted, offered, slashWord } from './canned.ts';

describe('a word after a slash asks for canned replies', () => {
  test.each([
    ['/', 1, ''],
    ['/hel', 4, 'hel'],
    ['Dear Ann, /Hel', 14, 'hel'],
    ['line\n/x', 7, 'x'],
    ['/hel', 2, 'h'],
    ['and/or', 6, null],
    ['https://a', 9, null],
    ['/two words', 10, null],
    ['', 0, null],
  ])('%j at %i: %j', (text, caret, word) => {
    expect(slashWord(text, caret)).toBe(word);
  });
});

const reply = (shortcut: string, title: string, text: string): CannedReplyRow => ({
  id: shortcut,
  version: 1,
  shortcut,
  title,
  text,
});
const replies = [
  reply('thanks', 'Thank you', 'Thank you for writing.'),
  reply('refund', 'Money back', 'We send it back.'),
  reply('hours', 'Opening hours', 'From nine. Thanks!'),
];

test('by shortcut first, then by title, then by text', () => {
  expect(offered(replies, 'than').map(({ id }) => id)).toEqual(['thanks', 'hours']);
  expect(offered(replies, 'back').map(({ id }) => id)).toEqual(['refund']);
  expect(offered(replies, '').map(({ id }) => id)).toEqual(['hours', 'refund', 'thanks']);
  expect(offered(replies, 'zzz')).toEqual([]);
});

test('variables are filled; unknown ones are left to be seen', () => {
  const values = { 'contact.name': 'Ann', 'agent.name': 'Ben', 'conversation.subject': '' };
  expect(filled('Hello {{contact.name}}, I am {{ agent.name }}. {{order.id}}', values)).toBe(
    'Hello Ann, I am Ben. {{order.id}}',
  );
  expect(filled('{{constructor}}', values)).toBe('{{constructor}}');
});

test('a reply takes the place of the word, and what stood around it stays', () => {
  expect(inserted('Dear Ann, /tha Bye', 14, 'Thanks!')).toEqual({ text: 'Dear Ann, Thanks! Bye', caret: 17 });
});
