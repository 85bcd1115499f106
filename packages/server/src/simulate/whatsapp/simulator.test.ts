import { createHmac } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startWhatsAppSimulator, type WhatsAppSimulator } from './index.ts';

interface Call {
  readonly body: string;
  readonly signature: string;
}

let server: Server;
let simulator: WhatsAppSimulator;
let calls: Call[];
/** What the next calls are answered; 200 when there is nothing here. */
let answers: number[];
beforeEach(async () => {
  calls = [];
  answers = [];
  server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://x');
    if (request.method === 'GET') {
      response.end(url.searchParams.get('hub.challenge'));
      return;
    }
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      calls.push({ body, signature: String(request.headers['x-hub-signature-256']) });
      response.writeHead(answers.shift() ?? 200).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  simulator = await startWhatsAppSimulator({
    target: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    statuses: { sent_ms: 5, delivered_ms: 10, read_ms: 15 },
  });
});
afterEach(async () => {
  await simulator.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const signed = (body: string) =>
  `sha256=${createHmac('sha256', simulator.settings.app_secret).update(body).digest('hex')}`;

/** Every message and status told, in the order in which it was. */
function told(): string[] {
  type Value = { messages?: { text?: { body: string } }[]; statuses?: { status: string }[] };
  return calls
    .flatMap(({ body }) => (JSON.parse(body) as { entry: { changes: { value: Value }[] }[] }).entry)
    .flatMap(({ changes }) => changes)
    .flatMap(({ value }) => [
      ...(value.messages ?? []).map((one) => one.text?.body ?? '?'),
      ...(value.statuses ?? []).map((one) => one.status),
    ]);
}

async function send(body: object, path = `${simulator.settings.phone_number_id}/messages`) {
  const answer = await fetch(`${simulator.graphUrl}/${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${simulator.settings.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ messaging_product: 'whatsapp', ...body }),
  });
  return { status: answer.status, json: (await answer.json()) as { error?: { code: number } } };
}
const hello = { to: '16505551234', type: 'text', text: { body: 'Hello' } };

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries += 1) {
    if (tries > 500) throw new Error('It never came to pass.');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe('webhooks', () => {
  test('are signed over bytes that nobody would write the same way', async () => {
    expect(await simulator.say({ text: 'Grüße /' }).answered).toBe(200);
    const [call] = calls;
    expect(call?.body).toContain('Gr\\u00fc\\u00dfe \\/');
    expect(call?.signature).toBe(signed(call?.body ?? ''));
  });

  test('come again until they are answered 200', async () => {
    answers = [500, 503];
    expect(await simulator.say({ text: 'Hello' }).answered).toBe(200);
    expect(told()).toEqual(['Hello', 'Hello', 'Hello']);
    expect(new Set(calls.map(({ body }) => body)).size).toBe(1);
  });

  test('come in one call, twice, or held back and turned around', async () => {
    await simulator.say([{ text: 'one' }, { text: 'two' }], { copies: 2 }).answered;
    await simulator.webhooks.idle();
    expect(told()).toEqual(['one', 'two', 'one', 'two']);
    calls.length = 0;
    simulator.webhooks.hold();
    const first = simulator.say({ text: 'first' }).answered;
    const second = simulator.say({ text: 'second' }).answered;
    simulator.webhooks.release('backwards');
    await Promise.all([first, second]);
    expect(told().sort()).toEqual(['first', 'second']);
  });

  test('ask whether the address is confirmed', async () => {
    expect(await simulator.verify()).toBe(true);
    simulator.aim(null);
    expect(await simulator.verify()).toBe(false);
    expect(await simulator.say({ text: 'Nobody hears' }).answered).toBeNull();
  });

  test('tell of what was sent, step by step', async () => {
    await simulator.say({ text: 'Hello' }).answered;
    await send(hello);
    await until(() => told().includes('read'));
    expect(told().sort()).toEqual(['Hello', 'delivered', 'read', 'sent']);
  });
});

describe('the API', () => {
  test('knows its key, its number and its version', async () => {
    const get = (path: string, token: string) =>
      fetch(`${simulator.url}${path}`, { headers: { authorization: `Bearer ${token}` } });
    const { token, phone_number_id, account_id } = simulator.settings;
    expect((await get(`/v24.0/${phone_number_id}`, 'wrong')).status).toBe(401);
    expect((await get('/nothing', token)).status).toBe(404);
    expect(await (await get(`/v24.0/${phone_number_id}`, token)).json()).toMatchObject({
      id: phone_number_id,
    });
    expect(await (await get(`/v24.0/${account_id}/phone_numbers`, token)).json()).toMatchObject({
      data: [{ id: phone_number_id }],
    });
    expect((await get('/v24.0/other', token)).status).toBe(400);
  });

  test('takes what is right, and says what is wrong with the rest', async () => {
    expect((await send(hello)).status).toBe(200);
    expect((await send({ ...hello, to: 'Ann' })).json.error?.code).toBe(131009);
    expect((await send({ ...hello, text: undefined })).json.error?.code).toBe(131008);
    expect((await send({ ...hello, text: { body: 'x'.repeat(5_000) } })).json.error?.code).toBe(100);
    expect((await send({ ...hello, type: 'dance', dance: {} })).json.error?.code).toBe(100);
    expect((await send(hello, '999/messages')).json.error?.code).toBe(100);
    expect((await send({ ...hello, type: 'image', image: { id: '404' } })).json.error?.code).toBe(131009);
    expect(simulator.sent.count).toBe(1);
  });

  test('free text to somebody who has not written is taken, and fails later', async () => {
    await send(hello);
    await until(() => told().includes('failed'));
    expect(told()).toEqual(['failed']);
  });

  test('more than so many a second are refused with a time to come again', async () => {
    const answers = await Promise.all(Array.from({ length: 200 }, () => send(hello)));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]?.json.error?.code).toBe(130429);
  });
});

describe('beside it', () => {
  const control = async (name: string, body: unknown) => {
    const answer = await fetch(`${simulator.url}/control/${name}`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    return { status: answer.status, json: (await answer.json()) as Record<string, unknown> };
  };

  test('everything can be asked for over HTTP', async () => {
    expect(await control('say', { from: '16505551234', text: 'Hello' })).toMatchObject({
      json: { status: 200 },
    });
    expect(await control('say', { together: [{ text: 'a' }, { text: 'b' }] })).toMatchObject({
      json: { ids: [expect.any(String), expect.any(String)] },
    });
    expect(await control('fail', { what: { kind: 'error', code: 131026 } })).toMatchObject({
      json: { waiting: 1 },
    });
    expect((await send(hello)).json.error?.code).toBe(131026);
    expect(await control('verify', {})).toMatchObject({ json: { verified: true } });
    expect((await control('say', { from: 'Ann' })).status).toBe(422);
    expect((await control('fail', { what: { kind: 'explode' } })).status).toBe(422);
    expect((await control('toString', {})).status).toBe(404);
    const state = await (await fetch(`${simulator.url}/control/state`)).json();
    expect(state).toMatchObject({ said: { count: 3 }, sent: { count: 0 } });
  });

  test('its page tells what happened, and runs nothing that anybody wrote', async () => {
    await simulator.say({ text: '<script>alert(1)</script>' }).answered;
    const answer = await fetch(simulator.url);
    const page = await answer.text();
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(page).toContain('Written by customers (1)');
    expect(page).not.toContain('<script>');
    expect(page).toContain('&#60;script&#62;');
  });
});
