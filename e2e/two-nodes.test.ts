import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { createDatabase } from '../scripts/services/postgres.mjs';
import { startRedis } from '../scripts/services/redis.mjs';
import { sendMail } from './world/mail.ts';
import { openReader } from './world/reader.ts';
import { type Roost, signIn, startRoost } from './world/roost.ts';
import { until } from './world/until.ts';

const postgresUrl = inject('postgresUrl');
const redisUrl = inject('redisUrl');

describe.skipIf(postgresUrl === null || redisUrl === null)('two nodes (needs PostgreSQL and Redis)', () => {
  let redis: Awaited<ReturnType<typeof startRedis>>;
  let nodes: [Roost, Roost];
  let dropDatabase: () => Promise<void>;

  beforeAll(async () => {
    redis = await startRedis();
    const database = await createDatabase(postgresUrl as string);
    dropDatabase = database.drop;
    const settings = { ROOST_DATABASE_URL: database.url, ROOST_REDIS_URL: redis.url };
    nodes = [await startRoost(settings), await startRoost(settings)];
  });
  afterAll(async () => {
    for (const node of nodes ?? []) await node.remove();
    await redis?.stop();
    await dropDatabase?.();
  });

  test('each delivers what the other took, once and in order, also while Redis is away', async () => {
    const [here, there] = nodes;
    const token = await signIn(here);
    const readers = [await openReader(here.url, { token }), await openReader(there.url, { token })];
    const sent: string[] = [];
    const deliver = async (subject: string, within: number) => {
      const node = sent.length % 2 === 0 ? here : there;
      sent.push(subject);
      await sendMail(node.smtpPort, { subject });
      await until(
        `both heard of ${subject}`,
        () => readers.every((reader) => reader.subjects().includes(subject)),
        within,
      );
    };
    for (let at = 0; at < 10; at += 1) await deliver(`With Redis ${at}`, 5_000);
    await redis.stop();
    for (let at = 0; at < 6; at += 1) await deliver(`Without Redis ${at}`, 2_000);
    const ready = await (await fetch(`${there.url}/readyz`)).json();
    expect(ready.status).toBe('degraded');
    expect(JSON.stringify(ready)).toMatch(/redis/i);
    redis = await startRedis({ port: redis.port });
    for (let at = 0; at < 4; at += 1) await deliver(`Redis is back ${at}`, 5_000);
    for (const reader of readers) expect(reader.subjects()).toEqual(sent);
  });

  test('[A1] a session ended on one node closes its sockets on the other', async () => {
    const [here, there] = nodes;
    const token = await signIn(here);
    const reader = await openReader(there.url, { token });
    const answer = await fetch(`${here.url}/api/v1/sessions`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${token}` },
    });
    expect(answer.ok).toBe(true);
    expect(await reader.closed()).toBe(4002);
  });
});
