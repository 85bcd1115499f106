import { Failure, limits } from '@roost/protocol';
import { describe, expect, test } from 'vitest';
import { Front } from './testing/front.ts';

/** As long as it takes until what is under way has been answered. */
const turns = async () => {
  for (let left = 5; left > 0; left -= 1) await new Promise(setImmediate);
};
const hello = {
  type: 'hello',
  token: 'ann',
  subscriptions: [{ id: 's1', channel: 'inbox', params: { limit: 5 } }],
};

describe('hello', () => {
  test('is answered by who one is, and as many frames as are told', async () => {
    const front = new Front();
    const { wire, say } = front.visit();
    await say(hello);
    expect(wire.take()).toMatchObject([
      { type: 'connected', user_id: 'ann', org_id: 'o1', cursor: 'e1.2', heartbeat_ms: 25_000, frames: 1 },
      { type: 'snapshot', id: 's1', cursor: 'e1.2' },
    ]);
    expect(wire.writeCount).toBe(1);
  });

  test('[H1] comes within five seconds', async () => {
    const front = new Front();
    const { wire } = front.visit();
    await front.clock.advance(limits.HELLO_DEADLINE_MS - 1);
    expect(wire.closedWith).toBeNull();
    await front.clock.advance(1);
    expect([wire.take()[0], wire.closedWith]).toMatchObject([{ code: 'hello.late', remedy: 'retry' }, 4000]);
  });

  test.each([
    ['without a token', { type: 'hello' }, 'token.missing', 4001],
    ['with somebody else’s', { type: 'hello', token: 'eve' }, 'token.invalid', 4002],
  ])('[H2] %s is refused', async (_, frame, code, close) => {
    const front = new Front();
    const { wire, say } = front.visit();
    await say(frame);
    expect([wire.take()[0], wire.closedWith]).toMatchObject([
      { type: 'error', code, remedy: 'sign-in' },
      close,
    ]);
    expect(front.gateway.connectionCount).toBe(0);
  });

  test('that cannot be answered is not left waiting', async () => {
    const front = new Front();
    front.log.isBroken = true;
    const { wire, say } = front.visit();
    await say(hello);
    expect([wire.take()[0], wire.closedWith]).toMatchObject([{ code: 'store.unavailable' }, 4000]);
  });

  test('[R2] with a cursor that is not known says so, beside the snapshots', async () => {
    const front = new Front();
    const { wire, say } = front.visit();
    await say({ ...hello, cursor: 'e0.1' });
    expect(wire.take().map((frame) => ('code' in frame ? frame.code : frame.type))).toEqual([
      'connected',
      'snapshot',
      'cursor.unknown',
    ]);
    expect(wire.closedWith).toBeNull();
  });
});

describe('[H4] what breaks the rules', () => {
  const before: [string, object | string, string, number][] = [
    ['no JSON', '{', 'frame.malformed', 4008],
    ['of no known shape', { type: 'helo' }, 'frame.unknown', 4008],
    ['something before hello', { type: 'read', id: 'r', up_to: 1 }, 'frame.unexpected', 4008],
    ['too large', 'x'.repeat(limits.FRAME_MAX_BYTES + 1), 'request.too_big', 4013],
  ];
  test.each(before)('%s', async (_, frame, code, close) => {
    const front = new Front();
    const other = front.visit();
    await other.greet('bob');
    const { wire, say } = front.visit();
    await say(frame);
    expect([wire.take()[0], wire.closedWith]).toMatchObject([{ type: 'error', code }, close]);
    expect(front.failures).toEqual([code]);
    front.commit(front.log.deliver());
    expect(other.wire.take()).toMatchObject([{ type: 'delta', offset: 3 }]);
  });

  test('a second hello', async () => {
    const front = new Front();
    const visitor = front.visit();
    await visitor.greet();
    await visitor.say(hello);
    expect([visitor.wire.take()[0], visitor.wire.closedWith]).toMatchObject([
      { code: 'frame.unexpected' },
      4008,
    ]);
  });

  test('binary frames', () => {
    const { wire, connection } = new Front().visit();
    connection.receiveBinary();
    expect([wire.take()[0], wire.closedWith]).toMatchObject([{ code: 'frame.binary' }, 4008]);
  });

  test('more frames than anybody needs', async () => {
    const front = new Front();
    const visitor = front.visit();
    await visitor.greet();
    for (let n = 0; n < limits.FRAMES_BURST + 1; n += 1) visitor.connection.receive('{"type":"pong"}');
    expect([visitor.wire.take()[0], visitor.wire.closedWith]).toMatchObject([
      { code: 'frame.too_many' },
      4009,
    ]);
  });

  test('more channels than a connection carries, which lives on', async () => {
    const front = new Front();
    const { wire, say } = front.visit();
    const subscriptions = Array.from({ length: limits.SUBSCRIPTIONS_MAX }, (_, n) => ({
      id: `s${n}`,
      channel: 'inbox',
      params: { filter: `f${n}`, limit: 1 },
    }));
    await say({ ...hello, subscriptions });
    wire.take();
    await say({ type: 'subscribe', id: 'more', channel: 'me' });
    expect([wire.take(), wire.closedWith]).toMatchObject([[{ code: 'channel.too_many', id: 'more' }], null]);
  });
});

