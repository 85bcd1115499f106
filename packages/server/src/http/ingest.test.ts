import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openWorld, type World } from './testing/world.ts';

let world: World;
let token: string;
beforeEach(async () => {
  world = await openWorld();
  token = await world.apiToken(['ingest', 'read']);
});
afterEach(() => world.close());

const message = {
  to: 'bob@qa.test',
  from: 'app@example.org',
  subject: 'Hello',
  text: 'It works.\n\nReally.',
};
const send = (body: unknown, headers: Record<string, string> = {}) =>
  world.ask('POST', '/api/v1/ingest/messages', { token, body, headers });
const mail = (source: string, query = '', headers: Record<string, string> = {}) =>
  world.ask('POST', `/api/v1/ingest/mail${query}`, {
    token,
    body: source,
    headers: { 'content-type': 'message/rfc822', ...headers },
  });
const inbox = async () => (await world.ask('GET', '/api/v1/inbox', { token })).json().rows;

describe('messages as JSON', () => {
  test('one is stored, and its id told', async () => {
    const answer = await send(message);
    expect(answer.statusCode).toBe(201);
    const { message_id, results, offset } = answer.json();
    expect(results).toEqual([{ message_ids: [message_id], repeated: false }]);
    expect(await inbox()).toEqual([
      expect.objectContaining({
        id: message_id,
        version: offset,
        to: ['bob@qa.test'],
        from: 'app@example.org',
        subject: 'Hello',
        snippet: 'It works. Really.',
        size_bytes: 18,
        problem: null,
      }),
    ]);
    const opened = await world.ask('GET', `/api/v1/messages/${message_id}`, { token });
    expect(opened.json().rows[0].content).toMatchObject({ text: message.text, has_source: false });
  });

  test('many are stored together, at one offset', async () => {
    const answer = await send({ messages: [message, { ...message, to: ['Ann@QA.test', 'ann@qa.test'] }] });
    expect(answer.json()).toEqual({
      results: [
        { message_ids: [expect.any(String)], repeated: false },
        { message_ids: [expect.any(String)], repeated: false },
      ],
      offset: expect.any(Number),
    });
    const rows = await inbox();
    expect(rows.map(({ to }: { to: string[] }) => to)).toEqual([['ann@qa.test'], ['bob@qa.test']]);
    expect(new Set(rows.map(({ version }: { version: number }) => version)).size).toBe(1);
  });

  test('one that nobody takes leaves none of its batch behind', async () => {
    const answer = await send({ messages: [message, { ...message, to: 'x@nowhere.example' }] });
    expect(answer.statusCode).toBe(404);
    expect(answer.json().code).toBe('address.unknown');
    expect(await inbox()).toEqual([]);
  });

  test('one with the name of an earlier one is that one', async () => {
    const first = (await send({ ...message, external_id: 'order-7' })).json();
    const again = (await send({ ...message, external_id: 'order-7' })).json();
    expect(again.results).toEqual([{ message_ids: first.results[0].message_ids, repeated: true }]);
    expect(await inbox()).toHaveLength(1);
  });

  test('[W2] the same Idempotency-Key gets the same answer, and something else under it is refused', async () => {
    const key = { 'idempotency-key': 'try-1' };
    const first = await send(message, key);
    const again = await send(message, key);
    expect(again.json()).toEqual(first.json());
    expect((await send({ ...message, subject: 'Other' }, key)).json().code).toBe('request.repeated');
    expect(await inbox()).toHaveLength(1);
  });

  test('what the databases cannot hold, or what would turn a line around, is put right', async () => {
    await send({
      ...message,
      subject: 'a\u0000b\r\nBcc: x',
      from: 'A\u202Ecod.exe <a@b.org>',
      text: '\ud800!',
    });
    const [row] = await inbox();
    expect(row).toMatchObject({ subject: 'a b Bcc: x', from: 'Acod.exe <a@b.org>', snippet: '\ufffd!' });
  });
});

describe('mail as it is', () => {
  const source =
    'From: Ann <ann@example.org>\r\nTo: Bob <bob@qa.test>, x@nowhere.example\r\nSubject: Hi\r\n\r\nText';

  test('goes to whom the query names', async () => {
    const answer = await mail(source, '?to=ann@qa.test&to=Carl@qa.test');
    expect(answer.statusCode).toBe(201);
    expect((await inbox())[0]).toMatchObject({ to: ['ann@qa.test', 'carl@qa.test'], subject: 'Hi' });
  });

  test('goes to whom the header of a mail filter names', async () => {
    await mail(source, '', { 'x-roost-rcpt': 'ann@qa.test, carl@qa.test' });
    expect((await inbox())[0].to).toEqual(['ann@qa.test', 'carl@qa.test']);
  });

  test('without either goes to those it names itself that are ours', async () => {
    await mail(source);
    expect((await inbox())[0].to).toEqual(['bob@qa.test']);
  });

  test('comes back byte for byte', async () => {
    const { message_id } = (await mail(source)).json();
    const back = await world.ask('GET', `/api/v1/messages/${message_id}/source`, { token });
    expect(back.body).toBe(source);
    expect(back.headers).toMatchObject({
      'content-type': 'message/rfc822',
      'content-disposition': `attachment; filename="${message_id}.eml"`,
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
    });
  });

  test('is counted by what became of it', async () => {
    await mail(source);
    await mail(source, '?to=x@nowhere.example');
    const figures = await world.metrics.text();
    expect(figures).toContain('roost_ingested_messages_total{source="http",outcome="stored"} 1');
    expect(figures).toContain('roost_ingested_messages_total{source="http",outcome="refused"} 1');
  });
});
