import { limits } from '@roost/protocol';
import { describe, expect, test } from 'vitest';
import { Front, type Visitor } from './testing/front.ts';

const EVENTS = { type: 'subscribe', id: 'e1', channel: 'events' } as const;

async function listening(front: Front, token: string): Promise<Visitor> {
  const visitor = front.visit();
  await visitor.greet(token);
  await visitor.say(EVENTS);
  return visitor;
}

function namesIn({ wire }: Visitor): string[] {
  return wire.take().flatMap((frame) => (frame.type === 'event' ? [frame.event] : []));
}

describe('[N1] named events', () => {
  test('are told live, after what they tell of, to those who subscribed', async () => {
    const front = new Front();
    const ann = await listening(front, 'ann');
    const bob = front.visit();
    await bob.greet('bob');
    front.commit(front.log.deliver());
    expect(ann.wire.take()).toMatchObject([
      { type: 'delta', channel: 'inbox' },
      { type: 'event', event: 'message:received', data: { inboxId: 'x.test', conversationId: null } },
    ]);
    expect(bob.wire.take().map(({ type }) => type)).toEqual(['delta']);
  });

  test('come once, however often somebody subscribed, until the last of it is ended', async () => {
    const front = new Front();
    const ann = await listening(front, 'ann');
    await ann.say({ ...EVENTS, id: 'e2' });
    front.commit(front.log.say('c1'));
    expect(namesIn(ann)).toEqual(['conversation:created', 'message:received', 'conversation:unread_updated']);
    await ann.say({ type: 'unsubscribe', id: 'e1' });
    front.commit(front.log.say('c1'));
    expect(namesIn(ann)).toEqual(['message:received', 'conversation:unread_updated']);
    await ann.say({ type: 'unsubscribe', id: 'e2' });
    front.commit(front.log.say('c1'));
    expect(namesIn(ann)).toEqual([]);
  });

  test('can be asked for in the hello, which is answered as ever', async () => {
    const front = new Front();
    const ann = front.visit();
    await ann.say({ type: 'hello', token: 'ann', subscriptions: [{ id: 'e1', channel: 'events' }] });
    expect(ann.wire.take()).toMatchObject([{ type: 'connected', frames: 0 }]);
    front.commit(front.log.say('c1'));
    expect(namesIn(ann)).toContain('message:received');
  });

  test('of an inbox reach nobody from whom it is kept, from the entry on that keeps it', async () => {
    const front = new Front();
    const ann = await listening(front, 'ann');
    const bob = await listening(front, 'bob');
    front.commit(front.log.hide('bob', 'x'));
    await bob.say({ type: 'pong' });
    bob.wire.take();
    front.commit(front.log.say('c1', 'x'), front.log.say('c2', 'y'));
    const heardBy = (visitor: Visitor) =>
      visitor.wire.take().flatMap((frame) => (frame.type === 'event' ? [frame.data.inboxId] : []));
    expect(new Set(heardBy(ann))).toEqual(new Set(['x', 'y']));
    expect(new Set(heardBy(bob))).toEqual(new Set(['y']));
  });

  test('of the entry that keeps an inbox from somebody do not reach them either', async () => {
    const front = new Front();
    const bob = await listening(front, 'bob');
    front.commit(front.log.hide('bob', 'x'), front.log.say('c1', 'x'));
    expect(namesIn(bob)).toEqual([]);
  });

  test('are encoded once for everybody', async () => {
    const front = new Front();
    const visitors = await Promise.all(['ann', 'bob'].map((token) => listening(front, token)));
    front.commit(front.log.say('c1'));
    const [first, second] = visitors.map(({ wire }) => wire.take().filter(({ type }) => type === 'event'));
    expect(first).toHaveLength(3);
    expect(second).toEqual(first);
  });

  test('are not kept for whoever is slow', async () => {
    const front = new Front();
    const ann = await listening(front, 'ann');
    ann.wire.queuedBytes = limits.SEND_QUEUE_HIGH_BYTES + 1;
    front.commit(front.log.say('c1'));
    ann.wire.take();
    front.commit(front.log.say('c2'));
    ann.wire.queuedBytes = 0;
    ann.connection.drained();
    await ann.say({ type: 'pong' });
    expect(namesIn(ann)).toEqual([]);
    front.commit(front.log.say('c3'));
    expect(namesIn(ann)).toContain('message:received');
  });
});
