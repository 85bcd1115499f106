import { describe, expect, test } from 'vitest';
import { Rest } from './rest.ts';
import { FakeClock } from './testing/fake-clock.ts';
import { defaultTiming } from './timing.ts';
import { TokenKeeper } from './token.ts';

const inbox = { channel: 'inbox', params: {} };
const page = { rows: [], next: null, has_more: false, cursor: 'e1.4' };

function rest(answer: (url: string, init: RequestInit) => Response | Promise<Response>) {
  const clock = new FakeClock();
  const calls: { url: string; init: RequestInit }[] = [];
  const fetch: typeof globalThis.fetch = async (input, init = {}) => {
    calls.push({ url: String(input), init });
    return answer(String(input), init);
  };
  let count = 0;
  const tokens = new TokenKeeper(async () => `t${++count}`, clock, 1_000);
  const made = new Rest({
    baseUrl: 'https://roost.test',
    fetch,
    tokens,
    clock,
    random: () => 0.5,
    timing: defaultTiming,
  });
  return { rest: made, calls, clock };
}

test.each([
  [inbox, 'https://roost.test/api/v1/inbox?limit=50'],
  [
    { channel: 'inbox', params: { filter: 'a+b@c d' } },
    'https://roost.test/api/v1/inbox?filter=a%2Bb%40c+d&limit=50',
  ],
  [{ channel: 'me', params: {} }, 'https://roost.test/api/v1/me?limit=50'],
  [{ channel: 'message:a/b:c', params: {} }, 'https://roost.test/api/v1/messages/a%2Fb%3Ac?limit=50'],
  [
    { channel: 'conversations', params: { view: 'mine', label: 'a b' } },
    'https://roost.test/api/v1/conversations?view=mine&label=a+b&limit=50',
  ],
  [{ channel: 'canned_replies', params: {} }, 'https://roost.test/api/v1/canned-replies?limit=50'],
  [{ channel: 'conversation:c/1', params: {} }, 'https://roost.test/api/v1/conversations/c%2F1?limit=50'],
  [{ channel: 'thread:c/1', params: {} }, 'https://roost.test/api/v1/conversations/c%2F1/messages?limit=50'],
  [{ channel: 'reads:c1', params: {} }, 'https://roost.test/api/v1/conversations/c1/reads?limit=50'],
  [{ channel: 'contact:k1', params: {} }, 'https://roost.test/api/v1/contacts/k1?limit=50'],
])('%j is asked for at its own address', async (list, url) => {
  const { rest: http, calls } = rest(() => Response.json(page));
  await expect(http.top(list, 50)).resolves.toEqual({ kind: 'page', page });
  expect(calls[0]?.url).toBe(url);
  expect(calls[0]?.init).toMatchObject({ cache: 'no-store', headers: { Authorization: 'Bearer t1' } });
});

test('a position is asked with, as cursor and as ETag', async () => {
  const { rest: http, calls } = rest(
    () => new Response(null, { status: 304, headers: { ETag: 'W/"e1.9"' } }),
  );
  const answer = await http.since(inbox, { epoch: 'e1', offset: 4 });
  expect(answer).toEqual({ kind: 'same', cursor: { epoch: 'e1', offset: 9 } });
  expect(calls[0]?.url).toBe('https://roost.test/api/v1/inbox?since=e1.4');
  expect(calls[0]?.init.headers).toMatchObject({ 'If-None-Match': '"e1.4"' });
});

test('a proxy that swallows the ETag of a 304 leaves the position where it was', async () => {
  const { rest: http } = rest(() => new Response(null, { status: 304 }));
  const answer = await http.since(inbox, { epoch: 'e1', offset: 4 });
  expect(answer).toEqual({ kind: 'same', cursor: { epoch: 'e1', offset: 4 } });
});

test.each([
  ['a page without a cursor', () => Response.json({ ...page, cursor: 'x' })],
  ['no list', () => Response.json({ hello: 1 })],
  ['a web page', () => new Response('<html>')],
  [
    'a 304 with an ETag of another kind',
    () => new Response(null, { status: 304, headers: { ETag: '"md5"' } }),
  ],
])('%s is no answer', async (_, answer) => {
  await expect(rest(answer).rest.since(inbox, { epoch: 'e1', offset: 4 })).rejects.toMatchObject({
    code: 'answer.malformed',
  });
});

test('a page below may not be a delta, nor a read without an offset', async () => {
  const delta = { prev: 1, offset: 2, added: [], updated: [], deleted: [], cursor: 'e1.2' };
  const { rest: http } = rest(() => Response.json(delta));
  await expect(http.below(inbox, 'x', 10)).rejects.toMatchObject({ code: 'answer.malformed' });
  await expect(rest(() => Response.json({})).rest.read(4)).rejects.toMatchObject({
    code: 'answer.malformed',
  });
  await expect(rest(() => new Response('x')).rest.read(4)).rejects.toMatchObject({
    code: 'answer.malformed',
  });
});

test('a refused token is replaced once', async () => {
  const { rest: http, calls } = rest((_, { headers }) =>
    (headers as { Authorization: string }).Authorization === 'Bearer t2'
      ? Response.json(page)
      : new Response(null, { status: 401 }),
  );
  await http.top(inbox, 1);
  expect(calls).toHaveLength(2);
});

