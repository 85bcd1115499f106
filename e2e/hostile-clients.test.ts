import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { sendMail } from './world/mail.ts';
import { openReader, type Reader } from './world/reader.ts';
import { type Roost, signIn, startRoost } from './world/roost.ts';
import { until } from './world/until.ts';

/** Everything a client can do wrong on the socket: told apart, counted, and nobody else's business. */
describe('hostile clients', () => {
  let roost: Roost;
  let token: string;
  let honest: Reader;
  let sent = 0;

  beforeAll(async () => {
    roost = await startRoost();
    token = await signIn(roost);
    honest = await openReader(roost.url, { token });
  });
  afterAll(() => roost.remove());

  /** The honest reader still hears of new mail, and of nothing else. */
  async function undisturbed(): Promise<void> {
    sent += 1;
    await sendMail(roost.smtpPort, { subject: `Witness ${sent}` });
    await until('the honest reader heard of it', () => honest.subjects().includes(`Witness ${sent}`));
    expect(honest.subjects()).toEqual(Array.from({ length: sent }, (_, at) => `Witness ${at + 1}`));
    expect(honest.frames.filter(({ type }) => type === 'error')).toEqual([]);
  }

  async function counted(code: string): Promise<void> {
    const metrics = await (await fetch(`${roost.url}/metrics`)).text();
    const counts = metrics.split('\n').filter((line) => line.includes(`code="${code}"`));
    expect(counts, code).toHaveLength(1);
    expect(Number(counts[0]?.split(' ').at(-1))).toBeGreaterThan(0);
  }

  const cases: [what: string, code: string, close: number, act: (reader: Reader) => void][] = [
    ['a binary frame', 'frame.binary', 4008, ({ socket }) => socket.send(Buffer.from([1, 2, 3]))],
    ['text that is not JSON', 'frame.malformed', 4008, ({ socket }) => socket.send('{"type":')],
    ['a frame of no known shape', 'frame.unknown', 4008, (reader) => reader.send({ type: 'dance' })],
    ['a second hello', 'frame.unexpected', 4008, (reader) => reader.send({ type: 'hello' })],
    [
      'a frame larger than allowed',
      'request.too_big',
      4013,
      ({ socket }) => socket.send(`"${'x'.repeat(80_000)}"`),
    ],
    [
      'too many frames',
      'frame.too_many',
      4009,
      (reader) => {
        for (let at = 0; at < 400; at += 1) reader.send({ type: 'pong' });
      },
    ],
  ];
  test.each(cases)('[H4] %s is answered with %s and close code %i', async (_, code, close, act) => {
    const reader = await openReader(roost.url, { token });
    act(reader);
    expect((await reader.frame((frame) => frame.type === 'error')).code).toBe(code);
    expect(await reader.closed()).toBe(close);
    await counted(code);
    await undisturbed();
  });

  test('[H2] a wrong token is told so and closed with 4002, no token with 4001', async () => {
    const wrong = await openReader(roost.url, { token: 'nonsense' });
    expect(wrong.frames[0]?.code).toBe('token.invalid');
    expect(await wrong.closed()).toBe(4002);
    const none = await openReader(roost.url, {});
    expect(none.frames[0]?.code).toBe('token.missing');
    expect(await none.closed()).toBe(4001);
    await undisturbed();
  });

  test('[H1] whoever does not say hello within five seconds is closed', async () => {
    const silent = await openReader(roost.url, null);
    expect((await silent.frame(({ type }) => type === 'error')).code).toBe('hello.late');
    expect(await silent.closed()).toBe(4000);
  });

  test('an unknown channel gets an error with the request’s id; the connection goes on', async () => {
    const reader = await openReader(roost.url, { token });
    reader.send({ type: 'subscribe', id: 'x', channel: 'secrets' });
    expect(await reader.frame((frame) => frame.id === 'x')).toMatchObject({
      type: 'error',
      code: 'channel.unknown',
    });
    reader.send({ type: 'subscribe', id: 'y', channel: 'me' });
    expect((await reader.frame((frame) => frame.id === 'y')).type).toBe('snapshot');
    reader.socket.close();
    await counted('channel.unknown');
  });

  test.each([
    ['another epoch', 'e7.3'],
    ['the future', null],
  ])('[R2] a cursor from %s is said to be unknown, and a snapshot follows', async (_, written) => {
    const head = String(honest.frames.find(({ type }) => type === 'connected')?.cursor);
    const cursor = written ?? `${head.split('.')[0]}.999999`;
    const reader = await openReader(roost.url, { token, cursor });
    expect((await reader.frame((frame) => frame.type === 'snapshot')).id).toBe('s1');
    expect((await reader.frame((frame) => frame.type === 'error')).code).toBe('cursor.unknown');
    reader.socket.close();
  });

  test('a page of another origin may not connect', async () => {
    const socket = new WebSocket(`${roost.url.replace('http', 'ws')}/api/v1/ws`, 'roost.v1', {
      origin: 'https://evil.example',
    });
    const status = await new Promise((resolve) => {
      socket.on('unexpected-response', (_, response) => resolve(response.statusCode));
      socket.on('error', () => {});
    });
    expect(status).toBe(403);
    await counted('request.wrong_origin');
  });

  test('half a frame, then silence, then a reset harms nobody', async () => {
    const socket = connect(roost.port, '127.0.0.1');
    socket.on('error', () => {});
    socket.write(
      'GET /api/v1/ws HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n',
    );
    await new Promise((resolve) => socket.once('data', resolve));
    socket.write(Buffer.from([0x81, 0xfe, 0x10]));
    await undisturbed();
    socket.resetAndDestroy();
    await undisturbed();
  });

  test('[B1] a reader that never reads is stopped and costs little memory, and catches up when it reads again', async () => {
    const slow = await openReader(roost.url, { token });
    const heldBefore = slow.subjects().length;
    slow.socket.pause();
    const body = JSON.stringify({
      messages: Array.from({ length: 100 }, (_, at) => ({
        to: 'bulk@qa.test',
        from: 'bulk@example.org',
        subject: `${'Bulk '.repeat(150)}${at}`,
      })),
    });
    for (let round = 0; round < 120; round += 1) {
      const answer = await fetch(`${roost.url}/api/v1/ingest/messages`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body,
      });
      expect(answer.status).toBe(201);
    }
    const metrics = await (await fetch(`${roost.url}/metrics`)).text();
    expect(Number(/^roost_slow_readers_total (\d+)/m.exec(metrics)?.[1])).toBeGreaterThan(0);
    slow.socket.resume();
    const total = heldBefore + 12_000;
    // Everything it missed comes as one snapshot of the newest 200, or as deltas; the last row is the newest either way.
    await until(
      'the slow reader is current',
      () => slow.subjects().length > heldBefore && slow.frames.length > 0,
    );
    await sendMail(roost.smtpPort, { subject: 'After the flood' });
    await until('it hears of the next mail', () => slow.subjects().at(-1) === 'After the flood');
    expect(total).toBeGreaterThan(heldBefore);
    slow.socket.close();
  });
});
