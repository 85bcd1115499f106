import type { DownFrame, UpFrameInput } from '@roost/protocol';
import { expect, test } from 'vitest';
import type { Random } from './clock.ts';
import { newCounters } from './counters.ts';
import { Lists } from './lists.ts';
import { Stream } from './stream.ts';
import { FakeClock, seededRandom } from './testing/fake-clock.ts';
import { defaultTiming } from './timing.ts';

const nothing = () => {};
const inbox = 'inbox';
const bob = 'inbox?filter=bob';

/** One connection's lists, and the far end's frames by hand. */
class Bench {
  readonly clock = new FakeClock();
  readonly sent: UpFrameInput[] = [];
  readonly complaints: string[] = [];
  readonly ephemera: string[] = [];
  readonly counters = newCounters();
  readonly lists: Lists = new Lists({
    clock: this.clock,
    releaseDelayMs: 100,
    report: nothing,
    changed: () => this.stream.reconcile(),
    fetchPage: (list, before) => this.stream.fetch(list, before),
  });
  stream: Stream;
  happened: (event: string) => void = nothing;

  constructor(private readonly random: Random = () => 0.5) {
    this.stream = this.connect();
  }

  connect(): Stream {
    this.sent.length = 0;
    this.stream = new Stream({
      lists: this.lists,
      clock: this.clock,
      random: this.random,
      timing: defaultTiming,
      counters: this.counters,
      send: (frame) => void this.sent.push(frame),
      refilled: nothing,
      ephemeral: ({ type }) => void this.ephemera.push(type),
      happened: ({ event }) => this.happened(event),
      distrust: (why) => void this.complaints.push(why),
      refused: (why) => void this.complaints.push(`refused: ${why}`),
    });
    return this.stream;
  }

  open(filter?: string) {
    const list = this.lists.list('inbox', { filter });
    const leave = list.subscribe(nothing);
    return {
      leave,
      list,
      ids: () =>
        list
          .getSnapshot()
          .rows.map(({ id }) => id)
          .join(''),
    };
  }

  hello() {
    const hello = this.stream.hello('t');
    return { cursor: hello.cursor, ids: (hello.subscriptions ?? []).map(({ id }) => id) };
  }

  greet(offset: number, ...frames: DownFrame[]): void {
    this.stream.open('u1', { epoch: 'e1', offset }, frames);
  }

  /** Ids of the requests sent since the last look, which no connection uses twice. */
  requestIds(): string[] {
    return this.said().flatMap((frame) =>
      frame.type === 'fetch' || frame.type === 'read' ? [frame.id] : [],
    );
  }

  /** What was sent since the last look. */
  said(): UpFrameInput[] {
    return this.sent.splice(0);
  }
}

const row = (id: string, version = 1) => ({ id, version });
const snapshot = (id: string, offset: number, ids = 'ba', more = false): DownFrame => ({
  type: 'snapshot',
  id,
  channel: 'inbox',
  rows: [...ids].map((each) => row(each)),
  next: more ? (ids.at(-1) ?? null) : null,
  has_more: more,
  cursor: `e1.${offset}`,
  etag: `"e1.${offset}"`,
});
const delta = (key: string, prev: number, offset: number, added = '', deleted = ''): DownFrame => ({
  type: 'delta',
  channel: 'inbox',
  ...(key !== 'inbox' && { key }),
  prev,
  offset,
  added: [...added].map((each) => row(each, offset)),
  updated: [],
  deleted: [...deleted],
  etag: `"e1.${offset}"`,
});
const error = (id: string, code: string, remedy: 'retry' | 'correct' | 'resync' | 'sign-in'): DownFrame => ({
  type: 'error',
  id,
  code,
  message: code,
  remedy,
});

/** Two lists, current as of 10. */
function current() {
  const bench = new Bench();
  const all = bench.open();
  const bobs = bench.open('bob');
  const { ids } = bench.hello();
  bench.greet(10, snapshot(ids[0] as string, 10), snapshot(ids[1] as string, 10, 'b'));
  bench.said();
  return { bench, all, bobs };
}

const positions = ({ lists }: Bench) => lists.all().map(({ listing }) => listing.position?.offset);

