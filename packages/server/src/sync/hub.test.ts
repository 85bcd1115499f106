import type { DownFrame } from '@roost/protocol';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type Bounds, DEFAULT_BOUNDS } from './bounds.ts';
import { Hub } from './hub.ts';
import { ORG, SmallLog } from './testing/small-log.ts';
import { encodeLine, SmallReader } from './testing/small-reader.ts';
import { StillClock } from './testing/still-clock.ts';

const turn = () => new Promise(setImmediate);
const inbox = (limit = 5, filter?: string) => ({
  channel: 'inbox',
  params: { limit, ...(filter && { filter }) },
});
const hubs: Hub[] = [];
afterEach(() => {
  for (const hub of hubs.splice(0)) hub.stop();
});

async function world(bounds: Bounds = DEFAULT_BOUNDS) {
  const log = new SmallLog();
  const clock = new StillClock();
  const hub = new Hub(log, encodeLine, clock, () => {}, bounds);
  hubs.push(hub);
  log.join('u1');
  for (let n = 0; n < 4; n += 1) log.deliver();
  const reader = new SmallReader();
  await hub.enter(reader);
  // From here on the node knows what the reader may see, and asks for rows at once.
  await hub.open(reader, null, [], reader.deliver);
  /** Commits and tells this node. */
  const commit = (...entries: ReturnType<SmallLog['deliver']>[]) => hub.accept(entries);
  const open = async (cursor: string | null, ...requests: ReturnType<typeof inbox>[]) => {
    const named = requests.map((request, at) => ({ id: `s${at + 1}`, ...request }));
    return hub.open(reader, cursor, named, reader.deliver);
  };
  return { log, clock, hub, reader, commit, open };
}

const types = (frames: readonly DownFrame[]) => frames.map(({ type }) => type);
const idsOf = (frame: DownFrame | undefined) =>
  frame && 'rows' in frame ? frame.rows.map(({ id }) => id[8]) : [];

describe('opening', () => {
  test('[S1] [S2] a snapshot names its cursor; rows come newest first, with where to go on', async () => {
    const { reader, open } = await world();
    expect(await open(null, inbox(2), inbox(9))).toBe(false);
    expect(reader.last).toMatchObject([
      { type: 'snapshot', id: 's1', cursor: 'e1.5', has_more: true, etag: '"e1.5"' },
      { type: 'snapshot', id: 's2', cursor: 'e1.5', has_more: false, next: null },
    ]);
    expect(reader.last.map(idsOf)).toEqual([
      ['5', '4'],
      ['5', '4', '3', '2'],
    ]);
  });

  test('[S3] what is committed while the rows are read is in them, and nothing is told twice', async () => {
    const { log, reader, commit, open } = await world();
    const release = log.hold();
    const opening = open(null, inbox(2));
    await turn();
    commit(log.deliver(), log.remove('000000005000chance'));
    release();
    await opening;
    expect(reader.last).toMatchObject([{ type: 'snapshot', cursor: 'e1.7', has_more: true }]);
    expect(reader.last.map(idsOf)).toEqual([['6', '4']]);
    commit(log.deliver());
    expect(reader.last).toMatchObject([{ type: 'delta', prev: 7, offset: 8 }]);
  });

  test('[S3] rows that are newer than the node wait until it has got there', async () => {
    const { log, reader, open } = await world();
    log.deliver();
    await open(null, inbox(1));
    expect(reader.last).toMatchObject([{ type: 'snapshot', cursor: 'e1.6' }]);
  });

  test('[S2] a page of which nothing is left still says that there is more below', async () => {
    const { log, reader, commit, open } = await world();
    const release = log.hold();
    const opening = open(null, inbox(1));
    await turn();
    commit(log.remove('000000005000chance'));
    release();
    await opening;
    expect(reader.last).toMatchObject([
      { type: 'snapshot', rows: [], has_more: true, next: '000000005000chance' },
    ]);
  });

  test('[R1] with a cursor that the log knows only what came after it is sent, and only where something did', async () => {
    const { reader, commit, log, open } = await world();
    commit(log.deliver('bob@x.test'));
    expect(await open('e1.5', inbox(5, 'bob'), inbox(5, 'nobody'))).toBe(true);
    expect(reader.last).toMatchObject([{ type: 'delta', key: 'inbox?filter=bob', prev: 5, offset: 6 }]);
  });

  test.each(['e0.5', 'e1.99', 'e1', 'nonsense'])(
    '[R2] with the cursor “%s” there is a snapshot',
    async (cursor) => {
      const { reader, open } = await world();
      expect(await open(cursor, inbox())).toBe(false);
      expect(types(reader.last)).toEqual(['snapshot']);
    },
  );

  test('[R2] with a cursor too far back as well', async () => {
    const { reader, log, commit, open } = await world({ ...DEFAULT_BOUNDS, catchUpMaxEntries: 3 });
    commit(...Array.from({ length: 4 }, () => log.deliver()));
    await open('e1.5', inbox());
    expect(types(reader.last)).toEqual(['snapshot']);
  });

  test('a channel that cannot be opened gets an error and leaves the others alone', async () => {
    const { reader, open } = await world();
    await open(null, { channel: 'nothing', params: { limit: 1 } }, inbox());
    expect(reader.last).toMatchObject([
      { type: 'error', id: 's1', code: 'channel.unknown' },
      { type: 'snapshot', id: 's2' },
    ]);
    expect(reader.refusals).toEqual(['channel.unknown']);
    expect(reader.subscriptions.map(({ id }) => id)).toEqual(['s2']);
  });

  test('a reader that ends meanwhile joins nothing', async () => {
    const { log, hub, reader, open } = await world();
    const release = log.hold();
    const opening = open(null, inbox());
    await turn();
    reader.isOpen = false;
    hub.leave(reader);
    release();
    await opening;
    expect([reader.cuts, reader.subscriptions, hub.channelCount]).toEqual([[], [], 0]);
  });

  test('one that ends while the log is first looked at is not kept either', async () => {
    const log = new SmallLog();
    const hub = new Hub(log, encodeLine, new StillClock(), () => {});
    hubs.push(hub);
    const reader = new SmallReader();
    const entering = hub.enter(reader);
    reader.isOpen = false;
    hub.leave(reader);
    await entering;
    log.epoch = 'e2';
    hub.accept([log.deliver()]);
    expect(reader.resyncCount).toBe(0);
  });
});

