import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openWorld, type World } from './testing/world.ts';

let world: World;
let token: string;
beforeEach(async () => {
  world = await openWorld();
  ({ token } = await world.signIn());
});
afterEach(() => world.close());

const INBOX = '/api/v1/inbox';
const get = (url: string, headers: Record<string, string> = {}) => world.ask('GET', url, { token, headers });
const subjects = (answer: { json(): { rows: { subject: string }[] } }) =>
  answer.json().rows.map(({ subject }) => subject);

describe('GET /api/v1/inbox', () => {
  test('shows the newest first, each row with what a table needs, and its position as ETag', async () => {
    await world.deliver({ subject: 'one' });
    const id = await world.deliver({ subject: 'two', from: 'Ann <ann@example.org>' });
    const answer = await get(INBOX);
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(answer.json()).toEqual({
      rows: [expect.objectContaining({ subject: 'two' }), expect.objectContaining({ subject: 'one' })],
      next: null,
      has_more: false,
      cursor: expect.stringMatching(/^e[0-9a-z]+\.\d+$/),
    });
    expect(answer.json().rows[0]).toMatchObject({
      id,
      received_at: '2026-01-01T00:00:00.000Z',
      from: 'Ann <ann@example.org>',
      to: ['bob@qa.test'],
      snippet: '',
      version: Number(answer.json().cursor.split('.')[1]),
    });
    expect(answer.headers).toMatchObject({
      etag: `"${answer.json().cursor}"`,
      'cache-control': 'private, no-cache',
      vary: 'Authorization',
    });
  });

  test('is read page by page', async () => {
    for (const subject of ['one', 'two', 'three']) await world.deliver({ subject });
    const first = await get(`${INBOX}?limit=2`);
    expect(subjects(first)).toEqual(['three', 'two']);
    expect(first.json()).toMatchObject({ has_more: true, next: expect.any(String) });
    const second = await get(`${INBOX}?limit=2&before=${first.json().next}`);
    expect(subjects(second)).toEqual(['one']);
    expect(second.json()).toMatchObject({ has_more: false, next: null });
  });

  test('is narrowed by an address filter', async () => {
    await world.deliver({ subject: 'for ann', to: ['ann@qa.test'] });
    await world.deliver({ subject: 'for bob', to: ['bob@qa.test'] });
    expect(subjects(await get(`${INBOX}?filter=bob`))).toEqual(['for bob']);
    expect(subjects(await get(`${INBOX}?filter=ann%40qa.test`))).toEqual(['for ann']);
  });
});

describe('polling', () => {
  test('[E1] what has not changed is 304, with the newer position', async () => {
    await world.deliver({ to: ['ann@qa.test'] });
    const first = await get(`${INBOX}?filter=ann`);
    await world.deliver({ to: ['bob@qa.test'] });
    const again = await get(`${INBOX}?filter=ann`, { 'if-none-match': String(first.headers.etag) });
    expect(again.statusCode).toBe(304);
    expect(again.body).toBe('');
    expect(again.headers.etag).not.toBe(first.headers.etag);
    expect(again.headers).toMatchObject({ 'cache-control': 'private, no-cache' });
    const third = await get(`${INBOX}?filter=ann`, { 'if-none-match': String(again.headers.etag) });
    expect(third.statusCode).toBe(304);
  });

  test('[E1] a proxy may weaken the ETag or send several', async () => {
    const { headers } = await get(INBOX);
    for (const held of [`W/${headers.etag}`, `"other", ${headers.etag}`]) {
      expect((await get(INBOX, { 'if-none-match': held })).statusCode).toBe(304);
    }
  });

  test('[E1] what has changed is the whole first page', async () => {
    const { headers } = await get(INBOX);
    await world.deliver({ subject: 'new' });
    const again = await get(INBOX, { 'if-none-match': String(headers.etag) });
    expect(subjects(again)).toEqual(['new']);
  });

  test('[E2] with since only what changed comes, as one delta', async () => {
    const gone = await world.deliver({ subject: 'gone' });
    const first = await get(INBOX);
    const { cursor } = first.json();
    await world.deliver({ subject: 'new' });
    await world.ask('DELETE', `/api/v1/messages/${gone}`, { token });
    const delta = await get(`${INBOX}?since=${cursor}`);
    expect(delta.statusCode).toBe(200);
    expect(delta.json()).toEqual({
      prev: Number(cursor.split('.')[1]),
      offset: Number(cursor.split('.')[1]) + 2,
      added: [expect.objectContaining({ subject: 'new' })],
      updated: [],
      deleted: [gone],
      cursor: expect.any(String),
    });
    expect(delta.headers.etag).toBe(`"${delta.json().cursor}"`);
    const nothing = await get(`${INBOX}?since=${delta.json().cursor}`);
    expect(nothing.statusCode).toBe(304);
    expect(nothing.headers.etag).toBe(delta.headers.etag);
  });

  test.each([
    [
      'of another lifetime of the log',
      (cursor: string) => cursor.replace(/^e[^.]+/, 'e0000'),
      410,
      'cursor.unknown',
    ],
    ['from the future', (cursor: string) => `${cursor.split('.')[0]}.999999`, 410, 'cursor.unknown'],
    ['that is none', () => 'yesterday', 400, 'cursor.malformed'],
    ['that is none at all', () => '', 400, 'cursor.malformed'],
  ])('[E3] a cursor %s is told as such', async (_what, spoil, status, code) => {
    const { cursor } = (await get(INBOX)).json();
    const answer = await get(`${INBOX}?since=${spoil(cursor)}`);
    expect(answer.statusCode).toBe(status);
    expect(answer.json()).toMatchObject({ code, remedy: 'resync' });
  });

  test('an If-None-Match that is none of ours is as good as none', async () => {
    for (const held of ['*', '"x"', 'nonsense', '"e0000.4"']) {
      expect((await get(INBOX, { 'if-none-match': held })).statusCode).toBe(200);
    }
  });
});

describe('other lists', () => {
  test('me is one row, with how far I have read', async () => {
    const id = await world.deliver();
    const { cursor } = (await get(INBOX)).json();
    const upTo = Number(cursor.split('.')[1]);
    const read = await world.ask('POST', '/api/v1/me/read', { token, body: { up_to: upTo } });
    expect(read.statusCode).toBe(200);
    const me = await get('/api/v1/me');
    expect(me.json().rows).toHaveLength(1);
    expect(me.json().rows[0]).toMatchObject({ id: world.ownerId, read_offset: upTo });
    expect(id).not.toBe('');
    expect((await get('/api/v1/me', { 'if-none-match': String(me.headers.etag) })).statusCode).toBe(304);
    expect(read.json().offset).toBe(upTo + 1);
  });

  test('reading on past the head of the log is refused', async () => {
    const answer = await world.ask('POST', '/api/v1/me/read', { token, body: { up_to: 999_999 } });
    expect(answer.json().code).toBe('cursor.unknown');
  });

  test('a message is one row with what it says', async () => {
    const id = await world.deliver({ subject: 'open me' });
    const answer = await get(`/api/v1/messages/${id}`);
    expect(answer.json().rows).toEqual([
      expect.objectContaining({
        id,
        subject: 'open me',
        content: expect.objectContaining({ text: 'Hello' }),
      }),
    ]);
    const etag = String(answer.headers.etag);
    expect((await get(`/api/v1/messages/${id}`, { 'if-none-match': etag })).statusCode).toBe(304);
  });

  test('a message that is not there is told as such', async () => {
    const answer = await get('/api/v1/messages/nothing');
    expect(answer.statusCode).toBe(404);
    expect(answer.json().code).toBe('message.unknown');
  });
});
