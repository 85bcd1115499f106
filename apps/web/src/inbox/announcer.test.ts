import type { MessageRow } from '@roost/protocol';
import { expect, test } from 'vitest';
import { announcement } from './announcer.tsx';

const from = (author: string, subject: string) => ({ from: author, subject }) as MessageRow;

test('one message is told by its author and subject, a burst by its count', () => {
  expect(announcement([from('Ann Lee <ann@example.org>', 'Lunch?')])).toBe(
    'New message from Ann Lee: Lunch?',
  );
  expect(announcement([from('ann@example.org', '')])).toBe('New message from ann@example.org: no subject');
  expect(announcement([from('a@b.test', '1'), from('a@b.test', '2')])).toBe('2 new messages');
  expect(announcement([])).toBe('');
});
