import type { UnreadRow } from '@roost/protocol';
import { expect, test } from 'vitest';
import { World } from './testing/world.ts';

test('[U2] what is unread follows the log, by conversation, inbox and view', async () => {
  const world = new World();
  const { log } = world.server;
  log.change('c1', { assignee_id: 'u1' });
  log.change('c2', { inbox_id: 'i2' });
  log.change('c3', { status: 'closed' });
  log.change('c4', { kind: 'direct', inbox_id: null, participants: ['u1', 'u2'] });
  log.change('c5', { kind: 'direct', inbox_id: null, participants: ['u2', 'u3'] });
  for (const id of ['c1', 'c1', 'c2', 'c3', 'c4', 'c5']) log.say(id, { text: 'x' });
  const { unread } = world.client;
  const seen: string[] = [];
  unread.subscribe(() => {
    const { conversations, messages } = unread.getSnapshot();
    seen.push(`${conversations} ${messages}`);
  });
  expect(unread.getSnapshot()).toMatchObject({ conversations: 0, messages: 0, atLeast: false });
  await world.live();
  const state = unread.getSnapshot();
  expect(state).toMatchObject({ conversations: 3, messages: 4, atLeast: false });
  expect(state.direct).toEqual({ conversations: 1, messages: 1 });
  expect([state.of('c1'), state.of('c3'), state.of('none')]).toEqual([2, 1, 0]);
  expect(state.inInbox('i1')).toEqual({ conversations: 1, messages: 2 });
  expect(state.inView('mine')).toEqual({ conversations: 1, messages: 2 });
  expect(state.inView('unassigned')).toEqual({ conversations: 1, messages: 1 });
  expect(state.inView('closed')).toEqual({ conversations: 1, messages: 1 });
  expect(state.inView('open')).toEqual({ conversations: 2, messages: 3 });
  expect(unread.getSnapshot()).toBe(state);
  log.readIn('c1', log.head);
  await world.advance(20);
  expect(unread.getSnapshot().of('c1')).toBe(0);
  expect(seen.at(-1)).toBe('2 2');
});

test('more than the server tells of is at least that', async () => {
  const world = new World();
  const list = world.client.list('unread');
  world.client.unread.subscribe(() => {});
  world.server.log.change('c1');
  world.server.log.say('c1', { text: 'x' });
  await world.live();
  const { id } = world.network.last.sentOf('hello')[0]?.subscriptions?.[0] ?? { id: '' };
  const rows = list.getSnapshot().rows as UnreadRow[];
  world.network.last.receive({
    type: 'snapshot',
    id,
    channel: 'unread',
    key: 'unread:u1',
    cursor: 'e1.9',
    rows,
    next: rows[0]?.activity ?? '',
    has_more: true,
    etag: '"e1.9"',
  });
  expect(world.client.unread.getSnapshot()).toMatchObject({ messages: 1, atLeast: true });
});
