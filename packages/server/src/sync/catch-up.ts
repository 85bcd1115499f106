import { type Cursor, Failure } from '@roost/protocol';
import type { ViewPage } from '../domain/index.ts';
import type { Feed } from './feed.ts';
import { type Deliver, join } from './join.ts';
import type { LogReader } from './needs.ts';
import { bringToNow, loadPage, OPENING_MAX_TRIES, type RowsAt, rowsText } from './opening.ts';
import type { Reader, Subscription } from './reader.ts';

type Pages = ReadonlyMap<Subscription, ViewPage>;

/**
 * Brings a reader that had stopped, and has drained, to where this node is: one coalesced cut (rule B2), of deltas
 * where the log reaches back to where it stopped, else of snapshots.
 *
 * @throws what its channels throw; nothing was delivered
 */
export async function catchUp(log: LogReader, feed: Feed, reader: Reader, deliver: Deliver): Promise<void> {
  const { stoppedAt } = reader;
  if (stoppedAt === null) return;
  const from = { epoch: feed.cursor.epoch, offset: stoppedAt };
  await feed.cover(from);
  for (let tries = 0; tries < OPENING_MAX_TRIES; tries += 1) {
    if (reader.isReopening) return reopen(log, feed, reader, deliver);
    const isCovered = feed.covers(from);
    const isWanted = (held: Subscription) => !isCovered || isToldWhole(held, from.offset);
    const pages = await pagesOf(log, feed, reader, isWanted);
    // Nothing waits from here on: what is delivered and what follows it join without a gap.
    if (!reader.isOpen) return;
    if (reader.isReopening) continue;
    const cut = isCovered ? deltas(feed, reader, from, pages) : snapshots(feed, reader, pages);
    if (!cut) continue;
    reader.goOn();
    return deliver(cut.told, cut.frames);
  }
  throw new Failure('store.unavailable');
}

interface Cut {
  /** What the reader knows once it has the frames. */
  readonly told: Cursor;
  readonly frames: readonly (string | Buffer)[];
}

/** Everything that it has open, once more, as of what the reader may see now. */
function reopen(log: LogReader, feed: Feed, reader: Reader, deliver: Deliver): Promise<void> {
  const requests = reader.subscriptions.map(({ id, channel: { view }, params, limit }) => ({
    id,
    channel: view.channel,
    params: { ...params, limit },
  }));
  return join(log, feed, reader, { requests, from: null, answersAlways: true, isReopening: true }, deliver);
}

function deltas(feed: Feed, { subscriptions }: Reader, from: Cursor, pages: Pages): Cut | null {
  if (!feed.covers(from)) return null;
  const frames: (string | Buffer)[] = [];
  const whole: Subscription[] = [];
  let { offset } = from;
  for (const held of subscriptions) {
    const { channel } = held;
    if (isToldWhole(held, from.offset)) {
      const at = broughtToNow(feed, held, pages);
      if (!at) return null;
      frames.push(rowsText('snapshot', held.id, channel.view, at));
      whole.push(held);
      continue;
    }
    if (channel.tally) continue;
    const start = Math.max(from.offset, held.heldAt);
    const told = channel.catchUp(feed.cursor, start, feed.entriesAfter(start));
    if (!told) continue;
    frames.push(told.bytes);
    offset = Math.max(offset, told.offset);
  }
  for (const held of whole) held.heldAt = feed.cursor.offset;
  return { told: { epoch: from.epoch, offset }, frames };
}

/** A fold has no deltas of the past: where anything changed in it, what it shows is told whole. */
function isToldWhole({ channel, heldAt }: Subscription, from: number): boolean {
  return channel.tally !== null && !channel.unchangedSince(Math.max(from, heldAt));
}

function broughtToNow(feed: Feed, held: Subscription, pages: Pages): RowsAt | null {
  const page = pages.get(held);
  return page ? bringToNow(feed, held.channel.view, null, page) : null;
}

async function pagesOf(
  log: LogReader,
  feed: Feed,
  { identity, subscriptions }: Reader,
  isWanted: (held: Subscription) => boolean,
): Promise<Pages> {
  const pages = await Promise.all(
    subscriptions.filter(isWanted).map(async (held) => {
      const { channel, params, limit } = held;
      const page = await loadPage(log, feed, identity, { view: channel.view, params, before: null, limit });
      return [held, page] as const;
    }),
  );
  return new Map(pages);
}

/** Null when a page has to be read again. Channels that were closed meanwhile are left out. */
function snapshots(feed: Feed, { subscriptions }: Reader, pages: Pages): Cut | null {
  const frames: string[] = [];
  for (const held of subscriptions) {
    const at = broughtToNow(feed, held, pages);
    if (!at) return null;
    frames.push(rowsText('snapshot', held.id, held.channel.view, at));
  }
  return { told: feed.cursor, frames };
}