describe('one more channel', () => {
  const ask = (limit = 5) => ({ id: 's1', ...inbox(limit) });

  test('[R1] is answered always, also when nothing happened', async () => {
    const { hub, reader } = await world();
    await hub.subscribe(reader, ask(), 'e1.5', reader.deliver);
    expect(reader.last).toMatchObject([
      { type: 'delta', prev: 5, offset: 5, added: [], updated: [], deleted: [] },
    ]);
  });

  test('[D2] under an id in use it takes its place: who missed something asks so, and is healed', async () => {
    const { log, hub, reader, commit } = await world();
    await hub.subscribe(reader, ask(), null, reader.deliver);
    commit(log.deliver(), log.deliver());
    await hub.subscribe(reader, ask(), 'e1.5', reader.deliver);
    expect(reader.last).toMatchObject([{ type: 'delta', prev: 5, offset: 7 }]);
    expect(reader.subscriptions).toHaveLength(1);
    commit(log.deliver());
    expect(reader.last).toMatchObject([{ type: 'delta', prev: 7, offset: 8 }]);
    expect(reader.cuts).toHaveLength(4);
  });

  test('is let go of by its id, and costs nothing any more', async () => {
    const { log, hub, reader, commit } = await world();
    await hub.subscribe(reader, ask(), null, reader.deliver);
    await hub.unsubscribe(reader, 's1');
    commit(log.deliver());
    expect([reader.cuts.length, hub.channelCount]).toEqual([1, 0]);
  });
});

test('[S5] a page is true for the place in the stream at which it stands', async () => {
  const { log, hub, reader, commit, open } = await world();
  await open(null, inbox(2));
  const release = log.hold();
  const params = { limit: 5, before: '000000004000chance' };
  const fetching = hub.fetch(reader, { id: 'f', channel: 'inbox', params }, reader.deliver);
  await turn();
  commit(log.remove('000000002000chance'), log.deliver());
  release();
  await fetching;
  expect(reader.last).toMatchObject([{ type: 'page', id: 'f', cursor: 'e1.7', next: null, has_more: false }]);
  expect(reader.last.map(idsOf)).toEqual([['3']]);
});