describe('heartbeat', () => {
  test('[H3] every 25 s both sides hear of each other; after 55 s of silence it is over', async () => {
    const front = new Front();
    const { wire, greet, say } = front.visit();
    await greet();
    await front.clock.advance(limits.HEARTBEAT_MS);
    expect(wire.take()).toEqual([{ type: 'ping', cursor: 'e1.2' }]);
    await say({ type: 'pong' });
    await front.clock.advance(limits.SILENCE_MS);
    expect(wire.closedWith).toBeNull();
    await front.clock.advance(limits.HEARTBEAT_MS);
    expect([wire.take().at(-1), wire.closedWith]).toMatchObject([{ code: 'connection.silent' }, 4000]);
    expect(front.gateway.connectionCount).toBe(0);
  });

  test('[H3] its work is spread over all of it, however connections come and go', async () => {
    const front = new Front();
    for (let n = 0; n < 100; n += 1) {
      const { connection, greet } = front.visit();
      if (n % 2 === 0) connection.gone(1001);
      else await greet();
    }
    const { shares } = front.gateway as unknown as { shares: Set<unknown>[] };
    expect(Math.max(...shares.map(({ size }) => size))).toBeLessThanOrEqual(4);
  });

  test('nothing is told to who was not welcomed yet', async () => {
    const front = new Front();
    const release = front.log.hold();
    const { wire, say } = front.visit();
    await say(hello);
    await front.clock.advance(limits.HEARTBEAT_MS);
    expect(wire.take()).toEqual([]);
    release();
    await new Promise(setImmediate);
    expect(wire.take()[0]).toMatchObject({ type: 'connected' });
  });

  test('a token that ran out ends the connection, one renewed in time does not', async () => {
    const front = new Front();
    const [short, renewed] = [front.visit(), front.visit()];
    await short.greet('ann:s1:30000');
    await renewed.greet('ann:s1:30000');
    await renewed.say({ type: 'auth', id: 'a', token: 'ann:s2:300000' });
    expect(renewed.wire.take()).toEqual([{ type: 'ack', id: 'a', offset: 0 }]);
    await front.clock.advance(30_000 + limits.HEARTBEAT_MS);
    expect([short.wire.closedWith, renewed.wire.closedWith]).toEqual([4002, null]);
  });

  test('a connection stays with one person', async () => {
    const front = new Front();
    const { wire, greet, say } = front.visit();
    await greet();
    await say({ type: 'auth', id: 'a', token: 'bob' });
    expect([wire.take()[0], wire.closedWith]).toMatchObject([{ code: 'access.forbidden' }, 4003]);
  });
});

