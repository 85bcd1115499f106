import type { DownFrame } from '@roost/protocol';
import { afterEach, describe, expect, test } from 'vitest';
import { type Bounds, DEFAULT_BOUNDS } from './bounds.ts';
import { Hub } from './hub.ts';
import { SmallLog } from './testing/small-log.ts';
import { encodeLine, SmallReader } from './testing/small-reader.ts';
import { StillClock } from './testing/still-clock.ts';

const turn = () => new Promise(setImmediate);
const hubs: Hub[] = [];
afterEach(() => {
  for (const hub of hubs.splice(0)) hub.stop();
});

const ask = (id: string, channel: string, params: object = {}) => ({
  id,
  channel,
  params: { limit: 9, ...params },
});

/** Two members, mail in two inboxes, `x.test` and `y.test`; the log stands at 6. */
async function world(bounds: Bounds = DEFAULT_BOUNDS) {
  const log = new SmallLog();
  const hub = new Hub(log, encodeLine, new StillClock(), () => {}, bounds);
  hubs.push(hub);
  for (const userId of ['u1', 'u2']) log.join(userId);
  for (const to of ['ann@x.test', 'ann@y.test', 'bob@x.test', 'bob@y.test']) log.deliver(to);
  const reader = new SmallReader('u1');
  const other = new SmallReader('u2');
  for (const one of [reader, other]) {
    await hub.enter(one);
    await hub.open(one, null, [ask('s1', 'inbox'), ask('s2', 'members')], one.deliver);
  }
  const commit = (...entries: ReturnType<SmallLog['deliver']>[]) => hub.accept(entries);
  return { log, hub, reader, other, commit };
}

const brief = (frames: readonly DownFrame[]) =>
  frames.map((frame) => ('rows' in frame ? `${frame.type} ${frame.id} ${frame.rows.length}` : frame.type));