describe('a slow reader', () => {
  async function stopped() {
    const made = await world();
    const { reader, log, commit, open } = made;
    await open(null, inbox(), inbox(5, 'bob'));
    reader.isSlow = true;
    commit(log.deliver('bob@x.test'));
    reader.isSlow = false;
    commit(log.deliver('bob@x.test'), log.deliver('ann@x.test'));
    expect([reader.stoppedAt, reader.cuts.length]).toEqual([6, 2]);
    return made;
  }

  test('[B2] gets one cut of what it missed, and is live again', async () => {
    const { hub, reader, log, commit } = await stopped();
    await hub.catchUp(reader, reader.deliver);
    expect(reader.last).toMatchObject([
      { type: 'delta', channel: 'inbox', prev: 6, offset: 8 },
      { type: 'delta', key: 'inbox?filter=bob', prev: 6, offset: 8 },
    ]);
    commit(log.deliver('ann@x.test'));
    expect(reader.last).toMatchObject([{ channel: 'inbox', prev: 8, offset: 9 }]);
    expect(reader.cuts).toHaveLength(4);
  });

  test('[B2] or snapshots under the same ids, where the log does not reach back', async () => {
    const { hub, reader, log, commit } = await stopped();
    const tight = DEFAULT_BOUNDS.catchUpMaxEntries;
    commit(...Array.from({ length: tight }, () => log.deliver()));
    await hub.catchUp(reader, reader.deliver);
    expect(reader.last).toMatchObject([
      { type: 'snapshot', id: 's1', cursor: `e1.${8 + tight}` },
      { type: 'snapshot', id: 's2', cursor: `e1.${8 + tight}` },
    ]);
    expect(reader.subscriptions).toHaveLength(2);
  });

  test('[B3] is answered what it asks once it has drained, from where it then is', async () => {
    const { hub, reader, log, commit } = await stopped();
    const asked = hub.subscribe(reader, { id: 's3', ...inbox(1, 'ann') }, null, reader.deliver);
    const fetched = hub.fetch(
      reader,
      { id: 'f', channel: 'inbox', params: { limit: 1, before: '000000003000chance' } },
      reader.deliver,
    );
    await turn();
    expect(reader.cuts).toHaveLength(2);
    commit(log.deliver('ann@x.test'));
    await hub.catchUp(reader, reader.deliver);
    await Promise.all([asked, fetched]);
    const answers = reader.cuts.slice(3).flat();
    expect(answers).toHaveLength(2);
    expect(answers).toContainEqual(expect.objectContaining({ type: 'snapshot', id: 's3', cursor: 'e1.9' }));
    expect(answers).toContainEqual(expect.objectContaining({ type: 'page', id: 'f', cursor: 'e1.9' }));
  });

  test('that lets go of a channel meanwhile is not given it back', async () => {
    const { hub, reader, log } = await stopped();
    const release = log.hold();
    const caughtUp = hub.catchUp(reader, reader.deliver);
    await hub.unsubscribe(reader, 's2');
    release();
    await caughtUp;
    expect(reader.last).toHaveLength(1);
    expect(reader.subscriptions.map(({ id }) => id)).toEqual(['s1']);
  });

  test('is caught up once, however often that is asked for', async () => {
    const { hub, reader } = await stopped();
    await Promise.all([hub.catchUp(reader, reader.deliver), hub.catchUp(reader, reader.deliver)]);
    expect(reader.cuts).toHaveLength(3);
  });
});

