import { expect, test } from 'vitest';
import { World } from './testing/world.ts';

/** Two inboxes with a conversation each; all of it open. */
async function open(isSocket = true) {
  const world = new World();
  const { log } = world.server;
  log.change('c1', { inbox_id: 'i1' });
  log.change('c2', { inbox_id: 'i2' });
  log.say('c1', { text: 'one' });
  log.say('c2', { text: 'two' });
  const all = world.open('conversations');
  const thread = world.open('thread:c2');
  const unread = world.open('unread');
  if (!isSocket) world.server.weather = 'refused';
  await world.live();
  await world.advance(isSocket ? 100 : 10_000);
  return { world, server: world.server, all, thread, unread };
}

test.each([
  ['over the socket', true],
  ['by polling', false],
])(
  '[A2] %s, what may no longer be seen goes from every list, and its channel says why',
  async (_, isSocket) => {
    const { world, server, all, thread, unread } = await open(isSocket);
    expect([all.ids, thread.ids.length, unread.ids]).toEqual([['c2', 'c1'], 1, ['c2', 'c1']]);
    server.hide('i2');
    await world.advance(isSocket ? 100 : 10_000);
    expect([all.ids, unread.ids]).toEqual([['c1'], ['c1']]);
    expect(thread.state).toMatchObject({
      rows: [],
      isLoading: false,
      error: { code: 'conversation.unknown', remedy: 'give-up' },
    });
    server.log.say('c1', { text: 'three' });
    await world.advance(isSocket ? 100 : 10_000);
    expect(unread.state.rows).toMatchObject([{ id: 'c1', unread: 2 }]);
  },
);

test('[A2] rows that nobody looks at, and nobody keeps current, go as well', async () => {
  const { world, server, thread } = await open();
  thread.close();
  await world.advance(10_000);
  expect(thread.ids).toHaveLength(1); // kept for the next visit
  server.hide('i2');
  await world.advance(100);
  expect(thread.ids).toEqual([]);
});

test('what may be seen again is asked for again', async () => {
  const { world, server, all, thread } = await open();
  server.hide('i2');
  await world.advance(100);
  server.hide();
  await world.advance(100);
  expect([all.ids, thread.ids.length, thread.state.error]).toEqual([['c2', 'c1'], 1, null]);
});

test('[A2] who was away while it happened gets nothing of it when they are back', async () => {
  const { world, server, all, thread } = await open();
  server.die();
  server.hide('i2');
  server.recover();
  await world.advance(10_000);
  expect([all.ids, thread.ids, thread.state.error?.code]).toEqual([['c1'], [], 'conversation.unknown']);
});

test('a server that cannot open a list anew at the moment is asked again, and until then it is empty', async () => {
  const { world, all } = await open();
  const [subscription] = world.network.last.sentOf('hello')[0]?.subscriptions ?? [];
  world.network.last.receive({
    type: 'error',
    id: subscription?.id,
    code: 'store.unavailable',
    message: 'The store does not answer.',
    remedy: 'retry',
  });
  expect(all.state).toMatchObject({ rows: [], error: { code: 'store.unavailable' } });
  await world.advance(2_000);
  expect([all.ids, all.state.error]).toEqual([['c2', 'c1'], null]);
});

test('an unread list that is told whole is nothing but that', async () => {
  const { world, thread, unread } = await open();
  thread.close();
  await world.advance(10_000);
  const { socket, id } = { socket: world.network.last, id: 's3' };
  socket.receive({
    type: 'snapshot',
    id,
    channel: 'unread',
    key: 'unread:u1',
    cursor: world.server.log.cursor,
    rows: [],
    next: null,
    has_more: false,
    etag: `"${world.server.log.cursor}"`,
  });
  expect([unread.ids, thread.ids.length]).toEqual([[], 1]);
});
