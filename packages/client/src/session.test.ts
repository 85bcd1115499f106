import { describe, expect, test } from 'vitest';
import { type Ending, Session } from './session.ts';
import { socketUrl } from './socket.ts';
import { FakeClock, settled } from './testing/fake-clock.ts';
import { FakeNetwork } from './testing/fake-socket.ts';
import { type GetToken, TokenKeeper } from './token.ts';

const connected = (frames = 0) =>
  ({
    type: 'connected',
    user_id: 'u1',
    org_id: 'o1',
    cursor: 'e1.5',
    heartbeat_ms: 25_000,
    frames,
  }) as const;
const ping = { type: 'ping', cursor: 'e1.5' } as const;

function build(network = new FakeNetwork(), getToken: GetToken = async () => 't1') {
  const clock = new FakeClock();
  const told: string[] = [];
  const endings: Ending[] = [];
  const session: Session = new Session(
    {
      url: 'ws://roost.test/api/v1/ws',
      openSocket: network.openSocket,
      tokens: new TokenKeeper(getToken, clock, 1_000),
      clock,
      random: () => 0.5,
      connectDeadlineMs: 5_000,
      hello: (token) => ({ type: 'hello', token }),
    },
    {
      opened: () => told.push('opened'),
      welcomed: ({ userId, orgId }) => told.push(`welcomed ${userId} ${orgId}`),
      caughtUp: (_, { offset }, frames) => told.push(`caught up at ${offset} by ${frames.length}`),
      cut: (frames) => told.push(`cut of ${frames.map(({ type }) => type).join()}`),
      heard: () => {},
      ended: (ending) => endings.push(ending),
    },
  );
  return { session, clock, network, told, endings };
}

async function open(getToken?: GetToken) {
  const bench = build(new FakeNetwork(), getToken);
  void bench.session.start();
  await settled();
  bench.network.last.open();
  return { ...bench, socket: bench.network.last };
}

test('hello, welcome, catch-up and cuts come in the order of the wire', async () => {
  const { socket, told } = await open();
  socket.receive(connected(1), ping, { type: 'batch', frames: 2 }, ping, ping, ping);
  expect(socket.sent[0]).toEqual({ type: 'hello', token: 't1' });
  expect(told).toEqual([
    'opened',
    'welcomed u1 o1',
    'caught up at 5 by 1',
    'cut of ping,ping',
    'cut of ping',
  ]);
  expect(socket.sentOf('pong')).toHaveLength(4);
});

test('frames before the welcome belong to nothing', async () => {
  const { socket, told, endings } = await open();
  socket.receive(ping, { type: 'batch', frames: 3 });
  expect([told, endings]).toEqual([['opened'], []]);
});

