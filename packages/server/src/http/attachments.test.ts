import { afterEach, beforeEach, expect, test } from 'vitest';
import { digestOf, openWorld, plainArrival, type World } from './testing/world.ts';

let world: World;
let token: string;
beforeEach(async () => {
  world = await openWorld();
  ({ token } = await world.signIn());
});
afterEach(() => world.close());

async function attach(filename: string, contentType: string, bytes = Buffer.from('<script>1</script>')) {
  const digest = digestOf(bytes);
  world.blobs.set(digest, bytes);
  const attachment = {
    index: 0,
    filename,
    content_type: contentType,
    size_bytes: bytes.length,
    content_id: null,
    inline: false,
  };
  const content = { ...plainArrival.content, attachments: [attachment] };
  const id = await world.deliver({ content, attachment_blobs: [digest] });
  return `/api/v1/messages/${id}/attachments/0`;
}

test('an attachment is downloaded, and never runs in our origin', async () => {
  const answer = await world.ask('GET', await attach('page.html', 'text/html'), { token });
  expect(answer.statusCode).toBe(200);
  expect(answer.body).toBe('<script>1</script>');
  expect(answer.headers).toMatchObject({
    'content-type': 'text/html',
    'content-disposition': 'attachment; filename="page.html"',
    'content-security-policy': "default-src 'none'; sandbox",
    'x-content-type-options': 'nosniff',
  });
});

test('a name and a type that a sender made up break nothing', async () => {
  const url = await attach('../../Rechnung “März”\r\nSet-Cookie: x.pdf', 'text/html\r\nX-Evil: 1');
  const answer = await world.ask('GET', url, { token });
  expect(answer.headers['set-cookie']).toBeUndefined();
  expect(answer.headers['x-evil']).toBeUndefined();
  expect(answer.headers['content-type']).toBe('application/octet-stream');
  expect(answer.headers['content-disposition']).toBe(
    `attachment; filename="_.._Rechnung _M_rz_Set-Cookie: x.pdf"; filename*=UTF-8''_.._Rechnung%20%E2%80%9CM%C3%A4rz%E2%80%9DSet-Cookie%3A%20x.pdf`,
  );
});

test('an empty one is one too', async () => {
  const answer = await world.ask('GET', await attach('empty', 'text/plain', Buffer.alloc(0)), { token });
  expect([answer.statusCode, answer.body]).toEqual([200, '']);
});

test('one that a browser still has is not sent again', async () => {
  const url = await attach('a.txt', 'text/plain');
  const first = await world.ask('GET', url, { token });
  const again = await world.ask('GET', url, {
    token,
    headers: { 'if-none-match': String(first.headers.etag) },
  });
  expect([again.statusCode, again.body]).toEqual([304, '']);
});

test('what is not there is told as such', async () => {
  const url = await attach('a.txt', 'text/plain');
  const other = await world.ask('GET', url.replace(/0$/, '1'), { token });
  expect(other.json().code).toBe('attachment.unknown');
  const unknown = await world.ask('GET', '/api/v1/messages/nothing/attachments/0', { token });
  expect(unknown.json().code).toBe('message.unknown');
  const id = await world.deliver({ source: null });
  expect((await world.ask('GET', `/api/v1/messages/${id}/source`, { token })).json().code).toBe(
    'message.unknown',
  );
});
