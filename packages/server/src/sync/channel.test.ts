import { inboxView, meView } from '@roost/protocol';
import { expect, test, vi } from 'vitest';
import { Channel } from './channel.ts';
import { Channels } from './channels.ts';
import { readEntry } from './entry.ts';
import { SmallLog } from './testing/small-log.ts';
import { encodeLine } from './testing/small-reader.ts';

const viewer = { user_id: 'u1', hidden: [] };
const parsed = (bytes: Buffer | undefined) =>
  String(bytes)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

test('[D2] prev names the delta before, or where the channel began', () => {
  const log = new SmallLog();
  for (let n = 0; n < 3; n += 1) log.deliver();
  const channel = new Channel(inboxView({ filter: 'bob' }, viewer), 3, encodeLine);
  log.deliver('bob@x.test');
  log.deliver('ann@x.test');
  log.deliver('bob@x.test');
  const made = channel.advance('e1', log.entries.slice(3).map(readEntry));
  expect(made).toMatchObject({ frameCount: 2, offset: 6 });
  expect(parsed(made?.bytes)).toMatchObject([
    { type: 'delta', channel: 'inbox', key: 'inbox?filter=bob', prev: 3, offset: 4, etag: '"e1.4"' },
    { prev: 4, offset: 6, etag: '"e1.6"' },
  ]);
});

test('[R1] those who come back from one place share one frame, until the channel moves', () => {
  const log = new SmallLog();
  const encode = vi.fn(encodeLine);
  const channel = new Channel(inboxView({}, viewer), 0, encode);
  const entries = [log.deliver(), log.deliver()].map(readEntry);
  channel.advance('e1', entries);
  encode.mockClear();
  const head = { epoch: 'e1', offset: 2 };
  const first = channel.catchUp(head, 0, entries);
  expect(channel.catchUp(head, 0, entries)).toBe(first);
  expect(encode).toHaveBeenCalledTimes(1);
  expect(parsed(first?.bytes)).toMatchObject([{ prev: 0, offset: 2 }]);
  expect(channel.catchUp(head, 2, [])).toBeNull();
  const more = readEntry(log.deliver());
  channel.advance('e1', [more]);
  expect(parsed(channel.catchUp({ epoch: 'e1', offset: 3 }, 0, [...entries, more])?.bytes)).toMatchObject([
    { prev: 0, offset: 3 },
  ]);
});

test('frames kept for those who come back have a bound in bytes', () => {
  const log = new SmallLog();
  const large = Buffer.alloc(1 << 20);
  const channel = new Channel(inboxView({}, viewer), 0, () => large);
  const entries = Array.from({ length: 20 }, () => readEntry(log.deliver()));
  channel.advance('e1', entries);
  const head = { epoch: 'e1', offset: 20 };
  for (let from = 0; from < 20; from += 1) channel.catchUp(head, from, entries.slice(from));
  const { catchUps } = channel as unknown as { catchUps: Map<number, unknown> };
  expect(catchUps.size).toBeLessThanOrEqual(4);
});

test('ten thousand channels of one person each cost an entry nothing', () => {
  const channels = new Channels();
  for (let n = 0; n < 10_000; n += 1) channels.add(new Channel(meView(`u${n}`), 0, encodeLine));
  const all = new Channel(inboxView({}, viewer), 0, encodeLine);
  channels.add(all);
  const log = new SmallLog();
  expect([...channels.touchedBy([readEntry(log.deliver())])]).toEqual([all]);
  expect([...channels.touchedBy([readEntry(log.join('u7'))])]).toEqual([channels.get(meView('u7'))]);
  expect([
    ...channels.touchedBy([log.deliver(), log.join('u7'), log.join('u7')].map(readEntry)),
  ]).toHaveLength(2);
  channels.remove(channels.get(meView('u7')) as Channel);
  expect([...channels.touchedBy([readEntry(log.join('u7'))])]).toEqual([]);
  expect(channels.size).toBe(10_000);
});

test('a channel that was replaced by another of its view is not taken for it', () => {
  const channels = new Channels();
  const [first, second] = [
    new Channel(inboxView({}, viewer), 0, encodeLine),
    new Channel(inboxView({}, viewer), 0, encodeLine),
  ];
  channels.add(first);
  channels.clear();
  channels.add(second);
  channels.remove(first);
  expect(channels.get(inboxView({}, viewer))).toBe(second);
});
