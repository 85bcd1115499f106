import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { failures } from '@roost/protocol';
import { problem } from '@roost/protocol/schema';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Asked, openWorld, type World } from './testing/world.ts';

let world: World;
let token: string;
beforeAll(async () => {
  world = await openWorld();
  ({ token } = await world.signIn());
});
afterAll(() => world.close());

const json = { 'content-type': 'application/json' };
const mail = { 'content-type': 'message/rfc822' };
const message = { to: 'bob@qa.test', from: 'app@example.org' };

const cases: readonly [
  what: string,
  method: 'GET' | 'POST' | 'PUT',
  url: string,
  asked: Asked,
  code: string,
][] = [
  [
    'half an object',
    'POST',
    '/api/v1/ingest/messages',
    { body: '{"to":', headers: json },
    'request.malformed',
  ],
  ['an empty body', 'POST', '/api/v1/ingest/messages', { body: '', headers: json }, 'request.malformed'],
  ['no body', 'POST', '/api/v1/ingest/messages', {}, 'request.invalid'],
  ['another shape', 'POST', '/api/v1/ingest/messages', { body: [1, 2] }, 'request.invalid'],
  ['a wrong type', 'POST', '/api/v1/ingest/messages', { body: { ...message, to: 7 } }, 'request.invalid'],
  ['a missing field', 'POST', '/api/v1/ingest/messages', { body: { to: 'bob@qa.test' } }, 'request.invalid'],
  ['no messages', 'POST', '/api/v1/ingest/messages', { body: { messages: [] } }, 'request.invalid'],
  [
    'too many messages',
    'POST',
    '/api/v1/ingest/messages',
    { body: { messages: Array(501).fill(message) } },
    'request.invalid',
  ],
  [
    'prototype poisoning',
    'POST',
    '/api/v1/ingest/messages',
    { body: '{"__proto__":{"to":"x"}}', headers: json },
    'request.malformed',
  ],
  [
    'a body past the limit',
    'POST',
    '/api/v1/ingest/messages',
    { body: { ...message, text: 'x'.repeat(17 << 20) } },
    'request.too_big',
  ],
  [
    'another content type',
    'POST',
    '/api/v1/ingest/messages',
    { body: '<xml/>', headers: { 'content-type': 'application/xml' } },
    'request.wrong_type',
  ],
  [
    'an address of nobody',
    'POST',
    '/api/v1/ingest/messages',
    { body: { ...message, to: 'x@y.example' } },
    'address.unknown',
  ],
  [
    'a key past the limit',
    'POST',
    '/api/v1/ingest/messages',
    { body: message, headers: { 'idempotency-key': 'k'.repeat(201) } },
    'request.invalid',
  ],
  ['mail as JSON', 'POST', '/api/v1/ingest/mail?to=bob@qa.test', { body: message }, 'request.wrong_type'],
  [
    'mail past the limit',
    'POST',
    '/api/v1/ingest/mail?to=bob@qa.test',
    { body: 'x'.repeat(65_537), headers: mail },
    'request.too_big',
  ],
  [
    'mail for nobody',
    'POST',
    '/api/v1/ingest/mail?to=x@y.example',
    { body: 'a: b\n\n', headers: mail },
    'address.unknown',
  ],
  [
    'mail that names nobody',
    'POST',
    '/api/v1/ingest/mail',
    { body: 'a: b\n\n', headers: mail },
    'address.unknown',
  ],
  ['no mail', 'POST', '/api/v1/ingest/mail?to=bob@qa.test', { body: '', headers: mail }, 'request.invalid'],
  [
    'mail for too many',
    'POST',
    `/api/v1/ingest/mail?to=${Array(101).fill('bob@qa.test').join(',')}`,
    { body: 'a: b\n\n', headers: mail },
    'request.invalid',
  ],
  ['no limit at all', 'GET', '/api/v1/inbox?limit=0', {}, 'request.invalid'],
  ['a limit past the limit', 'GET', '/api/v1/inbox?limit=201', {}, 'request.invalid'],
  ['a limit that is none', 'GET', '/api/v1/inbox?limit=many', {}, 'request.invalid'],
  ['a filter past the limit', 'GET', `/api/v1/inbox?filter=${'x'.repeat(321)}`, {}, 'request.invalid'],
  ['two filters', 'GET', '/api/v1/inbox?filter=a&filter=b', {}, 'request.invalid'],
  ['a negative offset', 'POST', '/api/v1/me/read', { body: { up_to: -1 } }, 'request.invalid'],
  ['an address that ends too early', 'GET', '/api/v1/messages/%', {}, 'request.malformed'],
  ['an address that is too long', 'GET', `/api/v1/messages/${'x'.repeat(300)}`, {}, 'request.too_big'],
  ['a way out of the folder', 'GET', '/../../etc/passwd', {}, 'route.unknown'],
  ['an unknown route', 'GET', '/api/v1/nothing', {}, 'route.unknown'],
  ['an unknown method', 'PUT', '/api/v1/inbox', { body: {} }, 'route.unknown'],
  ['an attachment number that is none', 'GET', '/api/v1/messages/x/attachments/-1', {}, 'attachment.unknown'],
  [
    'another way to sign in',
    'GET',
    '/api/v1/inbox',
    { headers: { authorization: 'Basic b3duZXI6eA==' }, token: undefined },
    'token.invalid',
  ],
];

