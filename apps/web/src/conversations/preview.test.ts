import type { ConversationRow } from '@roost/protocol';
import { describe, expect, test } from 'vitest';
import { conversation } from '../testing/rows.ts';
import { previewOf, titleOf } from './preview.ts';

const names: Record<string, string> = { u1: 'Ana Silva', u2: 'Ben Okoro' };
const nameOf = (id: string) => names[id] ?? 'Somebody';
const said = (more: Partial<NonNullable<ConversationRow['last_message']>>) =>
  conversation({
    last_message: { id: 'm1', kind: 'inbound', author_id: null, snippet: 'Hello', at: '', ...more },
  });

describe('the newest message says who said it', () => {
  test.each([
    [said({}), '', 'Hello'],
    [said({ kind: 'outbound', author_id: 'u1' }), 'You', 'Hello'],
    [said({ kind: 'outbound', author_id: 'u2' }), 'Ben', 'Hello'],
    [said({ kind: 'outbound' }), 'API', 'Hello'],
    [said({ kind: 'note', author_id: 'u2' }), 'Note by Ben', 'Hello'],
    [said({ kind: 'note', author_id: 'u1' }), 'Your note', 'Hello'],
    [said({ kind: 'system', author_id: 'u2', snippet: 'Closed by Ben.' }), '', 'Closed by Ben.'],
    [said({ snippet: '' }), '', 'A message without text'],
    [conversation({ subject: 'Order 12' }), '', 'Order 12'],
    [conversation(), '', 'No messages yet'],
  ])('%#', (row, who, what) => {
    expect(previewOf(row, 'u1', nameOf)).toMatchObject({ who, what });
  });
});

test('a conversation is called by its contact, or by who is in it', () => {
  expect(titleOf(conversation(), 'u1', nameOf)).toBe('Ann Lee');
  const nameless = conversation({ contact: { id: 'p', name: '', address: '+4930123456' } });
  expect(titleOf(nameless, 'u1', nameOf)).toBe('+4930123456');
  const direct = conversation({ kind: 'direct', contact: null, participants: ['u1', 'u2'] });
  expect(titleOf(direct, 'u1', nameOf)).toBe('Ben Okoro');
  expect(titleOf({ ...direct, subject: 'Friday' }, 'u1', nameOf)).toBe('Friday');
});
