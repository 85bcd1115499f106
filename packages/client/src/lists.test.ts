import { expect, test } from 'vitest';
import type { List } from './list.ts';
import { type FetchPage, Lists } from './lists.ts';
import { FakeClock, settled } from './testing/fake-clock.ts';

const nothing = () => {};

function build(fetchPage: FetchPage = async () => true) {
  const clock = new FakeClock();
  let changes = 0;
  const lists = new Lists({
    clock,
    releaseDelayMs: 5_000,
    report: nothing,
    changed: () => {
      changes += 1;
    },
    fetchPage,
  });
  return { lists, clock, changes: () => changes };
}

const names = (lists: readonly List[]) =>
  lists.map(({ channel, params }) => `${channel} ${params.filter ?? '-'}`);

test('the same channel and filter are the same list, however they are written', () => {
  const { lists } = build();
  expect(lists.list('inbox')).toBe(lists.list('inbox', { filter: '  ' }));
  expect(lists.list('inbox', { filter: ' Bob' })).toBe(lists.list('inbox', { filter: 'bob' }));
  expect(lists.list('inbox')).not.toBe(lists.list('me'));
});

test('two who want different numbers of rows share the list, with the greater', () => {
  const { lists } = build();
  lists.list('inbox', { limit: 10 }).subscribe(nothing);
  lists.list('inbox', { limit: 30 }).subscribe(nothing);
  lists.list('inbox', { limit: 20 }).subscribe(nothing);
  expect(lists.wanted().map(({ listing }) => listing.pageCount)).toEqual([30]);
});

test.each([
  [0, 1],
  [1_000, 200],
  [2.9, 2],
  [Number.NaN, 1],
])('a limit of %d becomes %i', (limit, expected) => {
  const { lists } = build();
  lists.list('inbox', { limit }).subscribe(nothing);
  expect(lists.wanted()[0]?.listing.pageCount).toBe(expected);
});

test('a list is wanted from its first listener until five seconds after its last', async () => {
  const { lists, clock, changes } = build();
  const inbox = lists.list('inbox');
  const leaves = [inbox.subscribe(nothing), inbox.subscribe(nothing)];
  expect([names(lists.wanted()), changes()]).toEqual([['inbox -'], 1]);
  for (const leave of [...leaves, ...leaves]) leave();
  await clock.advance(4_999);
  expect(lists.wanted()).toHaveLength(1);
  await clock.advance(1);
  expect([lists.wanted().length, changes()]).toEqual([0, 2]);
  inbox.subscribe(nothing);
  expect([lists.wanted().length, changes()]).toEqual([1, 3]);
});

test('a screen that wants it again in time finds it as it was', async () => {
  const { lists, clock, changes } = build();
  const leave = lists.list('inbox').subscribe(nothing);
  leave();
  await clock.advance(3_000);
  lists.list('inbox').subscribe(nothing);
  await clock.advance(60_000);
  expect([lists.wanted().length, changes()]).toEqual([1, 1]);
});

test('a released list keeps its rows for the next visit; of many, the last twenty do', async () => {
  const { lists, clock } = build();
  for (let n = 0; n < 30; n += 1) {
    const leave = lists.list(`message:${n}`).subscribe(nothing);
    lists.wanted().at(-1)?.listing.replace({ rows: [], next: null, has_more: false, cursor: 'e1.1' });
    leave();
    await clock.advance(6_000);
  }
  expect(lists.all()).toHaveLength(20);
  expect(lists.all().at(-1)?.channel).toBe('message:29');
  expect(lists.all()[0]?.channel).toBe('message:10');
});

test('leafing quickly through messages never wants more than a connection may have', async () => {
  const { lists } = build();
  lists.list('inbox').subscribe(nothing);
  for (let n = 0; n < 300; n += 1) lists.list(`message:${n}`).subscribe(nothing)();
  expect(lists.wanted().length).toBeLessThanOrEqual(98);
  expect(names(lists.wanted())).toContain('inbox -');
  expect(names(lists.wanted())).toContain('message:299 -');
});

test('handles are bounded, and a forgotten one still leads to its list', () => {
  const { lists } = build();
  const first = lists.list('message:0');
  for (let n = 1; n <= 600; n += 1) lists.list(`message:${n}`);
  const again = lists.list('message:0');
  expect(again).not.toBe(first);
  first.subscribe(nothing);
  again.subscribe(nothing);
  expect(lists.wanted()).toHaveLength(1);
  expect(lists.wanted()[0]?.listenerCount).toBe(2);
  expect(first.getSnapshot()).toBe(again.getSnapshot());
});

test.each([
  ['weather', {}, 'channel.unknown'],
  ['inbox', { filter: 'x'.repeat(400) }, 'filter.invalid'],
])('a list that cannot be shows why: %s', async (channel, params, code) => {
  const { lists } = build();
  const list = lists.list(channel, params);
  list.subscribe(nothing)();
  expect(list.getSnapshot()).toMatchObject({
    isLoading: false,
    rows: [],
    error: { code, remedy: 'correct' },
  });
  expect(list.getSnapshot()).toBe(list.getSnapshot());
  await list.fetchMore();
  expect(lists.all()).toEqual([]);
});

test("an error that is nobody's is told as a bad request", () => {
  const { lists } = build();
  expect(lists.list(null as unknown as string).getSnapshot().error?.code).toBe('request.invalid');
});

test('older rows of a list that nobody has opened are none', async () => {
  await expect(build().lists.list('inbox').fetchMore()).resolves.toBeUndefined();
});

test('a page that does not fit any more is asked for again, three times in all', async () => {
  let asked = 0;
  const { lists } = build(async () => {
    asked += 1;
    return false;
  });
  const inbox = lists.list('inbox');
  inbox.subscribe(nothing);
  lists
    .wanted()[0]
    ?.listing.replace({ rows: [{ id: 'a', version: 1 }], next: 'a', has_more: true, cursor: 'e1.1' });
  await expect(inbox.fetchMore()).rejects.toMatchObject({ code: 'answer.late' });
  await settled();
  expect(asked).toBe(3);
  expect(inbox.getSnapshot()).toMatchObject({ isFetchingMore: false, error: { code: 'answer.late' } });
});

test('whatever else goes wrong with a page is told as lost', async () => {
  const { lists } = build(() => Promise.reject(new Error('x')));
  const inbox = lists.list('inbox');
  inbox.subscribe(nothing);
  lists
    .wanted()[0]
    ?.listing.replace({ rows: [{ id: 'a', version: 1 }], next: 'a', has_more: true, cursor: 'e1.1' });
  await expect(inbox.fetchMore()).rejects.toMatchObject({ code: 'connection.lost' });
});
