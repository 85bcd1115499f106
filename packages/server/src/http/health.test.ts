import { afterEach, beforeEach, expect, test } from 'vitest';
import { openWorld, type World } from './testing/world.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const ready = async () => {
  const answer = await world.ask('GET', '/readyz');
  return [answer.statusCode, answer.json().status, answer.json().parts.store?.says];
};

test('a process that runs is alive, whatever is wrong with what it stands on', async () => {
  world.parts.state = { state: 'failed', says: 'Gone.' };
  const answer = await world.ask('GET', '/healthz');
  expect([answer.statusCode, answer.json()]).toEqual([200, { status: 'ok' }]);
});

test('it is ready when every part is', async () => {
  expect(await ready()).toEqual([200, 'ok', 'It answers.']);
});

test('a part that is only slower or missing is told, and it is ready still', async () => {
  world.parts.state = { state: 'degraded', says: 'Redis is away.' };
  expect(await ready()).toEqual([200, 'degraded', 'Redis is away.']);
});

test('a part that failed makes it unready, with the reason', async () => {
  world.parts.state = { state: 'failed', says: 'The disk is full: 12 MiB free.' };
  expect(await ready()).toEqual([503, 'failed', 'The disk is full: 12 MiB free.']);
});

test('a part that does not answer within a second failed', async () => {
  await world.close();
  world = await openWorld({}, [{ name: 'store', check: () => new Promise(() => {}) }]);
  expect(await ready()).toEqual([503, 'failed', 'No answer within 1000 ms.']);
});

test('a part whose check breaks failed, and takes nothing with it', async () => {
  await world.close();
  world = await openWorld({}, [{ name: 'store', check: () => Promise.reject(new Error('It is locked.')) }]);
  expect(await ready()).toEqual([503, 'failed', 'It is locked.']);
});

test('a server on its way down is not ready, and answers to the end', async () => {
  world.drain();
  expect((await ready()).slice(0, 2)).toEqual([503, 'draining']);
  expect((await world.ask('GET', '/api/v1/server')).statusCode).toBe(200);
});

test('requests are measured by route, never by address', async () => {
  const { token } = await world.signIn();
  await world.ask('GET', '/api/v1/messages/one', { token });
  await world.ask('GET', '/api/v1/messages/two', { token });
  await world.ask('GET', '/nothing/of/the/kind');
  const answer = await world.ask('GET', '/metrics');
  expect(answer.headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
  expect(answer.body).toContain(
    'roost_http_request_seconds_count{method="GET",route="/api/v1/messages/:id",status="404"} 2',
  );
  expect(answer.body).not.toContain('/nothing');
});
