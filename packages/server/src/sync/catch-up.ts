import { type Cursor, Failure } from '@roost/protocol';
import type { ViewPage } from '../domain/index.ts';
import type { Feed } from './feed.ts';
import type { Deliver } from './join.ts';
import type { LogReader } from './needs.ts';
import { bringToNow, loadPage, OPENING_MAX_TRIES, rowsText } from './opening.ts';
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
    const pages = feed.covers(from) ? null : await pagesOf(log, feed, reader);
    // Nothing waits from here on: what is delivered and what follows it join without a gap.
    if (!reader.isOpen) return;
    const cut = pages ? snapshots(feed, reader, pages) : deltas(feed, reader, from);
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

function deltas(feed: Feed, { subscriptions }: Reader, from: Cursor): Cut {
  const entries = feed.entriesAfter(from.offset);
  const frames: Buffer[] = [];
  let { offset } = from;
  for (const { channel } of subscriptions) {
    const told = channel.catchUp(feed.cursor, from.offset, entries);
    if (!told) continue;
    frames.push(told.bytes);
    offset = Math.max(offset, told.offset);
  }
  return { told: { epoch: from.epoch, offset }, frames };
}

async function pagesOf(log: LogReader, feed: Feed, { identity, subscriptions }: Reader): Promise<Pages> {
  const pages = await Promise.all(
    subscriptions.map(async (held) => {
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
    const page = pages.get(held);
    const at = page && bringToNow(feed, held.channel.view, null, page);
    if (!at) return null;
    frames.push(rowsText('snapshot', held.id, held.channel.view, at));
  }
  return { told: feed.cursor, frames };
}
