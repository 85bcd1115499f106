import { Failure } from '@roost/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isNamedIn } from '../domain/messages/remote-content.ts';
import { openWorld, plainArrival, type World } from './testing/world.ts';

let world: World;
let token: string;
let id: string;
beforeAll(async () => {
  world = await openWorld();
  token = (await world.signIn()).token;
  const html =
    '<img src="https://pictures.example/a.gif?x=1&amp;y=2"><img src="https://pictures.example/&#x2603;">';
  id = await world.deliver({ content: { ...plainArrival.content, html } });
});
afterAll(() => world.close());

const picture = (url: string) =>
  world.ask('GET', `/api/v1/messages/${id}/remote-content?url=${encodeURIComponent(url)}`, { token });

test('a picture that the message names comes as what it is, and can do nothing in our origin', async () => {
  const answer = await picture('https://pictures.example/a.gif?x=1&y=2');
  expect(answer.statusCode).toBe(200);
  expect(answer.headers).toMatchObject({
    'content-type': 'image/gif',
    'content-security-policy': "default-src 'none'; sandbox",
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
  });
  expect(answer.headers['set-cookie']).toBeUndefined();
});

test('what the message does not name is not fetched for anybody', async () => {
  const answer = await picture('https://elsewhere.example/a.gif');
  expect(answer.json()).toMatchObject({ status: 403, code: 'content.refused' });
});

test('where it is switched off nothing is fetched, and it is said', async () => {
  const off = await openWorld({}, undefined, { remoteContent: null });
  const { token } = await off.signIn();
  const html = '<img src="https://pictures.example/a.gif">';
  const message = await off.deliver({ content: { ...plainArrival.content, html } });
  const url = encodeURIComponent('https://pictures.example/a.gif');
  const answer = await off.ask('GET', `/api/v1/messages/${message}/remote-content?url=${url}`, { token });
  expect(answer.json()).toMatchObject({
    code: 'content.refused',
    detail: 'Pictures on other servers are switched off on this server.',
  });
  await off.close();
});

test('what becomes of the fetching is told as it is', async () => {
  const failing = await openWorld({}, undefined, {
    remoteContent: {
      image: () => Promise.reject(new Failure('content.unavailable', 'The answer was 404.')),
    },
  });
  const { token } = await failing.signIn();
  const message = await failing.deliver({
    content: { ...plainArrival.content, html: 'https://x.example/a' },
  });
  const url = encodeURIComponent('https://x.example/a');
  const answer = await failing.ask('GET', `/api/v1/messages/${message}/remote-content?url=${url}`, { token });
  expect(answer.json()).toMatchObject({ status: 502, detail: 'The answer was 404.' });
  await failing.close();
});

test.each([
  ['https://a.test/x', '<img src="https://a.test/x">', true],
  ['https://a.test/x?a=1&b=2', '<img src="https://a.test/x?a=1&amp;b=2">', true],
  ['https://a.test/x?a=1&b=2', '<img src="https://a.test/x?a=1&b=2">', true],
  ['https://a.test/é', '<img src="https://a.test/&#233;">', true],
  ['https://a.test/x', '<img src="https&#x3a;//a.test/x">', true],
  ['https://b.test/x', '<img src="https://a.test/x">', false],
  ['https://a.test/&#0;', '<img src="https://a.test/&#0;">', true],
])('%s in %s: %s', (url, html, is) => {
  expect(isNamedIn(html, url)).toBe(is);
});
