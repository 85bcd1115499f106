import { limits } from '@roost/protocol';
import { expect, test } from 'vitest';
import { Ephemera, type Ephemeron } from './ephemera.ts';
import { StillClock } from './testing/still-clock.ts';

const presence = (
  user_id: string,
  node: string,
  state: 'online' | 'away' | 'offline' = 'online',
  scope: string | null = null,
) => ({ kind: 'presence', user_id, node, state, scope }) as const;

function world() {
  const clock = new StillClock();
  const said: string[] = [];
  const ephemera = new Ephemera(clock, (_, signal: Ephemeron) => {
    said.push(signal.kind === 'presence' ? `${signal.user_id} ${signal.state}` : `${signal.user_id} types`);
  });
  const online = (org: string, scope: string | null = null) =>
    ephemera
      .here(org, scope)
      .map(({ user_id, state }) => (state === 'online' ? user_id : `${user_id} ${state}`));
  return { clock, said, ephemera, online };
}

test('[P1] somebody is here while one node says so, and gone when the last says otherwise', () => {
  const { said, ephemera, online } = world();
  ephemera.take('o', presence('ann', 'n1'));
  ephemera.take('o', presence('ann', 'n2'));
  ephemera.take('o', presence('ann', 'n1', 'offline'));
  expect([said, online('o')]).toEqual([['ann online'], ['ann']]);
  ephemera.take('o', presence('ann', 'n2', 'offline'));
  expect([said, online('o')]).toEqual([['ann online', 'ann offline'], []]);
});

test('[P1] a node that falls silent is believed for so long and no longer', async () => {
  const { clock, said, ephemera, online } = world();
  ephemera.take('o', presence('ann', 'n1'));
  await clock.advance(limits.PRESENCE_LIFETIME_MS - 2_000);
  ephemera.take('o', presence('ann', 'n1'));
  await clock.advance(limits.PRESENCE_LIFETIME_MS - 2_000);
  expect(online('o')).toEqual(['ann']);
  await clock.advance(4_000);
  expect([said, online('o')]).toEqual([['ann online', 'ann offline'], []]);
});

test('[P1] typing is passed on and kept nowhere; organisations do not mix', () => {
  const { said, ephemera, online } = world();
  ephemera.take('o', { kind: 'typing', user_id: 'ann', scope: 'inbox' });
  ephemera.take('o', presence('bob', 'n1'));
  expect([said, online('p')]).toEqual([['ann types', 'bob online'], []]);
});

test('nobody is said to leave who never came', () => {
  const { said, ephemera } = world();
  ephemera.take('o', presence('ann', 'n1', 'offline'));
  expect(said).toEqual([]);
});

test('once stopped it does nothing by itself', async () => {
  const { clock, said, ephemera } = world();
  ephemera.take('o', presence('ann', 'n1'));
  ephemera.stop();
  await clock.advance(10 * limits.PRESENCE_LIFETIME_MS);
  expect(said).toEqual(['ann online']);
});

test('[P1] who is away on every device is away, and back with the first that looks', () => {
  const { said, ephemera, online } = world();
  ephemera.take('o', presence('ann', 'n1', 'away'));
  ephemera.take('o', presence('ann', 'n2'));
  ephemera.take('o', presence('ann', 'n2', 'away'));
  expect([said, online('o')]).toEqual([['ann away', 'ann online', 'ann away'], ['ann away']]);
});

test('[P1] who has a conversation open is known apart from who is here at all', () => {
  const { ephemera, online } = world();
  ephemera.take('o', presence('ann', 'n1'));
  ephemera.take('o', presence('bob', 'n1'));
  ephemera.take('o', presence('ann', 'n1', 'online', 'thread:c1'));
  expect([online('o'), online('o', 'thread:c1'), online('o', 'thread:c2')]).toEqual([
    ['ann', 'bob'],
    ['ann'],
    [],
  ]);
  ephemera.take('o', presence('ann', 'n1', 'offline', 'thread:c1'));
  expect([online('o'), online('o', 'thread:c1')]).toEqual([['ann', 'bob'], []]);
});

test('[P1] a node that dies takes who was there along, whatever they had open', async () => {
  const { clock, said, ephemera } = world();
  ephemera.take('o', presence('ann', 'n1', 'away'));
  ephemera.take('o', presence('ann', 'n1', 'online', 'thread:c1'));
  await clock.advance(limits.PRESENCE_LIFETIME_MS + 2_000);
  expect(said).toEqual(['ann away', 'ann online', 'ann offline', 'ann offline']);
});
