import type { SearchHit, SearchPage } from '@roost/protocol';
import { expect, test } from 'vitest';
import { lost } from './client-error.ts';
import { createSearch, type SearchParams, searchPath } from './search.ts';
import { settled } from './testing/fake-clock.ts';
import { World } from './testing/world.ts';

const hit = (id: string): SearchHit => ({
  kind: 'message',
  id,
  at: '2026-03-01T10:00:00.000Z',
  conversation: null,
  message: null,
  contact: null,
  excerpt: { text: 'a red lamp', highlights: [{ start: 2, end: 5 }] },
});
const page = (next: string | null, ...ids: string[]): SearchPage => ({
  rows: ids.map(hit),
  next,
  has_more: next !== null,
});

/** Questions wait until the test answers them, in any order. */
function build() {
  const asked: {
    query: string;
    params: SearchParams;
    answer(page: SearchPage): Promise<void>;
    fail(error: unknown): Promise<void>;
  }[] = [];
  const search = createSearch({
    search: (query, params = {}) =>
      new Promise((resolve, reject) => {
        asked.push({
          query,
          params,
          answer(found) {
            resolve(found);
            return settled();
          },
          fail(error) {
            reject(error);
            return settled();
          },
        });
      }),
  });
  const ids = () => search.getSnapshot().hits.map(({ id }) => id);
  return { search, asked, ids };
}

test('words and places become one address', () => {
  expect(searchPath('red lamp')).toBe('/search?q=red+lamp');
  expect(searchPath('a&b', { kind: ['note', 'message'], inbox: 'i1', label: undefined, limit: 5 })).toBe(
    '/search?q=a%26b&kind=note%2Cmessage&inbox=i1&limit=5',
  );
});

test('the client asks the server, and says what it answers', async () => {
  const world = new World({ fetch: async () => Response.json(page(null, 'm1')) });
  await expect(world.client.search('lamp')).resolves.toEqual(page(null, 'm1'));
  const refused = { code: 'cursor.malformed', detail: 'That is not a cursor.', remedy: 'resync' };
  const other = new World({ fetch: async () => Response.json(refused, { status: 400 }) });
  await expect(other.client.search('lamp', { cursor: 'x' })).rejects.toMatchObject({
    code: 'cursor.malformed',
  });
});

test('the answer to an older question is never shown, whenever it comes', async () => {
  const { search, asked, ids } = build();
  search.ask('la');
  search.ask('lamp', { inbox: 'i1' });
  expect(search.getSnapshot()).toMatchObject({ query: 'lamp', isSearching: true });
  await asked[1]?.answer(page(null, 'm2'));
  await asked[0]?.answer(page(null, 'm1'));
  expect(ids()).toEqual(['m2']);
  expect(asked[1]?.params).toEqual({ inbox: 'i1', cursor: undefined });
  expect(search.getSnapshot()).toMatchObject({ isSearching: false, hasMore: false, error: null });
});

test('what was found stays until there is something newer, and goes when the field is cleared', async () => {
  const { search, asked, ids } = build();
  search.ask('lamp');
  await asked[0]?.answer(page(null, 'm1'));
  search.ask('lamps');
  expect([ids(), search.getSnapshot().isSearching]).toEqual([['m1'], true]);
  search.ask('  ');
  await asked[1]?.answer(page(null, 'm2'));
  expect(search.getSnapshot()).toMatchObject({ query: '', hits: [], isSearching: false });
  expect(asked).toHaveLength(2);
});

test('more hits come below, one page at a time, and not below those of another question', async () => {
  const { search, asked, ids } = build();
  search.ask('lamp', { limit: 2 });
  await asked[0]?.answer(page('c1', 'm1', 'm2'));
  search.fetchMore();
  search.fetchMore();
  expect([asked.length, asked[1]?.params]).toEqual([2, { limit: 2, cursor: 'c1' }]);
  await asked[1]?.answer(page('c2', 'm3'));
  expect([ids(), search.getSnapshot().hasMore]).toEqual([['m1', 'm2', 'm3'], true]);
  search.ask('chair');
  search.fetchMore();
  expect(asked.map(({ query }) => query)).toEqual(['lamp', 'lamp', 'chair']);
});

test('a failed question says why; what was found above a page that failed stays', async () => {
  const { search, asked, ids } = build();
  search.ask('lamp');
  await asked[0]?.answer(page('c1', 'm1'));
  search.fetchMore();
  await asked[1]?.fail(lost('The server cannot be reached.'));
  expect([ids(), search.getSnapshot().error?.code]).toEqual([['m1'], 'connection.lost']);
  search.fetchMore();
  await asked[2]?.answer(page(null, 'm2'));
  expect([ids(), search.getSnapshot().error]).toEqual([['m1', 'm2'], null]);
  search.ask('chair');
  await asked[3]?.fail(new Error('broken'));
  expect(search.getSnapshot()).toMatchObject({
    hits: [],
    hasMore: false,
    error: { code: 'connection.lost' },
  });
});
