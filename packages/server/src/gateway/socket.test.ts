/** On real sockets, over loopback: what only a real WebSocket can show. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { limits, SUBPROTOCOL } from '@roost/protocol';
import { afterEach, expect, test } from 'vitest';
import WebSocket from 'ws';
import { type SocketSettings, serveSockets } from './socket.ts';
import { Front } from './testing/front.ts';

const servers: Server[] = [];
const sockets: WebSocket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.terminate();
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
});

async function listen(settings: Partial<SocketSettings> = {}) {
  const front = new Front();
  const server = createServer();
  const refused: string[] = [];
  serveSockets(
    server,
    front.gateway,
    {
      path: '/ws',
      isEnabled: true,
      allowedOrigins: ['https://app.example.org'],
      maxConnections: 2,
      ...settings,
    },
    (code) => void refused.push(code),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push(server);
  const { port } = server.address() as AddressInfo;
  const dial = (path = '/ws', headers: Record<string, string> = {}) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, SUBPROTOCOL, { headers });
    sockets.push(socket);
    return socket;
  };
  return { front, dial, refused, port };
}

/** How an upgrade ended: `open`, or the status it was refused with. */
function outcome(socket: WebSocket): Promise<number | 'open'> {
  return new Promise((resolve) => {
    socket.once('open', () => resolve('open'));
    socket.once('unexpected-response', (_, response) => resolve(response.statusCode ?? 0));
    socket.once('error', () => {});
  });
}

const next = (socket: WebSocket) =>
  new Promise<object>((resolve) => {
    socket.once('message', (data) => resolve(JSON.parse(String(data))));
  });
const closed = (socket: WebSocket) => new Promise<number>((resolve) => socket.once('close', resolve));

test('[H6] pages of other origins are refused before any frame; programs name none', async () => {
  const { dial, refused, port } = await listen({ maxConnections: 9 });
  const from = (origin: string) => outcome(dial('/ws', { origin }));
  expect(await from('https://evil.example')).toBe(403);
  expect(await from(`http://127.0.0.1:${port}`)).toBe('open');
  expect(await from('https://app.example.org')).toBe('open');
  expect(await outcome(dial())).toBe('open');
  expect(refused).toEqual(['request.wrong_origin']);
});

test('elsewhere there is nothing, and past the bound nobody is let in', async () => {
  const { dial, refused } = await listen();
  expect(await outcome(dial('/other'))).toBe(404);
  expect([await outcome(dial()), await outcome(dial())]).toEqual(['open', 'open']);
  expect(await outcome(dial())).toBe(503);
  expect(refused).toEqual(['route.unknown', 'connection.too_many']);
});

test('[E2] a server that has turned sockets off says so', async () => {
  const { dial } = await listen({ isEnabled: false });
  const socket = dial();
  const over = closed(socket);
  expect(await next(socket)).toMatchObject({ type: 'error', code: 'sockets.disabled' });
  expect(await over).toBe(1000);
});

test('frames of ours and of the library share one socket, whole', async () => {
  const { front, dial } = await listen();
  const socket = dial();
  await outcome(socket);
  const frames: { type: string; offset?: number }[] = [];
  socket.on('message', (data) => frames.push(JSON.parse(String(data))));
  const ponged = new Promise((resolve) => socket.once('pong', resolve));
  socket.send(
    JSON.stringify({ type: 'hello', token: 'ann', subscriptions: [{ id: 's', channel: 'inbox' }] }),
  );
  await expect.poll(() => frames.map(({ type }) => type)).toEqual(['connected', 'snapshot']);
  socket.ping();
  for (let n = 0; n < 50; n += 1) front.commit(front.log.deliver('x'.repeat(n * 40)));
  await ponged;
  await expect.poll(() => frames.length).toBe(52);
  expect(frames.slice(2).map(({ offset }) => offset)).toEqual(Array.from({ length: 50 }, (_, n) => n + 3));
});

test('[H4] a frame that breaks the rules of WebSockets, or is far too large, gets its code', async () => {
  const { front, dial } = await listen();
  const socket = dial();
  await outcome(socket);
  const over = closed(socket);
  socket.send('x'.repeat(8 * limits.FRAME_MAX_BYTES));
  expect(await over).toBe(1009);
  await expect.poll(() => front.failures).toEqual(['request.too_big']);
  expect(front.gateway.connectionCount).toBe(0);
});

test('[B1] a reader that reads nothing is stopped, and caught up once it reads again', async () => {
  const { front, dial } = await listen();
  const socket = dial();
  await outcome(socket);
  const offsets: number[] = [];
  let position = 0;
  socket.on('message', (data) => {
    const frame = JSON.parse(String(data)) as { type: string; prev: number; offset: number };
    if (frame.type !== 'delta') return;
    expect(frame.prev).toBeLessThanOrEqual(position || 2);
    position = frame.offset;
    offsets.push(frame.offset);
  });
  socket.send(
    JSON.stringify({ type: 'hello', token: 'ann', subscriptions: [{ id: 's', channel: 'inbox' }] }),
  );
  await next(socket);
  socket.pause();
  const large = Array.from({ length: 200 }, (_, n) => `${n}-${'x'.repeat(200)}@x.test`);
  while (front.stoppedCount === 0) {
    front.commit(front.log.deliver(...large));
    await new Promise(setImmediate);
  }
  const stoppedAfter = front.log.offset;
  for (let n = 0; n < 20; n += 1) front.commit(front.log.deliver());
  socket.resume();
  await expect.poll(() => position, { timeout: 10_000 }).toBe(stoppedAfter + 20);
  expect(offsets.length).toBeLessThan(stoppedAfter + 20);
});
