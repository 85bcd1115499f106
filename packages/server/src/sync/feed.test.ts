import { inboxView } from '@roost/protocol';
import { expect, test, vi } from 'vitest';
import { type Bounds, DEFAULT_BOUNDS } from './bounds.ts';
import { Feed } from './feed.ts';
import { ORG, SmallLog } from './testing/small-log.ts';
import { encodeLine, SmallReader } from './testing/small-reader.ts';

const viewer = { user_id: 'u1', hidden: [] };
const turn = () => new Promise(setImmediate);

/** A feed of a log, and a reader who has the inbox open. */
function follow(log: SmallLog, bounds: Bounds = DEFAULT_BOUNDS) {
  const passed: number[] = [];
  const began = vi.fn();
  const onTrouble = vi.fn();
  const head = { org: ORG, epoch: log.epoch, offset: log.offset, oldest: log.oldest };
  const watcher = { entry: (_: string, { offset }: { offset: number }) => void passed.push(offset), began };
  const feed = new Feed(ORG, head, 0, { log, encode: encodeLine, bounds, watcher, onTrouble });
  const reader = new SmallReader();
  feed.readers.add(reader);
  feed.join({
    id: 's1',
    reader,
    channel: feed.channel(inboxView({}, viewer)),
    params: {},
    limit: 5,
    heldAt: 0,
  });
  const offsets = () => reader.cuts.flat().map((frame) => ('offset' in frame ? frame.offset : 0));
  return { feed, reader, passed, began, onTrouble, offsets };
}

test('[D1] entries pass in order, once, whatever way they are heard of', async () => {
  const log = new SmallLog();
  const { feed, passed, offsets } = follow(log);
  const [one, two, three, four] = [log.deliver(), log.deliver(), log.deliver(), log.deliver()];
  feed.accept([two]);
  feed.accept([one]);
  feed.hint(3);
  feed.hint(3);
  await turn();
  feed.accept([one, two, three]);
  feed.accept([four]);
  await turn();
  expect(passed).toEqual([1, 2, 3, 4]);
  expect(offsets()).toEqual([1, 2, 3, 4]);
});

test('entries that continue the log need no reading', () => {
  const log = new SmallLog();
  const { feed, passed } = follow(log);
  feed.accept([log.deliver(), log.deliver()]);
  expect([passed, log.readCount]).toEqual([[1, 2], 0]);
});

test('a hint may name what was never committed', async () => {
  const log = new SmallLog();
  const { feed, passed } = follow(log);
  log.deliver();
  feed.hint(99);
  await turn();
  expect(passed).toEqual([1]);
  const { readCount } = log;
  feed.hint(1);
  await turn();
  expect(log.readCount).toBe(readCount);
});

test('a hint that comes while the log is read is not lost', async () => {
  const log = new SmallLog();
  const { feed, passed } = follow(log);
  log.deliver();
  const open = log.hold();
  feed.hint(1);
  log.deliver();
  const reached = feed.reach({ epoch: 'e1', offset: 2 });
  open();
  await reached;
  expect(passed).toEqual([1, 2]);
});

test('a hint that comes in the instant in which the reading ends is not lost', async () => {
  const log = new SmallLog();
  const { feed, passed, reader } = follow(log);
  log.deliver();
  let isFirst = true;
  const flush = reader.flush.bind(reader);
  reader.flush = () => {
    flush();
    if (!isFirst) return;
    isFirst = false;
    // As late as can be: behind everything that the reading still does.
    void Promise.resolve().then(() => {
      log.deliver();
      feed.hint(2);
    });
  };
  feed.hint(1);
  await turn();
  expect(passed).toEqual([1, 2]);
});

test('a store that does not answer is told of, and the next look heals', async () => {
  const log = new SmallLog();
  const { feed, passed, onTrouble } = follow(log);
  log.deliver();
  log.isBroken = true;
  await expect(feed.reach({ epoch: 'e1', offset: 1 })).rejects.toMatchObject({ code: 'store.unavailable' });
  expect(onTrouble).toHaveBeenCalledTimes(1);
  log.isBroken = false;
  feed.meetHead({ org: ORG, epoch: 'e1', offset: 1, oldest: 1 });
  await turn();
  expect(passed).toEqual([1]);
});