describe('bad input gets its code and a sentence, is counted, and ends nothing', () => {
  test.each(cases)('%s', async (_what, method, url, asked, code) => {
    const counted = await failuresCounted(code);
    const answer = await world.ask(method, url, { ...('token' in asked ? {} : { token }), ...asked });
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    const told = problem.parse(answer.json());
    expect(told.code).toBe(code);
    expect(answer.statusCode).toBe(failures[code as keyof typeof failures].http);
    expect(told.status).toBe(answer.statusCode);
    expect(told.detail).toMatch(/\S.*[.?!]$|^“|\w/);
    expect(told.request_id).toMatch(/^[a-z0-9]+-[a-z0-9]+$/);
    expect(await failuresCounted(code)).toBe(counted + 1);
    expect((await world.ask('GET', '/api/v1/inbox', { token })).statusCode).toBe(200);
  });
});

test('what is not HTTP is told so in one piece', async () => {
  await world.app.listen({ port: 0, host: '127.0.0.1' });
  const address = world.app.server.address();
  if (address === null || typeof address === 'string') throw new Error('No port');
  const socket = connect(address.port, '127.0.0.1');
  socket.write('HELO example.org\r\n\r\n');
  const answer = await text(socket);
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  expect(answer).toContain('"code":"request.malformed"');
});

test('a fault of ours is told without its cause, and logged once with the id of the request', async () => {
  const broken = await openWorld();
  const { token } = await broken.signIn();
  const digest = 'a'.repeat(64);
  const id = await broken.deliver({ source: digest });
  const answer = await broken.ask('GET', `/api/v1/messages/${id}/source`, { token });
  expect(answer.statusCode).toBe(500);
  expect(answer.json()).toMatchObject({ code: 'server.failed', detail: 'Something failed on our side.' });
  const errors = broken.logged.filter(({ level }) => Number(level) >= 40);
  expect(errors).toHaveLength(1);
  expect(errors[0]).toMatchObject({ request_id: answer.json().request_id, err: { message: 'no such file' } });
  expect(answer.body).not.toContain('no such file');
  await broken.close();
});

async function failuresCounted(code: string): Promise<number> {
  const line = (await world.metrics.text())
    .split('\n')
    .find((one) => one.startsWith(`roost_failures_total{edge="http",code="${code}"}`));
  return Number(line?.split(' ')[1] ?? 0);
}