describe('[A2] when somebody may see less', () => {
  test('nothing more is told by what they have open, and all of it is opened anew in one cut', async () => {
    const { log, hub, reader, other, commit } = await world();
    commit(log.deliver('ann@y.test'), log.hide('u1', 'y.test'), log.deliver('ann@y.test'));
    expect([reader.cuts.length, reader.reopenCount, reader.isReopening]).toEqual([1, 1, true]);
    expect(brief(other.last)).toEqual(['delta', 'delta']);
    commit(log.deliver('ann@x.test'));
    expect(reader.cuts).toHaveLength(1);
    await hub.catchUp(reader, reader.deliver);
    expect(brief(reader.last)).toEqual(['snapshot s1 3', 'snapshot s2 2']);
    expect([reader.isReopening, reader.stoppedAt]).toEqual([false, null]);
    commit(log.deliver('ann@y.test'));
    expect(reader.cuts).toHaveLength(2);
    commit(log.deliver('ann@x.test'));
    expect(reader.last).toMatchObject([{ type: 'delta', channel: 'inbox', offset: log.offset }]);
  });

  test('[H7] what they may open no longer ends with an error, under its own id', async () => {
    const { log, hub, reader, commit } = await world();
    commit(log.say('c1', 'x.test'));
    await hub.subscribe(reader, ask('t', 'thread:c1'), null, reader.deliver);
    log.closed.add('thread:c1');
    commit(log.hide('u1', 'x.test'));
    await hub.catchUp(reader, reader.deliver);
    expect(reader.last.at(-1)).toMatchObject({ type: 'error', id: 't', code: 'conversation.unknown' });
    expect(reader.subscriptions.map(({ id }) => id)).toEqual(['s1', 's2']);
    const { length } = reader.cuts;
    commit(log.say('c1', 'x.test'));
    expect(reader.cuts).toHaveLength(length);
  });

  test('what they let go of meanwhile is not opened again', async () => {
    const { log, hub, reader, commit } = await world();
    commit(log.hide('u1', 'y.test'));
    const release = log.hold();
    const telling = hub.catchUp(reader, reader.deliver);
    await turn();
    await hub.unsubscribe(reader, 's1');
    release();
    await telling;
    expect(brief(reader.last)).toEqual(['snapshot s2 2']);
    expect(reader.subscriptions.map(({ id }) => id)).toEqual(['s2']);
  });

  test('and less again while they are told, they are told of the latter', async () => {
    const { log, hub, reader, commit } = await world();
    commit(log.hide('u1', 'y.test'));
    const release = log.hold();
    const telling = hub.catchUp(reader, reader.deliver);
    await turn();
    commit(log.hide('u1', 'x.test', 'y.test'));
    release();
    await telling;
    expect(reader.cuts).toHaveLength(2);
    expect(brief(reader.last)).toEqual(['snapshot s1 0', 'snapshot s2 2']);
  });

  test('a reader who is slow as well is told when they have drained', async () => {
    const { log, hub, reader, commit } = await world();
    reader.isSlow = true;
    commit(log.deliver('ann@y.test'));
    reader.isSlow = false;
    commit(log.deliver('ann@y.test'), log.hide('u1', 'y.test'));
    await hub.catchUp(reader, reader.deliver);
    expect(brief(reader.last)).toEqual(['snapshot s1 2', 'snapshot s2 2']);
  });

  test('rows that were read before and arrive after are read again', async () => {
    const { log, hub, reader, commit } = await world();
    const release = log.hold();
    const asked = hub.subscribe(reader, ask('s3', 'inbox', { filter: 'ann' }), null, reader.deliver);
    const params = { limit: 9, before: '~' };
    const fetched = hub.fetch(reader, { id: 'f', channel: 'inbox', params }, reader.deliver);
    await turn();
    commit(log.hide('u1', 'y.test'));
    release();
    await hub.catchUp(reader, reader.deliver);
    await Promise.all([asked, fetched]);
    const told = reader.cuts.slice(1).flatMap(brief);
    expect(told.sort()).toEqual(['page f 2', 'snapshot s1 2', 'snapshot s2 2', 'snapshot s3 1']);
  });
});

describe('[A2] who comes back with a cursor', () => {
  test('from before a change of access gets snapshots, and from after it what came since', async () => {
    const { log, hub, commit } = await world();
    commit(log.hide('u1', 'y.test'), log.deliver('ann@y.test'), log.deliver('ann@x.test'));
    const back = async (cursor: string) => {
      const reader = new SmallReader('u1');
      await hub.enter(reader);
      const isKnown = await hub.open(reader, cursor, [ask('s1', 'inbox')], reader.deliver);
      return { isKnown, told: brief(reader.last) };
    };
    expect(await back('e1.6')).toEqual({ isKnown: false, told: ['snapshot s1 3'] });
    expect(await back('e1.7')).toEqual({ isKnown: true, told: ['delta'] });
  });

  test('is asked for by the store where a channel does not tell who may see it', async () => {
    const { log, hub, reader, commit } = await world();
    commit(log.say('c1'));
    log.closed.add('thread:c1');
    await hub.subscribe(reader, ask('t', 'thread:c1'), 'e1.6', reader.deliver);
    expect(reader.last).toMatchObject([{ type: 'error', id: 't', code: 'conversation.unknown' }]);
    const since = hub.since(reader.identity, 'thread:c1', {}, { epoch: 'e1', offset: 6 });
    await expect(since).rejects.toMatchObject({ code: 'conversation.unknown' });
  });

  test('over HTTP from before it is told that the cursor is unknown', async () => {
    const { log, hub, reader, commit } = await world();
    commit(log.hide('u1', 'y.test'), log.deliver('ann@y.test'));
    const since = (offset: number) => hub.since(reader.identity, 'inbox', {}, { epoch: 'e1', offset });
    expect(await since(6)).toEqual({ kind: 'unknown' });
    expect(await since(7)).toEqual({ kind: 'unchanged', cursor: { epoch: 'e1', offset: 8 } });
  });

  test('over HTTP is told nothing that was found out under an access that ends meanwhile', async () => {
    const { log, hub, reader, commit } = await world();
    commit(log.say('c1', 'y.test'));
    const release = log.hold();
    const since = hub.since(reader.identity, 'thread:c1', {}, { epoch: 'e1', offset: 6 });
    await turn();
    commit(log.hide('u1', 'y.test'));
    release();
    expect(await since).toEqual({ kind: 'unknown' });
  });

  test('as a member once more begins with an access of their own', async () => {
    const { log, hub, reader, commit } = await world();
    commit(log.hide('u1', 'y.test'), log.leave('u1'), log.join('u1'));
    const back = new SmallReader('u1');
    await hub.enter(back);
    await hub.open(back, null, [ask('s1', 'inbox')], back.deliver);
    expect(brief(back.last)).toEqual(['snapshot s1 4']);
    hub.leave(reader);
  });
});

