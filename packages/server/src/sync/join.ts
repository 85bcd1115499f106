import { type AccessRow, type Cursor, Failure, type View } from '@roost/protocol';
import type { ViewPage } from '../domain/index.ts';
import type { Feed } from './feed.ts';
import { emptyDelta, errorText } from './frames.ts';
import type { LogReader } from './needs.ts';
import { bringToNow, loadPage, OPENING_MAX_TRIES, type RowsAt, rowsText, viewFor } from './opening.ts';
import { hasToWait, type Reader, type Subscription } from './reader.ts';

export interface SubscribeRequest {
  readonly id: string;
  readonly channel: string;
  readonly params: Readonly<Record<string, unknown>> & { readonly limit: number };
}

/** Frames that bring what was asked for to `cursor`; written in the same instant as the reader joins. */
export type Deliver = (cursor: Cursor, frames: readonly (string | Buffer)[]) => void;

export interface Opening {
  readonly requests: readonly SubscribeRequest[];
  /** What the reader holds of all of them; null for a snapshot each. */
  readonly from: Cursor | null;
  /** Says so where nothing happened after `from`. */
  readonly answersAlways: boolean;
  /** The reader has these open, and was told nothing since they were taken from it. */
  readonly isReopening?: boolean;
}

/**
 * Opens channels for a reader, all as of one moment, and as of what they may see at that moment (rule A2). A channel
 * that cannot be opened gets an error frame.
 *
 * @throws store.unavailable  nothing was opened
 */
export async function join(
  log: LogReader,
  feed: Feed,
  reader: Reader,
  { requests, from, answersAlways, isReopening }: Opening,
  deliver: Deliver,
): Promise<void> {
  for (let tries = 0; tries < OPENING_MAX_TRIES; ) {
    const access = await feed.access(reader.identity.user_id);
    const resumes = from && feed.covers(from) && from.offset >= access.version ? from : null;
    const all = await Promise.all(
      requests.map((request) => prepare({ log, feed, reader, access }, request, resumes !== null)),
    );
    // What somebody let go of meanwhile is not opened again.
    const prepared = isReopening ? all.filter(({ request }) => isHeld(reader, request)) : all;
    if (!isReopening && hasToWait(reader)) {
      await reader.untilLive();
      continue;
    }
    // Nothing waits from here on: what is delivered and what follows it join without a gap.
    if (!reader.isOpen) return;
    const isTrue = feed.isAccess(access) && prepared.every((one) => isSeenWith(access, one));
    const opened = !isTrue || (resumes && !feed.covers(resumes)) ? null : broughtToNow(feed, prepared);
    if (opened) {
      if (isReopening) reader.goOn();
      const frames = opened.map((one) => {
        if ('failure' in one) reader.refused(one.failure);
        return frameOf(feed, one, resumes, answersAlways);
      });
      subscribe(feed, reader, opened);
      return deliver(
        feed.cursor,
        frames.filter((frame) => frame !== null),
      );
    }
    tries += 1;
  }
  throw new Failure('store.unavailable');
}

function isHeld({ subscriptions }: Reader, request: SubscribeRequest): boolean {
  return subscriptions.some(({ id }) => id === request.id);
}

/** Whether rows were read under the access that still holds. */
function isSeenWith(access: AccessRow, one: Prepared<ViewPage>): boolean {
  return 'failure' in one || one.at === null || one.at.access_version === access.version;
}

interface Refused {
  readonly request: SubscribeRequest;
  readonly failure: Failure;
}

/** `at` is what has been read of the view; null where a delta says it all. */
type Prepared<At> =
  | { readonly request: SubscribeRequest; readonly view: View; readonly at: At | null }
  | Refused;

interface Preparing {
  readonly log: LogReader;
  readonly feed: Feed;
  readonly reader: Reader;
  readonly access: AccessRow;
}

async function prepare(
  { log, feed, reader, access }: Preparing,
  request: SubscribeRequest,
  resumes: boolean,
): Promise<Prepared<ViewPage>> {
  try {
    const { limit, ...params } = request.params;
    const view = viewFor(access, request.channel, params);
    const isRead = !resumes || view.isTally === true;
    const wanted = { view, params, before: null, limit: isRead ? limit : 1 };
    // What a delta alone brings is asked for as well where the store decides who may open it.
    const page = isRead || view.isGuarded ? await loadPage(log, feed, reader.identity, wanted) : null;
    return { request, view, at: isRead ? page : null };
  } catch (error) {
    if (error instanceof Failure) return { request, failure: error };
    throw error;
  }
}

/** Null when one of them has to be read again. */
function broughtToNow(feed: Feed, prepared: readonly Prepared<ViewPage>[]): Prepared<RowsAt>[] | null {
  const opened: Prepared<RowsAt>[] = [];
  for (const one of prepared) {
    if ('failure' in one || one.at === null) {
      opened.push('failure' in one ? one : { ...one, at: null });
      continue;
    }
    const at = bringToNow(feed, one.view, null, one.at);
    if (!at) return null;
    opened.push({ ...one, at });
  }
  return opened;
}

function frameOf(
  feed: Feed,
  one: Prepared<RowsAt>,
  from: Cursor | null,
  answersAlways: boolean,
): string | Buffer | null {
  const { id } = one.request;
  if ('failure' in one) return errorText(id, one.failure);
  const { view, at } = one;
  if (at) return rowsText('snapshot', id, view, at);
  if (!from) return null;
  const told = feed.channel(view).catchUp(feed.cursor, from.offset, feed.entriesAfter(from.offset));
  if (told) return told.bytes;
  return answersAlways ? emptyDelta(view, from.offset, feed.cursor) : null;
}

/** An id that is in use already now names the new subscription. */
function subscribe(feed: Feed, reader: Reader, opened: readonly Prepared<RowsAt>[]): void {
  const joining: Subscription[] = [];
  for (const one of opened) {
    if ('failure' in one) continue;
    const { limit, ...params } = one.request.params;
    const channel = feed.channel(one.view, one.at?.tally ?? null);
    joining.push({ id: one.request.id, reader, channel, params, limit, heldAt: feed.cursor.offset });
  }
  // One that is refused now is not open any more either.
  const ids = new Set(opened.map(({ request }) => request.id));
  for (const held of reader.subscriptions.filter(({ id }) => ids.has(id))) feed.leave(held);
  for (const subscription of joining) feed.join(subscription);
}
