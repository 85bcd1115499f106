import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import { pino } from 'pino';
import { afterEach, describe, expect, inject, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { systemClock } from './clock.ts';
import { readConfig } from './config.ts';
import { type Running, start } from './main.ts';
import { freshPostgres, postgresMissing } from './store/testing/postgres.ts';

const postgres = inject('postgresUrl');
const redis = inject('redisUrl');
const OWNER = { email: 'owner@roost.test', password: 'a long enough password' };
const HOST_SECRET = 'a secret of the host, long enough for HS256';
/** What is promised where hints travel, and what the nodes take to find out by looking. */
const HINTED_MS = 250;
const LOOKED_MS = 1_500;

const undo: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

/** Two servers on one database, as two processes would be: nothing but the database and Redis between them. */
async function twoNodes(redisUrl: string | null): Promise<[Running, Running]> {
  const database = await freshPostgres(postgres as string);
  undo.push(() => database.drop());
  const node = async () => {
    const data = await mkdtemp(join(tmpdir(), 'roost-node-'));
    undo.push(() => rm(data, { recursive: true, force: true }));
    const config = readConfig({
      ROOST_DATA: data,
      ROOST_PORT: '0',
      ROOST_SMTP_PORT: '0',
      ROOST_DATABASE_URL: database.url,
      ROOST_HOST_ISSUER: 'https://shop.example',
      ROOST_HOST_SECRET: HOST_SECRET,
      ROOST_OWNER_EMAIL: OWNER.email,
      ROOST_OWNER_PASSWORD: OWNER.password,
      ...(redisUrl === null ? {} : { ROOST_REDIS_URL: redisUrl }),
    });
    const running = await start(config, pino({ level: 'silent' }));
    undo.push(() => running.stop('the test is over'));
    return running;
  };
  return [await node(), await node()];
}

async function ask(node: Running, method: string, path: string, token: string | null, body?: object) {
  const answer = await fetch(`${node.url}/api/v1${path}`, {
    method,
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, json: text === '' ? null : JSON.parse(text) };
}

function hostToken(): Promise<string> {
  const now = Math.floor(systemClock.now() / 1000);
  return new SignJWT({ sub: '7', org: 'main', role: 'agent', name: 'Ivo' })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer('https://shop.example')
    .setAudience('roost')
    .setIssuedAt(now)
    .setExpirationTime(now + 600)
    .sign(new TextEncoder().encode(HOST_SECRET));
}

/** How long `node` goes on letting this token in, ms. It only asks, and so follows no log. */
async function letInFor(node: Running, token: string): Promise<number> {
  const since = systemClock.now();
  while (systemClock.now() - since < 10_000) {
    if ((await ask(node, 'GET', '/me/sessions', token)).status === 401) return systemClock.now() - since;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return Number.POSITIVE_INFINITY;
}

/** The middle one of three, ms: a machine that is busy with something else for a moment proves nothing. */
async function revoked(nodes: readonly [Running, Running]): Promise<number> {
  const [one, other] = nodes;
  const admin = (await ask(one, 'POST', '/sessions', null, OWNER)).json.access_token;
  const took: number[] = [];
  for (let at = 0; at < 3; at += 1) {
    const held = (await ask(other, 'POST', '/sessions', null, OWNER)).json.access_token;
    expect((await ask(other, 'GET', '/me/sessions', held)).status).toBe(200);
    expect((await ask(one, 'DELETE', '/me/sessions', admin)).status).toBe(200);
    took.push(await letInFor(other, held));
  }
  return took.sort((a, b) => a - b)[1] as number;
}

describe.skipIf(postgresMissing(postgres))('[A1] a revocation on one node', () => {
  test.skipIf(redis === null)(
    'is known to every other within 250 ms, also where nobody reads',
    async () => {
      expect(await revoked(await twoNodes(redis))).toBeLessThan(HINTED_MS);
    },
    60_000,
  );

  test.skipIf(redis === null)(
    'closes the sockets of whom a host brought, on every node',
    async () => {
      const [one, other] = await twoNodes(redis);
      const admin = (await ask(one, 'POST', '/sessions', null, OWNER)).json.access_token;
      const token = await hostToken();
      const socket = new WebSocket(`${other.url.replace('http', 'ws')}/api/v1/ws`, 'roost.v1');
      undo.push(async () => socket.terminate());
      const frames: { type: string; code?: string; user_id?: string }[] = [];
      socket.on('message', (data) => frames.push(JSON.parse(String(data))));
      let closedWith: number | null = null;
      socket.on('close', (code) => {
        closedWith = code;
      });
      await once(socket, 'open');
      socket.send(JSON.stringify({ type: 'hello', token, subscriptions: [] }));
      await vi.waitUntil(() => frames.length > 0, 5_000);
      expect(frames[0]).toMatchObject({ type: 'connected', org_id: 'main' });
      const userId = frames[0]?.user_id;
      const barred = await ask(one, 'PATCH', `/members/${userId}`, admin, { active: false });
      const since = systemClock.now();
      expect(barred.status).toBe(200);
      await vi.waitUntil(() => closedWith !== null, 5_000);
      expect(systemClock.now() - since).toBeLessThan(HINTED_MS);
      expect([4002, 4003]).toContain(closedWith);
      expect((await ask(other, 'GET', '/me', token)).json.code).toBe('access.forbidden');
    },
    60_000,
  );

  test('is found by looking where there is no Redis', async () => {
    expect(await revoked(await twoNodes(null))).toBeLessThan(LOOKED_MS);
  }, 60_000);
});