test('the first hello asks for snapshots; the next for what came after', () => {
  const { bench } = current();
  bench.connect();
  expect(bench.hello()).toEqual({ cursor: 'e1.10', ids: ['s1', 's2'] });
});

test('a list of the hello without a frame had no change', () => {
  const { bench, all, bobs } = current();
  bench.connect();
  bench.hello();
  bench.greet(14, delta(inbox, 10, 14, 'c'));
  expect([all.ids(), bobs.ids(), ...positions(bench)]).toEqual(['cba', 'b', 14, 14]);
  expect(bench.said()).toEqual([]);
});

test('a list that a poll took back after the hello was sent is asked for anew: what it lacks is not in the answer', () => {
  const { bench, all, bobs } = current();
  bench.connect();
  bench.hello();
  const [list] = bench.lists.wanted();
  list?.listing.replace({ rows: [row('a')], next: null, has_more: false, cursor: 'e1.9' });
  bench.said();
  bench.greet(12);
  expect(bench.said()).toMatchObject([{ type: 'subscribe', channel: 'inbox' }]);
  expect(bobs.ids()).toBe('b');
  bench.stream.cut([snapshot('s3', 12, 'cba')]);
  expect(all.ids()).toBe('cba');
});

test('a list of the hello that got no rows is asked for once more', () => {
  const bench = new Bench();
  bench.open();
  bench.hello();
  bench.greet(10);
  expect(bench.said()).toMatchObject([{ type: 'subscribe', id: 's2', channel: 'inbox' }]);
});

test('a catch-up that begins after the cursor is not taken for one', () => {
  const { bench, all } = current();
  bench.connect();
  bench.hello();
  bench.greet(20, delta(inbox, 12, 20, 'c'));
  expect(all.ids()).toBe('ba');
  const [asked] = bench.said();
  expect(asked).toMatchObject({ type: 'subscribe', channel: 'inbox' });
  expect(asked).not.toHaveProperty('cursor');
});

test('lists whose logs differ start from snapshots together', () => {
  const { bench, all } = current();
  const [first] = bench.lists.all();
  first?.listing.replace({ rows: [], next: null, has_more: false, cursor: 'e2.3' });
  bench.connect();
  const { cursor, ids } = bench.hello();
  expect([cursor, ids.length]).toEqual([undefined, 2]);
  bench.greet(10, snapshot('s1', 10, 'z'));
  expect(all.ids()).toBe('z');
  expect(bench.said()).toMatchObject([{ type: 'subscribe', params: { filter: 'bob' } }]);
});

test('more lists than a hello holds follow it, each from its own position', () => {
  const bench = new Bench();
  for (let n = 0; n < 60; n += 1) bench.open(`f${n}`);
  for (const { listing } of bench.lists.all())
    listing.replace({ rows: [], next: null, has_more: false, cursor: 'e1.5' });
  expect(bench.hello().ids).toHaveLength(50);
  bench.greet(7);
  const said = bench.said();
  expect(said).toHaveLength(10);
  expect(said[0]).toMatchObject({ type: 'subscribe', cursor: 'e1.5' });
  bench.stream.cut([delta('inbox?filter=f59', 5, 9)]);
  expect(bench.lists.all().map((list) => bench.stream.phaseOf(list))).toContain('steady');
});

test('a list is found by its key, or by its channel where the key says no more', () => {
  const bench = new Bench();
  bench.lists.list('me').subscribe(nothing);
  const { ids } = bench.hello();
  bench.greet(1, { ...snapshot(ids[0] as string, 1, ''), channel: 'me' } as DownFrame);
  const me = bench.lists.list('me');
  const added = [row('u1', 2)];
  bench.stream.cut([{ ...delta('me:u1', 1, 2), channel: 'me', added } as DownFrame]);
  expect(me.getSnapshot().rows).toHaveLength(1);
  bench.stream.cut([
    {
      type: 'delta',
      channel: 'me',
      prev: 2,
      offset: 3,
      added: [],
      updated: [row('u1', 3)],
      deleted: [],
      etag: '',
    },
  ]);
  expect(me.getSnapshot().rows[0]?.version).toBe(3);
});