describe('slow readers', () => {
  /** A reader whose network took nothing of the last cut. */
  async function slow() {
    const front = new Front();
    const visitor = front.visit();
    await visitor.greet();
    visitor.wire.queuedBytes = limits.SEND_QUEUE_HIGH_BYTES + 1;
    front.commit(front.log.deliver());
    visitor.wire.take();
    return { front, ...visitor };
  }

  test('[B1] past the bound nothing is queued, not even a ping, and nothing is read', async () => {
    const { front, wire } = await slow();
    expect([wire.isPaused, front.stoppedCount]).toEqual([true, 1]);
    front.commit(front.log.deliver());
    await front.clock.advance(limits.HEARTBEAT_MS);
    expect(wire.take()).toEqual([]);
  });

  test('[B1] a large snapshot stops a reader as well', async () => {
    const front = new Front();
    const { wire, say, connection } = front.visit();
    wire.queuedBytes = limits.SEND_QUEUE_HIGH_BYTES + 1;
    await say(hello);
    wire.take();
    front.commit(front.log.deliver());
    expect(wire.take()).toEqual([]);
    wire.queuedBytes = 0;
    connection.drained();
    await new Promise(setImmediate);
    expect(wire.take()).toMatchObject([{ type: 'delta', prev: 2, offset: 3 }]);
  });

  test('[B2] when it has drained it gets what it missed, from where it was told', async () => {
    const { front, wire, connection } = await slow();
    front.commit(front.log.deliver(), front.log.deliver());
    wire.queuedBytes = 0;
    connection.drained();
    await new Promise(setImmediate);
    expect(wire.take()).toMatchObject([{ type: 'delta', prev: 3, offset: 5 }]);
    expect(wire.isPaused).toBe(false);
  });

  test('[B2] one that cannot be caught up comes back', async () => {
    const { front, wire, connection } = await slow();
    for (let n = 0; n < limits.CATCH_UP_MAX_ENTRIES + 1; n += 1) front.commit(front.log.deliver());
    front.log.isBroken = true;
    connection.drained();
    await new Promise(setImmediate);
    expect(wire.closedWith).toBe(4000);
  });

  test('[B4] a network that goes on taking bytes is a sign of life, however slow', async () => {
    const { front, wire } = await slow();
    for (let beats = 0; beats < 8; beats += 1) {
      wire.queuedBytes -= 1;
      await front.clock.advance(limits.HEARTBEAT_MS);
    }
    expect(wire.closedWith).toBeNull();
    await front.clock.advance(4 * limits.HEARTBEAT_MS);
    expect(wire.closedWith).toBe(4000);
  });

  test('[B3] what it asked before it stopped is answered once it has drained', async () => {
    const { front, wire, connection, say } = await slow();
    await say({ type: 'subscribe', id: 's2', channel: 'me' });
    expect(wire.take()).toEqual([]);
    wire.queuedBytes = 0;
    front.commit(front.log.deliver());
    connection.drained();
    for (let turns = 0; turns < 3; turns += 1) await new Promise(setImmediate);
    expect(wire.take()).toMatchObject([
      { type: 'delta', prev: 3, offset: 4 },
      { type: 'snapshot', id: 's2', cursor: 'e1.4' },
    ]);
  });
});

test('[C1] frames of several channels are announced by their number, and leave in one write', async () => {
  const front = new Front();
  const { wire, greet, say } = front.visit();
  await greet();
  await say({ type: 'subscribe', id: 's2', channel: 'inbox', params: { filter: 'bob', limit: 1 } });
  wire.take();
  const { writeCount } = wire;
  front.commit(front.log.deliver('bob@x.test'));
  expect(wire.take()).toMatchObject([
    { type: 'batch', frames: 2 },
    { type: 'delta', channel: 'inbox' },
    { type: 'delta', key: 'inbox?filter=bob' },
  ]);
  expect(wire.writeCount).toBe(writeCount + 1);
});

test('[W3] a read is acknowledged with the offset at which it took effect, under its own id', async () => {
  const front = new Front();
  const { wire, greet, say } = front.visit();
  await greet();
  await say({ type: 'read', id: 'w1', up_to: 2 });
  expect(wire.take()).toEqual([{ type: 'ack', id: 'w1', offset: 2 }]);
  expect(front.reads).toEqual([{ userId: 'ann', upTo: 2, conversationId: null, id: 'w1' }]);
});

