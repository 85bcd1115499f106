import { type Outline, outlineOf } from '@roost/protocol';
import { expect, test } from 'vitest';
import { ClientError, lost } from './client-error.ts';
import { List } from './list.ts';
import { fetchBelow } from './paging.ts';
import type { ListAnswer, Rest } from './rest.ts';

const row = (id: string, version = 1) => ({ id, version });
const page = (ids: string, offset: number, epoch = 'e1') => ({
  rows: [...ids].map((id) => row(id)),
  next: null,
  has_more: false,
  cursor: `${epoch}.${offset}`,
});
const same = (offset: number, epoch = 'e1'): ListAnswer => ({ kind: 'same', cursor: { epoch, offset } });
const delta = (prev: number, offset: number, deleted: string[]): ListAnswer => ({
  kind: 'delta',
  delta: { prev, offset, added: [], updated: [], deleted, cursor: `e1.${offset}` },
});

/** A list as of 10 that reaches down to `c`, and a page below it with what happened since. */
async function fetch(
  below: ReturnType<typeof page>,
  since: ListAnswer | Error,
  meanwhile = (_: List) => {},
  isOnSocket = false,
) {
  const list = new List(outlineOf('inbox') as Outline, {}, 2, () => {});
  list.listing.replace({ ...page('dc', 10), next: 'c', has_more: true });
  const rest = {
    below: async () => below,
    since: async () => {
      meanwhile(list);
      if (since instanceof Error) throw since;
      return since;
    },
  } as Partial<Rest> as Rest;
  const fits = await fetchBelow(rest, list, 'c', () => isOnSocket);
  list.listing.write();
  const shown = list.listing.cell.getSnapshot();
  // Shown rows are always those of the shown cursor.
  expect(shown.cursor).toBe(fits ? `e1.${list.listing.position?.offset}` : 'e1.10');
  return [fits, shown.rows.map(({ id }) => id).join('')];
}

test('a page and what happened since it are taken together', async () => {
  expect(await fetch(page('ba', 12), same(12))).toEqual([true, 'dcba']);
  expect(await fetch(page('ba', 12), delta(10, 13, ['b', 'd']))).toEqual([true, 'ca']);
});

test.each([
  ['another node is not as far as the page', page('ba', 12), same(11)],
  ['another node is not as far as the list', page('ba', 9), same(12)],
  ['the page is of another log', page('ba', 12, 'e2'), same(12)],
  [
    'the log does not reach back to the list',
    page('ba', 12),
    new ClientError('cursor.unknown', 'resync', 'x'),
  ],
  ['what happened since is the whole list', page('ba', 12), { kind: 'page', page: page('z', 12) } as const],
])('nothing is taken where %s', async (_, below, since) => {
  expect(await fetch(below, since)).toEqual([false, 'dc']);
});

test('nothing is taken where the list moved meanwhile', async () => {
  const moved = (list: List) => list.listing.vouch({ epoch: 'e1', offset: 11 });
  expect(await fetch(page('ba', 12), same(12), moved)).toEqual([false, 'dc']);
});

test('[C1] nothing is taken once a connection carries the list: it moves with the others', async () => {
  expect(await fetch(page('ba', 12), same(12), () => {}, true)).toEqual([false, 'dc']);
});

test('what else goes wrong is told', async () => {
  await expect(fetch(page('ba', 12), lost('x'))).rejects.toMatchObject({ code: 'connection.lost' });
});