test('a cut with several lists ends at one offset for all of them', () => {
  const { bench, all, bobs } = current();
  bench.stream.cut([delta(inbox, 10, 11, 'c'), delta(bob, 10, 11, 'c')]);
  expect([all.ids(), bobs.ids()]).toEqual(['cba', 'cb']);
  expect(bench.stream.cursor).toEqual({ epoch: 'e1', offset: 11 });
});

test('what one list is told moves the others, so that their next delta is no gap', () => {
  const { bench, bobs } = current();
  bench.stream.cut([delta(inbox, 10, 15, 'c')]);
  bench.stream.cut([{ type: 'ping', cursor: 'e1.20' }]);
  expect(positions(bench)).toEqual([20, 20]);
  bench.stream.cut([delta(bob, 20, 21, 'd')]);
  expect([bobs.ids(), bench.counters.gaps]).toEqual(['db', 0]);
});

test("a gap is healed from the list's own position, and only then filled", () => {
  const { bench, all, bobs } = current();
  bench.stream.cut([delta(inbox, 12, 14, 'd')]);
  expect(bench.counters.gaps).toBe(1);
  expect(bench.said()).toMatchObject([{ type: 'subscribe', id: 's1', cursor: 'e1.10' }]);
  // While it is being healed, what goes on is not applied and vouches for nothing.
  bench.stream.cut([delta(inbox, 14, 15, 'e'), delta(bob, 10, 15, 'e')]);
  expect([all.ids(), ...positions(bench)]).toEqual(['ba', 10, 15]);
  expect(bench.said()).toEqual([]);
  bench.stream.cut([delta(inbox, 10, 16, 'edc')]);
  expect([all.ids(), bobs.ids()]).toEqual(['edcba', 'eb']);
  bench.stream.cut([delta(inbox, 16, 17, 'f')]);
  expect(all.ids()).toBe('fedcba');
});

test('an answer that reaches further than the connection does not vouch for the others', () => {
  const { bench, bobs } = current();
  bench.stream.cut([delta(inbox, 12, 14)]);
  bench.stream.cut([delta(inbox, 10, 30, 'x')]);
  expect([...positions(bench), bench.stream.cursor?.offset]).toEqual([30, 10, 10]);
  bench.stream.cut([delta(bob, 10, 20, 'y')]);
  expect(bobs.ids()).toBe('yb');
});

test('a question that is left unanswered ends the trust', async () => {
  const { bench } = current();
  bench.stream.cut([delta(inbox, 12, 14)]);
  await bench.clock.advance(defaultTiming.answerDeadlineMs);
  expect(bench.complaints).toEqual(['The server left a question unanswered.']);
});

test('a list that is wanted again on the same connection is asked for anew: late deltas could pass for the answer', async () => {
  const { bench, all, bobs } = current();
  bobs.leave();
  await bench.clock.advance(100);
  expect(bench.said()).toEqual([{ type: 'unsubscribe', id: 's2' }]);
  const again = bench.open('bob');
  expect(again.ids()).toBe('b'); // shown at once, as it was
  const [asked] = bench.said();
  expect(asked).toMatchObject({ type: 'subscribe', id: 's3' });
  expect(asked).not.toHaveProperty('cursor');
  bench.stream.cut([delta(bob, 10, 12, 'x')]);
  expect(again.ids()).toBe('b');
  bench.stream.cut([snapshot('s3', 13, 'yb')]);
  expect(again.ids()).toBe('yb');
  expect(all.ids()).toBe('ba');
});

test('answers for a list that is not wanted any more are dropped, but tell how far the connection has come', async () => {
  const { bench, bobs } = current();
  bobs.leave();
  await bench.clock.advance(100);
  bench.stream.cut([snapshot('s2', 30, 'zzz'), delta(bob, 10, 40, 'x')]);
  expect(bobs.ids()).toBe('b');
  expect(bench.stream.cursor?.offset).toBe(40);
});

