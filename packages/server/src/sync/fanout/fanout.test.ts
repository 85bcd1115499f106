import { afterEach, describe, expect, inject, test, vi } from 'vitest';
import { startRedis } from '../../../../../scripts/services/redis.mjs';
import { type Fanout, type Hint, MemoryNetwork, redisFanout } from './index.ts';

const redisUrl = inject('redisUrl');

/** One contract for whatever carries hints. */
function contract(join: () => Fanout) {
  const open: Fanout[] = [];
  afterEach(async () => {
    for (const fanout of open.splice(0)) await fanout.close();
  });
  const node = () => {
    const fanout = join();
    open.push(fanout);
    const heard: Hint[] = [];
    fanout.onHint((hint) => heard.push(hint));
    return { fanout, heard };
  };

  test('every other node hears a hint, and its own node does not', async () => {
    const [a, b, c] = [node(), node(), node()];
    await vi.waitUntil(() => [a, b, c].every(({ fanout }) => fanout.isHealthy()));
    const hints: Hint[] = [
      { kind: 'log', org: 'o1', offset: 7 },
      { kind: 'revoked', org: 'o1' },
      { kind: 'ephemeral', org: 'o1', signal: { kind: 'typing', user_id: 'u', scope: 'inbox' } },
    ];
    for (const hint of hints) a.fanout.publish(hint);
    await vi.waitUntil(() => b.heard.length === hints.length && c.heard.length === hints.length);
    expect(b.heard).toEqual(hints);
    expect(c.heard).toEqual(hints);
    expect(a.heard).toEqual([]);
  });

  test('a node that has closed hears nothing more and may be told to publish without harm', async () => {
    const [a, b] = [node(), node()];
    await vi.waitUntil(() => a.fanout.isHealthy() && b.fanout.isHealthy());
    await b.fanout.close();
    a.fanout.publish({ kind: 'log', org: 'o1', offset: 1 });
    b.fanout.publish({ kind: 'log', org: 'o1', offset: 2 });
    const c = node();
    await vi.waitUntil(() => c.fanout.isHealthy());
    a.fanout.publish({ kind: 'log', org: 'o1', offset: 3 });
    await vi.waitUntil(() => c.heard.length > 0);
    expect(c.heard).toEqual([{ kind: 'log', org: 'o1', offset: 3 }]);
    expect(b.heard).toEqual([]);
  });
}

describe('in memory', () => {
  const network = new MemoryNetwork();
  contract(() => network.join());
});

describe.skipIf(redisUrl === null)('over Redis', () => {
  let count = 0;
  const name = () => {
    count += 1;
    return `node-${count}`;
  };
  contract(() => redisFanout(redisUrl as string, 'roost:contract', name(), () => {}));

  test('Redis gone and back: unhealthy meanwhile, nothing thrown, hints travel again', async () => {
    const first = await startRedis();
    const said: string[] = [];
    const heard: Hint[] = [];
    const a = redisFanout(first.url, 'roost:away', 'a', (says) => said.push(says));
    const b = redisFanout(first.url, 'roost:away', 'b', () => {});
    b.onHint((hint) => heard.push(hint));
    try {
      await vi.waitUntil(() => a.isHealthy() && b.isHealthy(), 5_000);
      await first.stop();
      await vi.waitUntil(() => !a.isHealthy() && !b.isHealthy(), 5_000);
      a.publish({ kind: 'log', org: 'o1', offset: 1 });
      const second = await startRedis({ port: first.port });
      try {
        await vi.waitUntil(() => a.isHealthy() && b.isHealthy(), 10_000);
        a.publish({ kind: 'log', org: 'o1', offset: 2 });
        await vi.waitUntil(() => heard.length > 0, 5_000);
        expect(heard).toEqual([{ kind: 'log', org: 'o1', offset: 2 }]);
        expect(said).toEqual([expect.stringMatching(/does not answer/), expect.stringMatching(/again/)]);
      } finally {
        await Promise.all([a.close(), b.close()]);
        await second.stop();
      }
    } finally {
      await Promise.all([a.close(), b.close()]);
    }
  });

  test('what others write to the channel is not taken for a hint', async () => {
    const { createClient } = await import('redis');
    const stranger = await createClient({ url: redisUrl as string }).connect();
    const heard: Hint[] = [];
    const a = redisFanout(redisUrl as string, 'roost:stranger', 'a', () => {});
    const b = redisFanout(redisUrl as string, 'roost:stranger', 'b', () => {});
    a.onHint((hint) => heard.push(hint));
    await vi.waitUntil(() => a.isHealthy() && b.isHealthy());
    await stranger.publish('roost:stranger', 'not json');
    await stranger.publish('roost:stranger', '{"from":"x","hint":{"kind":"log","org":1}}');
    b.publish({ kind: 'log', org: 'o1', offset: 9 });
    await vi.waitUntil(() => heard.length > 0);
    expect(heard).toEqual([{ kind: 'log', org: 'o1', offset: 9 }]);
    await Promise.all([a.close(), b.close(), stranger.close()]);
  });
});
