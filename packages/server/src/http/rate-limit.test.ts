import { afterEach, describe, expect, test } from 'vitest';
import type { Rates } from './needs.ts';
import { openWorld, type World } from './testing/world.ts';

const NO_LIMIT: Rates = { person: 0, address: 0, ingest: 0, webhook: 0 };
const ME = '/api/v1/me';

let world: World;
afterEach(() => world.close());

async function limited(rates: Partial<Rates>): Promise<void> {
  world = await openWorld({ rates: { ...NO_LIMIT, ...rates } });
}

describe('requests of one person', () => {
  test('are counted, told, refused when none is left, and let in again with time', async () => {
    await limited({ person: 3 });
    const { token } = await world.signIn();
    const told = [];
    for (let ask = 0; ask < 4; ask += 1) told.push(await world.ask('GET', ME, { token }));
    expect(told.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 429]);
    expect(told.map(({ headers }) => headers.ratelimit)).toEqual([
      '"person";r=2;t=20',
      '"person";r=1;t=20',
      '"person";r=0;t=20',
      '"person";r=0;t=20',
    ]);
    expect(told.map(({ headers }) => headers['ratelimit-policy'])).toEqual(
      Array(4).fill('"person";q=3;w=60'),
    );
    const refused = told[3];
    expect(refused?.headers['retry-after']).toBe('20');
    expect(refused?.json()).toMatchObject({
      status: 429,
      code: 'request.too_many',
      remedy: 'retry',
      about: { policy: 'person' },
    });

    world.clock.time += 19_999;
    expect((await world.ask('GET', ME, { token })).headers['retry-after']).toBe('1');
    world.clock.time += 1;
    expect((await world.ask('GET', ME, { token })).statusCode).toBe(200);
    expect((await world.ask('GET', ME, { token })).statusCode).toBe(429);
  });

  test('never pile up past a minute, and a clock that steps back gives and takes nothing', async () => {
    await limited({ person: 2 });
    const { token } = await world.signIn();
    const statuses = async (count: number) => {
      const told = [];
      for (let ask = 0; ask < count; ask += 1) told.push((await world.ask('GET', ME, { token })).statusCode);
      return told;
    };
    expect(await statuses(1)).toEqual([200]);
    world.clock.time += 10 * 60_000;
    expect(await statuses(3)).toEqual([200, 200, 429]);
    world.clock.time -= 5 * 60_000;
    expect(await statuses(1)).toEqual([429]);
    world.clock.time += 30_000;
    expect(await statuses(2)).toEqual([200, 429]);
  });

  test('are theirs alone, on whichever device; an API token counts for itself', async () => {
    await limited({ person: 1 });
    const [one, other] = [await world.signIn(), await world.signIn()];
    const api = await world.apiToken(['read']);
    const agent = await world.member('agent');
    expect((await world.ask('GET', ME, { token: one.token })).statusCode).toBe(200);
    expect((await world.ask('GET', ME, { token: other.token })).statusCode).toBe(429);
    expect((await world.ask('GET', ME, { token: api })).statusCode).toBe(200);
    expect((await world.ask('GET', ME, { token: agent.token })).statusCode).toBe(200);
  });

  test('count when they are refused for what their role may not', async () => {
    await limited({ person: 1, address: 1 });
    const viewer = await world.member('viewer');
    const remove = () =>
      world.ask('DELETE', '/api/v1/messages/x', { token: viewer.token, from: '192.0.2.9' });
    expect((await remove()).json().code).toBe('access.forbidden');
    expect((await remove()).json()).toMatchObject({ code: 'request.too_many', about: { policy: 'person' } });
  });
});

describe('requests without a token, or with a wrong one', () => {
  test('are counted by address, and leave those who show one alone', async () => {
    await limited({ address: 2 });
    const { token } = await world.signIn();
    const guess = (from: string) => world.ask('GET', ME, { token: 'rt_wrong', from });
    expect((await guess('198.51.100.1')).statusCode).toBe(401);
    expect((await world.ask('GET', '/api/v1/server', { from: '198.51.100.1' })).statusCode).toBe(200);
    expect((await guess('198.51.100.1')).json()).toMatchObject({
      code: 'request.too_many',
      about: { policy: 'address' },
    });
    expect((await world.ask('GET', ME, { token, from: '198.51.100.1' })).statusCode).toBe(200);
    expect((await guess('198.51.100.2')).statusCode).toBe(401);
  });

  test('of one IPv6 network count together', async () => {
    await limited({ address: 1 });
    const ask = (from: string) => world.ask('GET', '/api/v1/server', { from });
    expect((await ask('2001:db8:0:1::1')).statusCode).toBe(200);
    expect((await ask('2001:db8:0:1:ffff::2')).statusCode).toBe(429);
    expect((await ask('2001:db8:0:2::1')).statusCode).toBe(200);
  });
});

test('what brings messages in has a policy of its own', async () => {
  await limited({ person: 1, ingest: 2 });
  const token = await world.apiToken(['ingest', 'read']);
  const bring = () =>
    world.ask('POST', '/api/v1/ingest/messages', {
      token,
      body: { to: 'bob@qa.test', from: 'app@example.org' },
    });
  const first = await bring();
  expect([first.statusCode, first.headers.ratelimit]).toEqual([201, '"ingest";r=1;t=30']);
  expect((await bring()).statusCode).toBe(201);
  expect((await bring()).statusCode).toBe(429);
  expect((await world.ask('GET', ME, { token })).statusCode).toBe(200);
});

test('probes and figures are never refused, and without a limit nothing is told', async () => {
  await limited({ address: 1 });
  for (const url of ['/healthz', '/readyz', '/metrics', '/healthz', '/readyz', '/metrics']) {
    const { statusCode, headers } = await world.ask('GET', url);
    expect([statusCode, headers.ratelimit]).toEqual([200, undefined]);
  }
});