test('more wishes than a server takes at once are told one by one', async () => {
  const bench = new Bench();
  bench.hello();
  bench.greet(1);
  for (let n = 0; n < 60; n += 1) bench.open(`f${n}`).leave();
  await bench.clock.advance(120);
  for (let n = 0; n < 60; n += 1) bench.open(`g${n}`);
  expect(bench.sent.length).toBeLessThan(120);
  await bench.clock.advance(5_000);
  const wanted = bench.lists.wanted();
  expect(wanted.map((list) => bench.stream.phaseOf(list))).toEqual(wanted.map(() => 'asked'));
  bench.stream.end();
  expect(bench.clock.pendingCount).toBe(0);
});

test('a list that cannot be had now is asked for again later, ever more patiently', async () => {
  const bench = new Bench();
  const all = bench.open();
  bench.hello();
  bench.greet(10, error('s1', 'store.unavailable', 'retry'));
  expect(all.list.getSnapshot()).toMatchObject({ isLoading: false, error: { code: 'store.unavailable' } });
  await bench.clock.advance(500);
  expect(bench.said()).toMatchObject([{ type: 'subscribe', id: 's2' }]);
  bench.stream.cut([error('s2', 'cursor.unknown', 'resync')]);
  await bench.clock.advance(999);
  expect(bench.said()).toEqual([]);
  await bench.clock.advance(1);
  bench.stream.cut([snapshot('s3', 11)]);
  expect(all.list.getSnapshot()).toMatchObject({ error: null, rows: [{ id: 'b' }, { id: 'a' }] });
});

test('a cursor the log does not know any more is replaced by a snapshot at once', () => {
  const { bench, all } = current();
  bench.stream.cut([delta(inbox, 12, 14)]);
  bench.said();
  bench.stream.cut([error('s1', 'cursor.unknown', 'resync')]);
  const [asked] = bench.said();
  expect(asked).toMatchObject({ type: 'subscribe', id: 's3' });
  expect(asked).not.toHaveProperty('cursor');
  bench.stream.cut([snapshot('s3', 15, 'z')]);
  expect(all.ids()).toBe('z');
});

test('a list the server will not serve is not asked for again', async () => {
  const bench = new Bench();
  const all = bench.open();
  bench.hello();
  bench.greet(10, error('s1', 'channel.too_many', 'correct'));
  await bench.clock.advance(600_000);
  expect(bench.said()).toEqual([]);
  expect(all.list.getSnapshot().error).toMatchObject({ code: 'channel.too_many', remedy: 'correct' });
  all.leave();
  await bench.clock.advance(100);
  expect(bench.said()).toEqual([]); // nothing to unsubscribe from
});

test('a token refused in the answer to a list is a refused token', () => {
  const bench = new Bench();
  bench.open();
  bench.hello();
  bench.greet(10, error('s1', 'token.invalid', 'sign-in'));
  expect(bench.complaints).toEqual(['refused: token.invalid']);
});

test('a page takes its place in the stream, and a late one none', async () => {
  const bench = new Bench();
  const all = bench.open();
  bench.hello();
  bench.greet(10, snapshot('s1', 10, 'dc', true));
  const more = all.list.fetchMore();
  const [asked] = bench.said();
  expect(asked).toMatchObject({ type: 'fetch', channel: 'inbox', params: { before: 'c', limit: 50 } });
  const id = asked?.type === 'fetch' ? asked.id : '';
  const page: DownFrame = { ...snapshot(id, 10, 'ba'), type: 'page' } as DownFrame;
  bench.stream.cut([page, delta(inbox, 10, 11, '', 'a')]);
  await more;
  expect(all.ids()).toBe('dcb');
  bench.stream.cut([page]);
  expect(all.ids()).toBe('dcb');
});

test('a page that is refused says why', async () => {
  const bench = new Bench();
  const all = bench.open();
  bench.hello();
  bench.greet(10, snapshot('s1', 10, 'dc', true));
  const more = all.list.fetchMore();
  const [id = ''] = bench.requestIds();
  bench.stream.cut([error(id, 'store.unavailable', 'retry')]);
  await expect(more).rejects.toMatchObject({ code: 'store.unavailable' });
});