test.each([
  [401, undefined, 'token.invalid', 'sign-in'],
  [404, undefined, 'route.unknown', 'give-up'],
  [429, undefined, 'connection.lost', 'retry'],
  [502, undefined, 'connection.lost', 'retry'],
  [410, { code: 'cursor.unknown', detail: 'x', remedy: 'resync' }, 'cursor.unknown', 'resync'],
  [403, { code: 'access.forbidden' }, 'access.forbidden', 'give-up'],
  [507, { code: 'store.full', detail: 'The disk is full.' }, 'store.full', 'retry'],
  [418, { code: 'tea.only', detail: 'x', remedy: 'correct' }, 'tea.only', 'correct'],
])('%i with %j is told as %s: %s', async (status, body, code, remedy) => {
  const answer = () => (body ? Response.json(body, { status }) : new Response('<html>', { status }));
  await expect(rest(answer).rest.top(inbox, 1)).rejects.toMatchObject({ code, remedy });
});

test('no answer in ten seconds is an answer: late, and the request is given up', async () => {
  const { rest: http, calls, clock } = rest(() => new Promise(() => {}));
  const late = http.top(inbox, 1);
  late.catch(() => {});
  await clock.advance(10_000);
  await expect(late).rejects.toMatchObject({ code: 'answer.late' });
  expect(calls[0]?.init.signal?.aborted).toBe(true);
});

test('a body that never ends is late too', async () => {
  const body = new ReadableStream({ start: (stream) => stream.enqueue(new TextEncoder().encode('{')) });
  const { rest: http, clock } = rest(() => new Response(body));
  const late = http.top(inbox, 1);
  late.catch(() => {});
  await clock.advance(10_000);
  await expect(late).rejects.toMatchObject({ code: 'answer.late' });
});

test('a network that fails is told as lost, with the cause', async () => {
  const cause = new TypeError('fetch failed');
  const { rest: http } = rest(() => Promise.reject(cause));
  await expect(http.top(inbox, 1)).rejects.toMatchObject({ code: 'connection.lost', cause });
});

describe('anything else', () => {
  test('a write carries JSON and a key of its own, and gives what was answered', async () => {
    const { rest: http, calls } = rest(() => Response.json({ offset: 7 }));
    await expect(http.ask('PATCH', '/conversations/c1', { status: 'closed' }, true)).resolves.toEqual({
      offset: 7,
    });
    expect(calls[0]).toMatchObject({
      url: 'https://roost.test/api/v1/conversations/c1',
      init: { method: 'PATCH', body: '{"status":"closed"}', headers: { 'Content-Type': 'application/json' } },
    });
    expect(keyOf(calls[0])).toMatch(/^w\.[a-z0-9]+\.[a-z0-9]+$/);
  });

  test('a file goes as it is, and a question carries nothing', async () => {
    const { rest: http, calls } = rest(() => new Response(null, { status: 204 }));
    const file = new Blob(['x'], { type: 'text/plain' });
    await expect(http.ask('POST', '/uploads?filename=a', file, true)).resolves.toBeNull();
    await http.ask('GET', '/members', undefined, true);
    expect(calls[0]?.init.body).toBe(file);
    expect(calls[0]?.init.headers).not.toHaveProperty('Content-Type');
    expect([calls[1]?.init.body, keyOf(calls[1])]).toEqual([undefined, undefined]);
  });

  test('without an answer it is sent again under the same key, three times in all', async () => {
    const { rest: http, calls, clock } = rest(() => Promise.reject(new TypeError('fetch failed')));
    const asked = http.ask('POST', '/labels', {}, true);
    asked.catch(() => {});
    await clock.advance(60_000);
    await expect(asked).rejects.toMatchObject({ code: 'connection.lost' });
    expect(calls.map((call) => keyOf(call))).toEqual(Array(3).fill(keyOf(calls[0])));
  });

  test('what may happen twice is sent once', async () => {
    const { rest: http, calls, clock } = rest(() => Promise.reject(new TypeError('fetch failed')));
    const asked = http.ask('POST', '/me/password', {}, false);
    asked.catch(() => {});
    await clock.advance(60_000);
    await expect(asked).rejects.toMatchObject({ code: 'connection.lost' });
    expect([calls.length, keyOf(calls[0])]).toEqual([1, undefined]);
  });

  test('a refusal comes with what is needed to go on, and is not asked for again', async () => {
    const body = { code: 'conversation.moved', detail: 'x', remedy: 'correct', about: { answer_offset: 4 } };
    const { rest: http, calls } = rest(() => Response.json(body, { status: 409 }));
    const letter = { id: 'm.1', conversationId: 'c1', draft: { text: 'a' } };
    await expect(http.say(letter)).rejects.toMatchObject({ about: { answer_offset: 4 } });
    expect([calls.length, keyOf(calls[0])]).toEqual([1, 'm.1']);
  });
});

function keyOf(call: { init: RequestInit } | undefined): string | undefined {
  return (call?.init.headers as Record<string, string> | undefined)?.['Idempotency-Key'];
}