describe('[U2] what is unread', () => {
  async function unread() {
    const made = await world();
    const { log, hub, reader, commit } = made;
    commit(log.say('c1'), log.say('c1'), log.say('c2'));
    await hub.subscribe(reader, ask('n', 'unread'), null, reader.deliver);
    const rows = (frame: DownFrame | undefined) =>
      frame && 'rows' in frame
        ? frame.rows.map((row) => [row.id, (row as unknown as { unread: number }).unread])
        : null;
    return { ...made, rows };
  }

  test('is told as a snapshot, then by deltas; a part of it read with everything asks the store again', async () => {
    const { log, hub, reader, commit, rows } = await unread();
    expect(rows(reader.last[0])).toEqual([
      ['c2', 1],
      ['c1', 2],
    ]);
    commit(log.say('c1'));
    expect(reader.last).toMatchObject([{ channel: 'unread', updated: [{ id: 'c1', unread: 3 }] }]);
    commit(log.readAll('u1'));
    expect([reader.reopenCount, reader.isReopening]).toEqual([1, true]);
    await hub.catchUp(reader, reader.deliver);
    expect(rows(reader.last.find((frame) => 'id' in frame && frame.id === 'n'))).toEqual([]);
    commit(log.say('c1'));
    expect(reader.last).toMatchObject([{ channel: 'unread', added: [{ id: 'c1', unread: 1 }] }]);
  });

  test('is told whole to who comes back, and over HTTP read anew when anything happened to it', async () => {
    const { log, hub, reader, commit, rows } = await unread();
    const back = new SmallReader('u1');
    await hub.enter(back);
    commit(log.say('c2'));
    await hub.open(back, 'e1.9', [ask('n', 'unread')], back.deliver);
    expect(rows(back.last[0])).toEqual([
      ['c2', 2],
      ['c1', 2],
    ]);
    const since = (offset: number) => hub.since(reader.identity, 'unread', {}, { epoch: 'e1', offset });
    expect(await since(9)).toEqual({ kind: 'unknown' });
    commit(log.deliver('ann@x.test'));
    expect((await since(log.offset)).kind).toBe('unchanged');
  });

  test('is told to a slow reader whole, once for each change of it', async () => {
    const { log, hub, reader, commit } = await unread();
    reader.isSlow = true;
    commit(log.say('c1'));
    reader.isSlow = false;
    commit(log.say('c1'), log.say('c1'));
    await hub.catchUp(reader, reader.deliver);
    expect(brief(reader.last)).toEqual(['snapshot n 2']);
    // A snapshot vouches for no other channel: the next delta starts where the connection was told to be.
    const told = log.offset - 2;
    reader.stoppedAt = told;
    commit(log.deliver('ann@x.test'));
    await hub.catchUp(reader, reader.deliver);
    expect(reader.last.map((frame) => ('prev' in frame ? frame.prev : frame.type))).toEqual([told]);
  });
});