test('a read is acknowledged, refused, late, or lost', async () => {
  const bench = new Bench();
  bench.hello();
  bench.greet(10);
  bench.said();
  const reads = [1, 2, 3, 4].map((upTo) => bench.stream.read(upTo));
  for (const read of reads) read.catch(nothing);
  const [first = '', second = '', third = ''] = bench.requestIds();
  bench.stream.cut([{ type: 'ack', id: first, offset: 11 }]);
  await expect(reads[0]).resolves.toEqual({ offset: 11 });
  bench.stream.cut([error(second, 'cursor.unknown', 'resync')]);
  await expect(reads[1]).rejects.toMatchObject({ code: 'cursor.unknown' });
  bench.stream.cut([{ ...snapshot(third, 1), type: 'page' } as DownFrame]);
  await expect(reads[2]).rejects.toMatchObject({ code: 'answer.malformed' });
  await bench.clock.advance(10_000);
  await expect(reads[3]).rejects.toMatchObject({ code: 'answer.late' });
  const last = bench.stream.read(6);
  bench.stream.end();
  await expect(last).rejects.toMatchObject({ code: 'connection.lost' });
});

test('two connections never give two reads the same id: the second would get the answer of the first', () => {
  const random = seededRandom(1);
  const ids = [1, 2].map(() => {
    const bench = new Bench(random);
    bench.hello();
    bench.greet(10);
    bench.stream.read(5).catch(nothing);
    return bench.requestIds()[0];
  });
  expect(new Set(ids).size).toBe(2);
});

test('[C2] a delta of a list let go of still tells how far the connection has come', async () => {
  const { bench, all, bobs } = current();
  all.leave();
  await bench.clock.advance(200);
  expect(bench.said()).toMatchObject([{ type: 'unsubscribe' }]);
  // Sent before the server knew.
  bench.stream.cut([delta(inbox, 10, 12, 'z')]);
  bench.stream.cut([delta(bob, 12, 14, 'w')]);
  expect(bench.counters.gaps).toBe(0);
  expect(bobs.ids()).toBe('wb');
});

test('a log that was started anew under a connection ends it', () => {
  const { bench } = current();
  bench.stream.cut([{ type: 'ping', cursor: '' }]);
  expect(bench.complaints).toEqual([]);
  bench.stream.cut([{ type: 'ping', cursor: 'e2.3' }]);
  expect(bench.complaints).toEqual(['The log was started anew.']);
});

test('a cursor that is none ends it', () => {
  const bench = new Bench();
  bench.open();
  bench.hello();
  bench.greet(10, { ...snapshot('s1', 10), cursor: 'x' } as DownFrame);
  expect(bench.complaints).toEqual(['The server sent a cursor that is none.']);
});

test('what is not for lists is passed on or left alone', () => {
  const { bench, all } = current();
  bench.stream.cut([
    { type: 'presence', user_id: 'u2', state: 'online', lifetime_ms: 1 },
    { type: 'typing', scope: 'inbox', user_id: 'u2', lifetime_ms: 1 },
    { type: 'drain', retry_after_ms: 1 },
    { type: 'error', code: 'frame.too_many', message: 'x', remedy: 'retry' },
  ]);
  expect(bench.ephemera).toEqual(['presence', 'typing']);
  expect([all.ids(), bench.stream.cursor?.offset]).toEqual(['ba', 10]);
});

test('an ended stream asks for nothing, whatever still arrives', () => {
  const bench = new Bench();
  bench.hello();
  bench.stream.end();
  bench.greet(10);
  bench.open();
  expect(bench.said()).toEqual([]);
  expect(bench.stream.cursor).toBeNull();
});

test('[N1] what happened is told after the lists of the same moment, wherever it stands among the frames', () => {
  const bench = new Bench();
  const inbox = bench.open();
  bench.hello();
  const told: string[] = [];
  inbox.list.subscribe(() => told.push(`list ${inbox.ids()}`));
  bench.happened = (event) => told.push(`${event} ${inbox.ids()}`);
  bench.greet(2, snapshot('s1', 2));
  told.length = 0;
  const event: DownFrame = { type: 'event', event: 'message:received', data: {} };
  bench.stream.cut([event, delta('inbox', 2, 3, 'c')]);
  expect(told).toEqual(['list cba', 'message:received cba']);
});