test.each(['another epoch', 'a log trimmed past this node'])(
  '[R3] %s starts everybody anew',
  async (what) => {
    const log = new SmallLog();
    for (let n = 0; n < 5; n += 1) log.deliver();
    const { feed, reader, began } = follow(log);
    const idle = new SmallReader();
    feed.readers.add(idle);
    for (let n = 0; n < 3; n += 1) log.deliver();
    if (what === 'another epoch') log.epoch = 'e2';
    else log.trim(1);
    feed.hint(8);
    await turn();
    expect([reader.resyncCount, idle.resyncCount]).toEqual([1, 1]);
    expect(began).toHaveBeenCalledWith(ORG);
    expect(feed.cursor).toEqual({ epoch: log.epoch, offset: 8 });
    expect(feed.channelCount).toBe(0);
    expect(await feed.cover({ epoch: 'e1', offset: 5 })).toBe(false);
  },
);

test('[R3] a cursor of another epoch is not covered, though its offset is', async () => {
  const log = new SmallLog();
  log.deliver();
  const { feed } = follow(log);
  expect(await feed.cover({ epoch: 'e1', offset: 1 })).toBe(true);
  expect(await feed.cover({ epoch: 'e0', offset: 1 })).toBe(false);
});

test('[R1] [R2] older entries are fetched for who was away, up to where a snapshot costs less', async () => {
  const log = new SmallLog();
  for (let n = 0; n < 40; n += 1) log.deliver();
  const { feed } = follow(log, { ...DEFAULT_BOUNDS, catchUpMaxEntries: 20 });
  const at = (offset: number) => ({ epoch: 'e1', offset });
  const covered = await Promise.all([feed.cover(at(25)), feed.cover(at(20)), feed.cover(at(19))]);
  expect(covered).toEqual([true, true, false]);
  expect(log.readCount).toBe(1);
  expect(feed.entriesAfter(38).map(({ offset }) => offset)).toEqual([39, 40]);
  expect(await feed.cover(at(41))).toBe(false);
});

test('[R2] entries that were trimmed cannot be fetched', async () => {
  const log = new SmallLog();
  for (let n = 0; n < 10; n += 1) log.deliver();
  const { feed } = follow(log);
  log.trim(4);
  expect(await feed.cover({ epoch: 'e1', offset: 5 })).toBe(false);
  expect(await feed.cover({ epoch: 'e1', offset: 6 })).toBe(true);
});

test('[B1] a reader that has stopped is queued nothing', () => {
  const log = new SmallLog();
  const { feed, reader, offsets } = follow(log);
  reader.isSlow = true;
  feed.accept([log.deliver()]);
  feed.accept([log.deliver()]);
  expect(offsets()).toEqual([1]);
  expect(reader.stoppedAt).toBe(1);
});

test('[A1] those who decide who may read hear of an entry before any reader does', () => {
  const log = new SmallLog();
  const { feed, reader, passed } = follow(log);
  const toldBefore: number[] = [];
  reader.queue = () => void toldBefore.push(...passed);
  feed.accept([log.deliver()]);
  expect(toldBefore).toEqual([1]);
});

test('[C1] what several channels say of the same entries leaves as one cut', () => {
  const log = new SmallLog();
  const { feed, reader } = follow(log);
  feed.join({
    id: 's2',
    reader,
    channel: feed.channel(inboxView({ filter: 'bob' }, viewer)),
    params: {},
    limit: 5,
    heldAt: 0,
  });
  feed.accept([log.deliver('bob@x.test'), log.deliver('ann@x.test')]);
  expect(reader.cuts).toHaveLength(1);
  expect(reader.last.map((frame) => ('key' in frame ? frame.key : 'inbox'))).toEqual([
    'inbox',
    'inbox',
    'inbox?filter=bob',
  ]);
});

test('[D3] the same bytes go to every subscriber', () => {
  const log = new SmallLog();
  const { feed, reader } = follow(log);
  const other = new SmallReader('u2');
  feed.join({
    id: 'x',
    reader: other,
    channel: feed.channel(inboxView({}, viewer)),
    params: {},
    limit: 5,
    heldAt: 0,
  });
  const queued: Buffer[] = [];
  for (const one of [reader, other]) one.queue = (bytes) => void queued.push(bytes);
  feed.accept([log.deliver()]);
  expect(queued).toHaveLength(2);
  expect(queued[0]).toBe(queued[1]);
});