describe('who may read', () => {
  const me = { channel: 'me', params: { limit: 1 } };

  test('[A1] a token without the scope for it reads nothing', async () => {
    const { hub } = await world();
    const reader = new SmallReader('u1', []);
    await expect(hub.enter(reader)).rejects.toMatchObject({ code: 'access.forbidden' });
    await expect(hub.since(reader.identity, 'inbox', {}, { epoch: 'e1', offset: 5 })).rejects.toMatchObject({
      code: 'access.forbidden',
    });
  });

  test('[A1] who was a member when the node did not follow the log yet is asked for in the store', async () => {
    const log = new SmallLog();
    log.join('u1');
    log.leave('u1');
    log.deliver();
    const hub = new Hub(log, encodeLine, new StillClock(), () => {});
    hubs.push(hub);
    const { identity } = new SmallReader('u1');
    await expect(hub.since(identity, 'inbox', {}, { epoch: 'e1', offset: 1 })).rejects.toMatchObject({
      code: 'access.forbidden',
    });
  });

  test('[A1] those who remember who may read are told when a node begins to follow a log', async () => {
    const log = new SmallLog();
    const hub = new Hub(log, encodeLine, new StillClock(), () => {});
    hubs.push(hub);
    const began = vi.fn();
    hub.watch({ began, entry: () => {} });
    await hub.enter(new SmallReader());
    expect(began.mock.calls).toEqual([[ORG]]);
  });

  test('nobody reads of an organisation that does not exist', async () => {
    const { hub } = await world();
    const reader = new SmallReader();
    Object.assign(reader, { identity: { ...reader.identity, org: 'o9' } });
    await expect(hub.open(reader, null, [{ id: 's', ...me }], reader.deliver)).rejects.toMatchObject({
      code: 'access.forbidden',
    });
  });
});

describe('polling', () => {
  const at = (offset: number, epoch = 'e1') => ({ epoch, offset });

  test('[E1] what has not changed is told without reading rows, with the newer position', async () => {
    const { hub, reader, log, commit } = await world();
    const rows = vi.spyOn(log, 'rows');
    commit(log.deliver('ann@x.test'));
    expect(await hub.since(reader.identity, 'inbox', { filter: 'bob' }, at(5))).toEqual({
      kind: 'unchanged',
      cursor: at(6),
    });
    // Only because the node began to follow the log a moment ago: one look whether this is a member.
    expect(rows).toHaveBeenCalledTimes(1);
  });

  test('[E2] what happened since is one delta', async () => {
    const { hub, reader, log, commit } = await world();
    commit(log.deliver(), log.deliver());
    const since = await hub.since(reader.identity, 'inbox', {}, at(6));
    expect(since).toMatchObject({ kind: 'changed', prev: 6, offset: 7, cursor: at(7) });
    expect(since.kind === 'changed' && since.added).toHaveLength(1);
  });

  test('[E2] a position that another node told already is reached first, never gone back from', async () => {
    const { hub, reader, log } = await world();
    log.deliver();
    expect(await hub.since(reader.identity, 'inbox', {}, at(6))).toEqual({
      kind: 'unchanged',
      cursor: at(6),
    });
  });

  test('[E3] another epoch, the future and what was trimmed are unknown', async () => {
    const { hub, reader, log } = await world();
    await hub.open(reader, null, [{ id: 's', ...inbox() }], reader.deliver);
    log.trim(2);
    for (const cursor of [at(5, 'e0'), at(9), at(1)])
      expect(await hub.since(reader.identity, 'inbox', {}, cursor)).toEqual({ kind: 'unknown' });
  });

  test('[S6] a page is never of a later moment than what the node then says happened since', async () => {
    const { hub, reader, log } = await world();
    log.deliver();
    const page = await hub.page(reader.identity, 'inbox', {}, { before: null, limit: 2 });
    expect(page.cursor).toEqual(at(6));
    expect(hub.cursorOf(ORG)).toEqual(at(6));
  });
});

describe('following', () => {
  test('[D1] without any hint the log is looked at twice a second', async () => {
    const { log, clock, reader, open } = await world();
    await open(null, inbox());
    log.deliver();
    await clock.advance(600);
    expect(reader.last).toMatchObject([{ type: 'delta', offset: 6 }]);
  });

  test('a log that nobody reads is let go of, one with somebody connected is not', async () => {
    const { log, clock, hub, reader } = await world();
    const heads = vi.spyOn(log, 'heads');
    await clock.advance(20 * 60_000);
    expect(hub.cursorOf(ORG)).not.toBeNull();
    hub.leave(reader);
    await clock.advance(6 * 60_000);
    heads.mockClear();
    await clock.advance(5_000);
    expect(heads).not.toHaveBeenCalled();
    expect(hub.cursorOf(ORG)).toBeNull();
  });
});
