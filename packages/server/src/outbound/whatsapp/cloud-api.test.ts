import { createHash } from 'node:crypto';
import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock, systemSecrets } from '../../clock.ts';
import { startWhatsAppSimulator, type WhatsAppSimulator } from '../../simulate/whatsapp/index.ts';
import type { Outgoing, OutgoingPayload } from '../transport.ts';
import { CloudApi } from './cloud-api.ts';
import { HttpClient } from './exchange.ts';
import { Graph } from './graph.ts';
import { fetchMedia } from './media.ts';
import { listTemplates } from './templates.ts';

const ANN = '+16505551234';
let simulator: WhatsAppSimulator;
let http: HttpClient;
const blobs = new Map<string, Buffer>();

beforeEach(async () => {
  simulator = await startWhatsAppSimulator({
    statuses: { sent_ms: null, delivered_ms: null, read_ms: null },
  });
  http = new HttpClient(systemClock);
});
afterEach(async () => {
  http.close();
  blobs.clear();
  await simulator.close();
});

const graphAt = (base: string) => new Graph(base, http, () => systemClock.now(), systemSecrets);

function apiAt(base: string, token = simulator.settings.token): CloudApi {
  return new CloudApi({
    graph: graphAt(base),
    keyOf: async () => ({ phone_number_id: simulator.settings.phone_number_id, token }),
    readBlob: (digest) => {
      const bytes = blobs.get(digest);
      return bytes ? Readable.from([bytes]) : failing();
    },
  });
}

function failing(): Readable {
  return new Readable({
    read() {
      this.destroy(Object.assign(new Error('no such file'), { code: 'ENOENT' }));
    },
  });
}

function outgoing(payload: Partial<OutgoingPayload> = {}): Outgoing {
  return {
    org: 'main',
    message_id: '0000001m-a1b2c3',
    inbox_id: 'inbox-1',
    via: 'whatsapp',
    attempts: 1,
    payload: {
      from: { address: simulator.settings.phone_number_id, name: 'Shop' },
      to: { address: ANN, name: 'Ann' },
      subject: null,
      text: 'Hello',
      reply_to_external_id: null,
      references: [],
      message_id_header: null,
      template: null,
      attachments: [],
      ...payload,
    },
  };
}

function file(bytes: Buffer, content_type: string, filename = 'a file') {
  const blob = createHash('sha256').update(bytes).digest('hex');
  blobs.set(blob, bytes);
  return { filename, content_type, blob, size_bytes: bytes.length };
}

const never = () => new AbortController().signal;
const send = (payload: Partial<OutgoingPayload> = {}) =>
  apiAt(simulator.graphUrl).send(outgoing(payload), never());
const lastSent = () => simulator.sent.all.at(-1)?.message;