test('[O1] what is sent is acknowledged with its id and place; what may not be says why, and about what', async () => {
  const front = new Front();
  const { wire, greet, say } = front.visit();
  await greet();
  const send = { type: 'send', id: 'c1', conversation_id: 'k', text: 'Hi', based_on: 2 };
  await say(send);
  expect(wire.take()).toEqual([{ type: 'ack', id: 'c1', offset: 2, message_id: 'm1' }]);
  expect(front.sent).toEqual([{ userId: 'ann', conversationId: 'k', text: 'Hi', id: 'c1' }]);
  front.refusal = new Failure('conversation.moved', undefined, { about: { answer_offset: 3, messages: [] } });
  await say(send);
  expect(wire.take()).toMatchObject([
    { type: 'error', id: 'c1', code: 'conversation.moved', about: { answer_offset: 3 } },
  ]);
  expect(wire.closedWith).toBeNull();
});

describe('who may read', () => {
  test('[A1] the end of a membership ends the connection, before anything past it', async () => {
    const front = new Front();
    const [ann, bob] = [front.visit(), front.visit()];
    await ann.greet('ann');
    await bob.greet('bob');
    front.commit(front.log.leave('ann'), front.log.deliver());
    expect([ann.wire.take(), ann.wire.closedWith]).toMatchObject([[{ code: 'access.forbidden' }], 4003]);
    expect(bob.wire.take()).toMatchObject([{ type: 'delta', offset: 4 }]);
  });

  test('[A1] also on the way in: between the check and the place in the list', async () => {
    const front = new Front();
    await front.visit().greet('bob');
    const { wire, say } = front.visit();
    let isFirst = true;
    front.beforeAnswer = () => {
      if (isFirst) front.commit(front.log.leave('ann'), front.log.deliver());
      isFirst = false;
    };
    await say({ ...hello, cursor: 'e1.2' });
    expect([wire.take(), wire.closedWith]).toMatchObject([[{ code: 'token.invalid' }], 4002]);
  });

  test('[A1] and where a connection takes a fresh token', async () => {
    const front = new Front();
    const { wire, greet, say } = front.visit();
    await greet();
    front.beforeAnswer = () => front.endToken('ann:s2');
    await say({ type: 'auth', id: 'a', token: 'ann:s2' });
    expect([wire.take(), wire.closedWith]).toMatchObject([[{ code: 'token.invalid' }], 4002]);
  });

  test('[A1] who became a member again is not mistaken for who they were', async () => {
    const front = new Front();
    await front.visit().greet('bob');
    const left = front.log.leave('ann');
    const back = front.log.join('ann');
    const { wire, say } = front.visit();
    // A session of after the return; the node has not heard of either.
    await say({ ...hello, token: 'ann:000000004000x' });
    wire.take();
    front.commit(left, back);
    await new Promise(setImmediate);
    expect(wire.closedWith).toBeNull();
  });

  test('[A2] who may see less has everything opened anew, in one cut, and goes on from there', async () => {
    const front = new Front();
    const { wire, greet, say } = front.visit();
    await greet();
    await say({ type: 'subscribe', id: 's2', channel: 'members' });
    front.commit(front.log.deliver('ann@x.test'), front.log.deliver('ann@y.test'));
    wire.take();
    front.commit(front.log.hide('ann', 'y.test'), front.log.deliver('ann@y.test'));
    await turns();
    const [batch, inbox, members] = wire.take();
    expect(batch).toEqual({ type: 'batch', frames: 2 });
    expect(inbox).toMatchObject({
      type: 'snapshot',
      id: 's1',
      cursor: 'e1.6',
      rows: [{ inbox_id: 'x.test' }],
    });
    expect(members).toMatchObject({ type: 'snapshot', id: 's2' });
    front.commit(front.log.deliver('ann@y.test'), front.log.deliver('ann@x.test'));
    expect(wire.take()).toMatchObject([{ type: 'delta', prev: 6, offset: 8 }]);
  });

  test('[A2] and less again in the very instant in which they have been told', async () => {
    const front = new Front();
    const { wire, greet } = front.visit();
    await greet();
    front.commit(front.log.deliver('ann@x.test'), front.log.deliver('ann@y.test'));
    wire.take();
    const write = wire.write.bind(wire);
    let isFirst = true;
    wire.write = (bytes) => {
      write(bytes);
      if (isFirst) queueMicrotask(() => front.commit(front.log.hide('ann', 'x.test', 'y.test')));
      isFirst = false;
    };
    front.commit(front.log.hide('ann', 'y.test'));
    await turns();
    expect(wire.take()).toMatchObject([
      { type: 'snapshot', cursor: 'e1.5', rows: [{}] },
      { type: 'snapshot', cursor: 'e1.6', rows: [] },
    ]);
    front.commit(front.log.deliver('ann@z.test'));
    expect(wire.take()).toMatchObject([{ type: 'delta', offset: 7 }]);
  });

  test('[A2] [B1] one who is slow as well is told so once they have drained', async () => {
    const front = new Front();
    const { wire, connection, greet } = front.visit();
    await greet();
    wire.queuedBytes = limits.SEND_QUEUE_HIGH_BYTES + 1;
    front.commit(front.log.deliver('ann@x.test'));
    wire.take();
    front.commit(front.log.hide('ann', 'x.test'));
    await turns();
    expect(wire.take()).toEqual([]);
    wire.queuedBytes = 0;
    connection.drained();
    await turns();
    expect(wire.take()).toMatchObject([{ type: 'snapshot', id: 's1', cursor: 'e1.4', rows: [] }]);
  });

  test('[A2] nothing of another organisation is told', async () => {
    const front = new Front();
    const { wire, greet } = front.visit();
    await greet();
    front.hub.accept([{ ...front.log.deliver(), org: 'o2' }]);
    expect(wire.take()).toEqual([]);
  });
});

