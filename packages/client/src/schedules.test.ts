import { describe, expect, test } from 'vitest';
import { seededRandom } from './testing/fake-clock.ts';
import { type OpenList, World } from './testing/world.ts';

/** Schedules that went wrong once are kept here by their seed. */
const KEPT_SEEDS: number[] = [];
const RUNS = 200;
const STEPS = 80;

describe('whatever happens in between, every list ends as a fresh snapshot would show it', () => {
  const seeds = [...KEPT_SEEDS, ...Array.from({ length: RUNS }, (_, at) => at + 1)];
  test.each(chunked(seeds, 50))('schedules %i and following', async (...chunk) => {
    for (const seed of chunk) await run(seed);
  });
});

async function run(seed: number): Promise<void> {
  const random = seededRandom(seed * 7_919);
  const draw = (count: number) => Math.floor(random() * count);
  const world = new World({ seed, timing: { releaseDelayMs: 500 } });
  const lists: OpenList[] = [];
  const ids: string[] = [];
  const channels = ['inbox', 'me', 'inbox?bob', 'inbox?carl'] as const;
  const open = () => {
    const [channel, filter] = (channels[draw(channels.length)] as string).split('?');
    lists.push(world.open(channel as string, { filter, limit: 1 + draw(8) }));
  };
  const anyId = () => ids[draw(ids.length)];
  const { server, surroundings } = world;
  const writes: (() => unknown)[] = [
    () => ids.push(server.log.deliver(`m${ids.length}`, draw(2) ? 'bob@example.org' : 'carl@example.org')),
    () => ids.push(server.log.deliver(`m${ids.length}`, 'bob@example.org')),
    () => {
      const id = anyId();
      if (id) server.log.edit(id, { to: [draw(2) ? 'bob@example.org' : 'carl@example.org'] });
    },
    () => {
      const id = anyId();
      if (id) ids.splice(ids.indexOf(id), 1);
      if (id) server.log.remove(id);
    },
    () => server.log.readUpTo(server.log.head),
  ];
  const steps: (() => unknown)[] = [
    open,
    () => lists.splice(draw(lists.length), 1)[0]?.close(),
    () => void lists[draw(lists.length)]?.list.fetchMore(),
    () => server.cutAll(),
    () => server.die(),
    () => server.blockSockets(),
    () => server.freezeAll(),
    () => server.recover(),
    () => server.recover(),
    () => server.recover(),
    () => {
      server.httpLag = draw(3);
    },
    () => server.drainAll(draw(3_000)),
    () => {
      server.log.oldest = Math.max(0, server.log.head - draw(5));
    },
    () => {
      if (draw(4) === 0) server.restore(`e${draw(1_000)}`);
    },
    () => (draw(2) ? surroundings.goOffline() : surroundings.goOnline()),
    () => world.client.retry(),
  ];
  open();
  open();
  world.client.start();
  for (let step = 0; step < STEPS; step += 1) {
    const todo = draw(3) === 0 ? steps : writes;
    todo[draw(todo.length)]?.();
    await world.advance(draw(12) === 0 ? draw(20_000) : draw(12));
    for (const { state } of lists) checkOrder(seed, state.rows);
  }
  server.recover();
  server.httpLag = 0;
  surroundings.goOnline();
  world.client.retry();
  await world.advance(65_000); // half-open connections are noticed by then
  expect(world.status.state, `seed ${seed}`).toBe('live');
  for (const { list, state } of lists) {
    const name = world.client.inspect();
    expect(state.error, `seed ${seed} ${JSON.stringify(name)}`).toBeNull();
    expect(state.isLoading, `seed ${seed}`).toBe(false);
    expect(list).toBeDefined();
  }
  for (const channel of channels) {
    const [name, filter] = channel.split('?') as [string, string | undefined];
    const list = world.open(name, { filter });
    await world.advance(100);
    const { rows, hasMore } = list.state;
    const truth = server.log.truth(name, filter === undefined ? {} : { filter });
    expect(rows, `seed ${seed} ${channel}`).toEqual(truth.slice(0, rows.length));
    // What lay below may have been deleted since, unseen; but what is there is never hidden.
    expect(hasMore || rows.length === truth.length, `seed ${seed} ${channel}`).toBe(true);
  }
  expect(world.thrown).toEqual([]);
}

function checkOrder(seed: number, rows: readonly { readonly id: string }[]): void {
  for (let at = 1; at < rows.length; at += 1)
    expect((rows[at - 1]?.id ?? '') > (rows[at]?.id ?? ''), `seed ${seed}: order`).toBe(true);
}

function chunked(all: readonly number[], size: number): number[][] {
  const chunks: number[][] = [];
  for (let at = 0; at < all.length; at += size) chunks.push(all.slice(at, at + size));
  return chunks;
}
