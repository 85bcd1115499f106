import type { UnreadRow } from '@roost/protocol';
import { expect, test } from 'vitest';
import { conversation } from '../testing/rows.ts';
import { unreadCounts } from './counts.ts';

const unread = (more: Partial<UnreadRow>): UnreadRow => ({
  ...conversation(more),
  unread: 3,
  first_unread: 'm1',
});

test('each badge counts conversations, each once for every place it stands in', () => {
  const counts = unreadCounts(
    [
      unread({ id: 'a', labels: ['vip', 'billing'] }),
      unread({ id: 'b', assignee_id: 'u1', labels: ['vip'] }),
      unread({ id: 'c', assignee_id: 'u2', inbox_id: 'i2' }),
      unread({ id: 'd', status: 'closed' }),
      unread({ id: 'e', kind: 'direct', inbox_id: null, contact: null, participants: ['u1', 'u2'] }),
    ],
    'u1',
  );
  expect(counts.places).toMatchObject({
    open: 3,
    mine: 1,
    unassigned: 1,
    closed: 1,
    pending: 0,
    unread: 4,
    all: 4,
  });
  expect([...counts.inboxes]).toEqual([
    ['i1', 2],
    ['i2', 1],
  ]);
  expect([...counts.labels]).toEqual([
    ['vip', 2],
    ['billing', 1],
  ]);
  expect([counts.direct, counts.total]).toEqual([1, 4]);
});

test('where more is unread than is known, every count is the least there can be', () => {
  expect(unreadCounts([unread({})], 'u1', true)).toMatchObject({ total: 1, atLeast: true });
  expect(unreadCounts([unread({})], 'u1').atLeast).toBe(false);
});