describe('presence and typing', () => {
  const presence = { id: 'p', channel: 'presence' };

  test('[P1] who is here is told when asked, when it changes, and again with every heartbeat', async () => {
    const front = new Front();
    const { wire, greet, say } = front.visit();
    await greet();
    await say({ type: 'subscribe', ...presence });
    expect(wire.take()).toEqual([
      { type: 'presence', user_id: 'ann', state: 'online', lifetime_ms: limits.PRESENCE_LIFETIME_MS },
    ]);
    const bob = front.visit();
    await bob.greet('bob');
    expect(wire.take()).toMatchObject([{ user_id: 'bob', state: 'online' }]);
    await front.clock.advance(limits.HEARTBEAT_MS);
    expect(wire.take()).toMatchObject([{ type: 'ping' }, { user_id: 'ann' }, { user_id: 'bob' }]);
    bob.connection.gone(1001);
    expect(wire.take()).toMatchObject([{ user_id: 'bob', state: 'offline' }]);
    await say({ type: 'unsubscribe', id: 'p' });
    await front.visit().greet('bob');
    expect(wire.take()).toEqual([]);
  });

  test('[P1] typing is told to others who have the channel open, and to nobody else', async () => {
    const front = new Front();
    const [ann, bob] = [front.visit(), front.visit()];
    await ann.greet('ann');
    await bob.greet('bob');
    await ann.say({ type: 'typing', scope: 'inbox' });
    await ann.say({ type: 'typing', scope: 'message:1' });
    expect(ann.wire.take()).toEqual([]);
    expect(bob.wire.take()).toEqual([
      { type: 'typing', scope: 'inbox', user_id: 'ann', lifetime_ms: limits.TYPING_LIFETIME_MS },
    ]);
  });
});

describe('drain', () => {
  test('[H5] tells each client when to come back, then closes with 1012', async () => {
    const front = new Front();
    const { wire, greet } = front.visit();
    await greet();
    await front.gateway.drain();
    expect([wire.take(), wire.closedWith]).toEqual([[{ type: 'drain', retry_after_ms: 2_500 }], 1012]);
    expect(front.gateway.connectionCount).toBe(0);
    const late = front.visit();
    expect([late.wire.take()[0], late.wire.closedWith]).toMatchObject([{ code: 'server.draining' }, 1012]);
  });

  test('[H5] does not wait for ever for who does not go', async () => {
    const front = new Front();
    const { wire, greet } = front.visit();
    await greet();
    wire.close = () => new Promise(() => {});
    const drained = front.gateway.drain(1_000);
    await front.clock.advance(1_000);
    await drained;
  });
});

test('[R3] when a backup is restored everybody is sent to come back', async () => {
  const front = new Front();
  const { wire, greet } = front.visit();
  await greet();
  front.log.epoch = 'e2';
  await front.clock.advance(600);
  expect(wire.closedWith).toBe(1012);
});