describe('what goes out', () => {
  test('a text, with our id and the message it answers', async () => {
    const sent = await send({ reply_to_external_id: 'wamid.question', text: 'See https://example.org' });
    expect(sent).toEqual({ kind: 'sent', external_id: simulator.sent.all[0]?.id });
    expect(lastSent()).toEqual({
      messaging_product: 'whatsapp',
      recipient_type: 'individual',
      to: '16505551234',
      biz_opaque_callback_data: '0000001m-a1b2c3',
      context: { message_id: 'wamid.question' },
      type: 'text',
      text: { body: 'See https://example.org', preview_url: true },
    });
  });

  test('to somebody who shows only a user id', async () => {
    expect(await send({ to: { address: 'wa:US.1349', name: '' } })).toMatchObject({ kind: 'sent' });
    expect(lastSent()).toMatchObject({ recipient: 'US.1349' });
    expect(lastSent()).not.toHaveProperty('to');
  });

  test('a template with its values', async () => {
    const template = { name: 'order_ready', language: 'de', parameters: ['Ann', '17'] };
    expect(await send({ template, text: '' })).toMatchObject({ kind: 'sent' });
    expect(lastSent()).toMatchObject({
      type: 'template',
      template: {
        name: 'order_ready',
        language: { code: 'de' },
        components: [
          {
            type: 'body',
            parameters: [
              { type: 'text', text: 'Ann' },
              { type: 'text', text: '17' },
            ],
          },
        ],
      },
    });
  });

  test('a picture, uploaded first, with its text as caption', async () => {
    const bytes = Buffer.from([0xff, 0xd8, 0x0d, 0x0a, 0x2d, 0x2d, 0xff, 0xd9]);
    expect(await send({ attachments: [file(bytes, 'image/jpeg')], text: 'Look' })).toMatchObject({
      kind: 'sent',
    });
    const { image } = lastSent() as { image: { id: string; caption: string } };
    expect(image.caption).toBe('Look');
    expect(simulator.files.get(image.id)).toMatchObject({ bytes, content_type: 'image/jpeg' });
  });

  test('a large document, whole, with its name', async () => {
    const bytes = Buffer.alloc(3 << 20, 7);
    const filename = 'Rechnung "Ü"\r\nX: y.pdf';
    const sent = await send({ attachments: [file(bytes, 'application/pdf', filename)], text: '' });
    expect(sent).toMatchObject({ kind: 'sent' });
    const { document } = lastSent() as { document: { id: string; filename: string } };
    expect(document.filename).toBe(filename);
    expect(simulator.files.get(document.id)?.bytes.equals(bytes)).toBe(true);
  });

  test.each([
    ['image/png', 10, '', 'image'],
    ['image/png', (5 << 20) + 1, '', 'document'],
    ['image/svg+xml', 10, '', 'document'],
    ['audio/ogg; codecs=opus', 10, '', 'audio'],
    ['audio/ogg; codecs=opus', 10, 'with words', 'document'],
    ['image/webp', 10, '', 'sticker'],
    ['video/mp4', 10, 'x', 'video'],
  ])('%s of %d bytes beside “%s” is shown as %s', async (content_type, size, text, type) => {
    expect(await send({ attachments: [file(Buffer.alloc(size, 1), content_type)], text })).toMatchObject({
      kind: 'sent',
    });
    expect(lastSent()).toMatchObject({ type });
  });

  test('read marks and reactions', async () => {
    const { ids } = simulator.say({ text: 'Hello' });
    const key = { phone_number_id: simulator.settings.phone_number_id, token: simulator.settings.token };
    const api = apiAt(simulator.graphUrl);
    expect(await api.markRead(key, ids[0] as string, never())).toMatchObject({ kind: 'done' });
    expect(simulator.said.all[0]?.read).toBe(true);
    expect(await api.markRead(key, 'wamid.of.nobody', never())).toMatchObject({ kind: 'refused' });
    expect(await api.react(key, ANN, ids[0] as string, '👍', never())).toMatchObject({ kind: 'sent' });
    expect(lastSent()).toMatchObject({ type: 'reaction', reaction: { message_id: ids[0], emoji: '👍' } });
  });
});

describe('what cannot go out', () => {
  const some = () => file(Buffer.from('x'), 'text/plain');
  test.each([
    ['nothing to say', { text: ' ' }, 'The message is empty.'],
    ['nobody to write to', { to: { address: '', name: '' } }, 'no number'],
    ['too long a text', { text: 'x'.repeat(4_097) }, 'at most 4096 characters'],
  ])('%s', async (_what, payload, says) => {
    expect(await send(payload)).toEqual({ kind: 'failed', says: expect.stringContaining(says) });
    expect(simulator.sent.count).toBe(0);
  });

  test('two files at once, an empty one, and one that is gone', async () => {
    expect(await send({ attachments: [some(), some()] })).toMatchObject({ kind: 'failed' });
    expect(await send({ attachments: [file(Buffer.alloc(0), 'text/plain')] })).toMatchObject({
      kind: 'failed',
    });
    const gone = some();
    blobs.clear();
    expect(await send({ attachments: [gone] })).toEqual({
      kind: 'failed',
      says: 'The file of this message is not on the server any more.',
    });
  });

  test('a template that nobody approved, and one with too few values', async () => {
    expect(await send({ template: { name: 'spring_offer', language: 'en', parameters: ['x'] } })).toEqual({
      kind: 'failed',
      says: 'The message was not sent: there is no such template in this language, or it is not approved yet (132001).',
    });
    expect(
      await send({ template: { name: 'order_ready', language: 'en', parameters: ['x'] } }),
    ).toMatchObject({
      kind: 'failed',
      says: expect.stringContaining('the number of values'),
    });
  });
});