describe('endings', () => {
  test.each([
    ['a second welcome', connected()],
    ['a welcome without a cursor', { ...connected(), cursor: 'x' }],
  ])('%s is not to be trusted', async (_, frame) => {
    const { socket, endings } = await open();
    socket.receive(...(frame.cursor === 'x' ? [frame] : [connected(), frame]));
    expect(endings).toMatchObject([{ kind: 'lost' }]);
    expect(socket.isClosed).toBe(true);
  });

  test('a socket that cannot be opened is lost', async () => {
    const network = new FakeNetwork();
    network.dialled = () => {
      throw new Error('no such thing');
    };
    const { session, endings } = build(network);
    await session.start();
    expect(endings).toEqual([{ kind: 'lost', why: 'No socket could be opened.' }]);
  });

  test('a socket that breaks while sending is lost', async () => {
    const { socket, session, endings } = await open();
    socket.isBroken = true;
    session.send({ type: 'pong' });
    expect(endings).toEqual([{ kind: 'lost', why: 'The connection broke.' }]);
  });

  test('a socket that breaks under the hello was never open', async () => {
    const { session, network, told, endings } = build();
    void session.start();
    await settled();
    network.last.isBroken = true;
    network.last.open();
    expect([told, endings.length]).toEqual([[], 1]);
  });

  test('only the first ending counts, and late events of the socket are dropped', async () => {
    const { socket, session, endings, told } = await open();
    const { onmessage, onclose } = socket;
    session.fail('one');
    session.fail('two');
    onclose?.({ code: 1006 });
    onmessage?.({ data: JSON.stringify(connected()) });
    socket.onerror?.();
    expect(endings).toEqual([{ kind: 'lost', why: 'one' }]);
    expect(told).toEqual(['opened']);
  });

  test('what is ended from outside tells nothing', async () => {
    const { socket, session, clock, endings } = await open();
    session.end();
    session.end();
    session.send({ type: 'pong' });
    await clock.advance(10_000);
    expect([endings, socket.isClosed, clock.pendingCount]).toEqual([[], true, 0]);
  });

  test('ended while the app looks for a token, it never dials', async () => {
    const { session, network } = build();
    const started = session.start();
    session.end();
    await started;
    expect(network.sockets).toHaveLength(0);
  });

  test('a drain says when to come back, within reason and whatever the clock does', async () => {
    const one = await open();
    one.socket.receive(connected(), { type: 'drain', retry_after_ms: 9_000 });
    await one.clock.advance(2_000);
    one.socket.drop(1012);
    expect(one.endings).toMatchObject([{ kind: 'drained', delayMs: 7_000 }]);

    const long = await open();
    long.socket.receive(connected(), { type: 'drain', retry_after_ms: 1e12 });
    long.clock.jump(-3_600_000);
    long.socket.drop(1012);
    expect(long.endings).toMatchObject([{ kind: 'drained', delayMs: 300_000 }]);

    const late = await open();
    late.socket.receive(connected(), { type: 'drain', retry_after_ms: 1_000 });
    late.clock.jump(3_600_000);
    late.socket.drop(1012);
    expect(late.endings).toMatchObject([{ kind: 'drained', delayMs: 0 }]);
  });

  test('an error about one request ends nothing', async () => {
    const { socket, endings } = await open();
    const error = { type: 'error', code: 'token.invalid', message: 'x', remedy: 'sign-in' } as const;
    socket.receive(connected(), { ...error, id: 's1' });
    expect(endings).toEqual([]);
    socket.receive(error);
    expect(endings).toMatchObject([{ kind: 'refused', token: { text: 't1' } }]);
  });

  test('a close that asks to sign in is a refused token, with or without words', async () => {
    const { socket, endings } = await open();
    socket.drop(4001);
    expect(endings).toMatchObject([{ kind: 'refused', why: 'The server does not take this token.' }]);
  });
});

describe('a token that runs out', () => {
  const QUARTER_MS = 900_000;
  /** A token for a quarter of an hour from the beginning of each test. */
  const jwt = (name: string) => {
    const iat = Math.floor(new FakeClock().now() / 1000);
    return `${name}.${Buffer.from(JSON.stringify({ iat, exp: iat + 900 })).toString('base64url')}.s`;
  };

  async function renewed() {
    const asked: string[] = [];
    const bench = await open(async (reason) => {
      asked.push(reason);
      return jwt(`t${asked.length}`);
    });
    bench.socket.receive(connected());
    await bench.clock.advance(0.75 * QUARTER_MS);
    return { ...bench, asked };
  }

  test('is followed by a fresh one on the open connection, well before', async () => {
    const { socket, asked, endings, told } = await renewed();
    expect(asked).toEqual(['start', 'expired']);
    expect(socket.sentOf('auth')).toEqual([{ type: 'auth', id: 'auth', token: jwt('t2') }]);
    socket.receive({ type: 'ack', id: 'auth', offset: 0 });
    expect([endings, told.at(-1)]).toEqual([[], 'cut of ack']);
  });

  test('and is not taken: the connection begins anew, with another', async () => {
    const { socket, endings } = await renewed();
    socket.receive({ type: 'error', id: 'auth', code: 'token.invalid', message: 'x', remedy: 'sign-in' });
    expect(endings).toEqual([{ kind: 'refused', token: { text: jwt('t2') }, why: 'x' }]);
  });

  test("and is somebody else's, or cannot be looked at now: the connection begins anew, with the same", async () => {
    const { socket, endings } = await renewed();
    socket.receive({ type: 'error', id: 'auth', code: 'access.forbidden', message: 'x', remedy: 'give-up' });
    socket.drop(4003);
    expect(endings).toEqual([{ kind: 'lost', why: 'x' }]);
  });

  test('of a connection that is over is left alone', async () => {
    const { session, clock, asked } = await renewed();
    session.end();
    await clock.advance(10 * QUARTER_MS);
    expect([asked.length, clock.pendingCount]).toEqual([2, 0]);
  });
});

test.each([
  ['https://roost.test', 'wss://roost.test/api/v1/ws'],
  ['http://127.0.0.1:8080/mail', 'ws://127.0.0.1:8080/mail/api/v1/ws'],
])('%s is dialled at %s', (base, url) => {
  expect(socketUrl(base)).toBe(url);
});