describe('what becomes of an attempt', () => {
  test.each([
    [
      'too fast, with a time to come again',
      { kind: 'error', status: 429, code: 130429, retry_after: '7' },
      { kind: 'later', after_ms: 7_000 },
    ],
    [
      'too fast for one person',
      { kind: 'error', status: 400, code: 131056 },
      { kind: 'later', after_ms: null },
    ],
    ['out of order', { kind: 'error', status: 500, code: 2 }, { kind: 'later', after_ms: null }],
    [
      'out of order, with a date long past',
      { kind: 'error', status: 503, code: 1, retry_after: 'Thu, 01 Jan 1970 00:00:00 GMT' },
      { kind: 'later', after_ms: 0 },
    ],
    ['an unpaid bill', { kind: 'error', status: 400, code: 131042 }, { kind: 'later' }],
    [
      'nobody there',
      { kind: 'error', status: 400, code: 131026 },
      { kind: 'failed', says: expect.stringContaining('could not be delivered') },
    ],
    [
      'too long ago',
      { kind: 'error', status: 400, code: 131047 },
      { kind: 'failed', says: expect.stringContaining('24 hours') },
    ],
    [
      'a code nobody knows',
      { kind: 'error', status: 400, code: 999_999, details: 'Purple “sky”' },
      { kind: 'failed', says: 'The message was not sent: WhatsApp said “Purple "sky"” (999999).' },
    ],
    ['a page instead of an answer', { kind: 'page', status: 503 }, { kind: 'later' }],
    ['a page that says no', { kind: 'page', status: 403 }, { kind: 'failed' }],
    ['a proxy that lost it', { kind: 'page', status: 502 }, { kind: 'unknown' }],
    ['taken, and no id', { kind: 'strange' }, { kind: 'unknown' }],
    ['cut off after it was handed over', { kind: 'cut' }, { kind: 'unknown' }],
    ['cut off after it was done', { kind: 'cut_after' }, { kind: 'unknown' }],
  ] as const)('%s', async (_name, what, sent) => {
    simulator.fail({ what });
    const outcome = await send();
    expect(outcome).toMatchObject(sent);
    if ('says' in outcome) expect(outcome.says).toMatch(/^[A-Z].*[.]$/);
  });

  test('a wrong key is put right by somebody, so it waits', async () => {
    expect(await apiAt(simulator.graphUrl, 'wrong').send(outgoing(), never())).toMatchObject({
      kind: 'later',
      says: expect.stringContaining('access token'),
    });
  });

  test('an inbox without a key waits, and so does a store that does not answer', async () => {
    const needs = { graph: graphAt(simulator.graphUrl), readBlob: failing };
    const without = new CloudApi({ ...needs, keyOf: async () => null });
    expect(await without.send(outgoing(), never())).toMatchObject({ kind: 'later' });
    const broken = new CloudApi({ ...needs, keyOf: () => Promise.reject(new Error('no store')) });
    expect(await broken.send(outgoing(), never())).toMatchObject({ kind: 'later' });
  });

  test('nothing listens: certainly not taken', async () => {
    const url = simulator.graphUrl;
    await simulator.close();
    expect(await apiAt(url).send(outgoing(), never())).toEqual({
      kind: 'later',
      after_ms: null,
      says: 'WhatsApp could not be reached. Nothing answers there.',
    });
  });

  test('an upload that was cut off is no message yet', async () => {
    simulator.fail({ on: 'upload', what: { kind: 'cut_after' } });
    expect(await send({ attachments: [file(Buffer.from('x'), 'text/plain')] })).toMatchObject({
      kind: 'later',
    });
    expect(simulator.sent.count).toBe(0);
  });

  test('told to stop while it waits for the answer: unknown; told before: later', async () => {
    simulator.fail({ what: { kind: 'slow', ms: 60_000 } });
    const stop = new AbortController();
    const sending = apiAt(simulator.graphUrl).send(outgoing(), stop.signal);
    await until(() => simulator.faults.count === 0);
    stop.abort();
    expect(await sending).toMatchObject({ kind: 'unknown' });
    expect(await apiAt(simulator.graphUrl).send(outgoing(), AbortSignal.abort())).toMatchObject({
      kind: 'later',
    });
  });
});

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries += 1) {
    if (tries > 500) throw new Error('It never came to pass.');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe('on a bare socket', () => {
  let server: Server;
  const open: Socket[] = [];
  afterEach(async () => {
    for (const socket of open.splice(0)) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });

  async function listen(serve: (socket: Socket) => void): Promise<string> {
    server = createTcpServer((socket) => {
      open.push(socket);
      socket.on('error', () => {});
      serve(socket);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/v24.0`;
  }

  test('a server that ends the connection in the middle of its answer: unknown', async () => {
    const base = await listen((socket) => {
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{"messages"'));
    });
    expect(await apiAt(base).send(outgoing(), never())).toMatchObject({ kind: 'unknown' });
  });

  test('an answer without end is not read to its end', async () => {
    const base = await listen((socket) => {
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        const more = () => {
          while (!socket.destroyed && socket.write('x'.repeat(65_536)));
        };
        socket.on('drain', more);
        more();
      });
    });
    expect(await apiAt(base).send(outgoing(), never())).toMatchObject({
      kind: 'unknown',
      says: expect.stringContaining('longer than it may be'),
    });
  });

  test('a server that cuts while it is still being written to has nothing it could act on', async () => {
    const base = await listen((socket) => {
      socket.once('data', () => socket.destroy());
    });
    // More than fits into the buffers between the two.
    const big = file(Buffer.alloc(40 << 20, 1), 'application/pdf');
    expect(await apiAt(base).send(outgoing({ attachments: [big] }), never())).toMatchObject({
      kind: 'later',
    });
  });

  test('a redirect is not followed: the key stays here', async () => {
    const asked: string[] = [];
    const base = await listen((socket) => {
      socket.once('data', (bytes) => {
        asked.push(bytes.toString());
        socket.end(`HTTP/1.1 307 Away\r\nlocation: ${simulator.graphUrl}\r\ncontent-length: 0\r\n\r\n`);
      });
    });
    expect(await apiAt(base).send(outgoing(), never())).toMatchObject({ kind: 'later' });
    expect(asked).toHaveLength(1);
    expect(simulator.sent.count).toBe(0);
  });
});

describe('files that people sent', () => {
  const key = () => ({
    phone_number_id: simulator.settings.phone_number_id,
    token: simulator.settings.token,
  });
  const stored = () => simulator.files.put({ bytes: Buffer.from('A picture'), content_type: 'image/png' });
  const fetchIt = (media: { id: string; sha256: string | null }, signal = never()) =>
    fetchMedia(graphAt(simulator.graphUrl), key(), media, signal);

  test('are fetched in two steps and compared with their digest', async () => {
    expect(await fetchIt(stored())).toEqual({
      kind: 'fetched',
      bytes: Buffer.from('A picture'),
      content_type: 'image/png',
    });
    const other = createHash('sha256').update('another').digest();
    const { id } = stored();
    expect(await fetchIt({ id, sha256: other.toString('base64') })).toMatchObject({ kind: 'later' });
    expect(await fetchIt({ id, sha256: other.toString('hex') })).toMatchObject({ kind: 'later' });
    expect(await fetchIt({ id, sha256: null })).toMatchObject({ kind: 'fetched' });
  });

  test('that are gone are gone for good', async () => {
    expect(await fetchIt({ id: '404', sha256: null })).toEqual({
      kind: 'failed',
      says: expect.stringMatching(/^The file cannot be had any more: .+\.$/),
    });
  });

  test.each([
    ['media', { kind: 'error', status: 500, code: 1 }],
    ['download', { kind: 'cut' }],
    ['download', { kind: 'page', status: 503 }],
    ['download', { kind: 'error', status: 429, code: 80007, retry_after: '3' }],
  ] as const)('come later when %s fails by %j', async (on, what) => {
    simulator.fail({ on, what });
    expect(await fetchIt(stored())).toMatchObject({ kind: 'later' });
    expect(await fetchIt(stored())).toMatchObject({ kind: 'fetched' });
  });

  test('the key is not sent to just any place', async () => {
    const graph = graphAt(simulator.graphUrl);
    for (const url of [
      'https://evil.example/x',
      'http://lookaside.fbsbx.com/x',
      'https://fbsbx.com.evil.example/',
      'x',
    ]) {
      expect(await graph.download(url, 'key', never())).toMatchObject({ kind: 'kept' });
    }
  });
});

describe('templates', () => {
  const list = (account = simulator.settings.account_id) =>
    listTemplates(graphAt(simulator.graphUrl), account, simulator.settings.token, never());

  test('are listed over as many pages as there are', async () => {
    await simulator.close();
    const templates = Array.from({ length: 250 }, (_, index) => ({
      name: `t${index}`,
      language: 'en',
      category: 'UTILITY' as const,
      status: 'APPROVED' as const,
      body: `Hello {{1}} ${index}`,
    }));
    simulator = await startWhatsAppSimulator({ templates });
    const listed = await list();
    expect(listed).toMatchObject({ kind: 'listed' });
    const names = listed.kind === 'listed' ? listed.templates.map(({ name }) => name) : [];
    expect(names).toEqual(templates.map(({ name }) => name));
  });

  test('of an account that is not ours are none', async () => {
    expect(await list('other')).toEqual({
      kind: 'failed',
      says: 'The templates could not be listed: WhatsApp does not accept a value in this message (100).',
    });
    simulator.fail({ on: 'templates', what: { kind: 'strange' } });
    expect(await list()).toMatchObject({ kind: 'failed' });
  });
});
