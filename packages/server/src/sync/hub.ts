import { type Cursor, Failure, formatCursor, type View, viewOfChannel } from '@roost/protocol';
import { type Clock, every } from '../clock.ts';
import type { Actor, LogEntry } from '../commands/index.ts';
import type { ViewPage } from '../domain/index.ts';
import { Feed, type Watcher } from './feed.ts';
import { emptyDelta, errorText } from './frames.ts';
import type { EncodeFrame, Identity, LogReader } from './needs.ts';
import { bringToNow, loadPage, type RowsAt, resumable, rowsText } from './opening.ts';
import type { Reader, Subscription } from './reader.ts';
import { type ViewDelta, viewDelta } from './view-delta.ts';

/** How often a node looks at the heads by itself. Hints only make it faster; without any, this is the delay. */
export const TAIL_INTERVAL_MS = 500;
/** A page is read again when its entries left the node's memory in the meantime; more often than this is a fault. */
const OPENING_MAX_TRIES = 4;
/** A feed that nobody used for so long is let go. */
const FEED_IDLE_MS = 5 * 60_000;

export interface SubscribeRequest {
  readonly id: string;
  readonly channel: string;
  readonly params: Readonly<Record<string, unknown>> & { readonly limit: number };
}

export interface FetchRequest {
  readonly id: string;
  readonly channel: string;
  readonly params: Readonly<Record<string, unknown>> & { readonly limit: number; readonly before: string };
}

/** Texts of the frames that bring a reader to `cursor`; written in the same instant as it joins. */
export type Deliver = (cursor: Cursor, frames: readonly (string | Buffer)[]) => void;

/** What an organisation's log is on this node: feeds for those somebody reads, kept up by commits, hints and looking. */
export class Hub {
  private readonly feeds = new Map<string, Promise<Feed>>();
  private readonly ready = new Map<string, Feed>();
  private readonly lastUsed = new Map<string, number>();
  private readonly watchers: Watcher[] = [];
  private readonly stopTail: () => void;

  constructor(
    private readonly log: LogReader,
    private readonly encode: EncodeFrame,
    private readonly clock: Clock,
    private readonly onTrouble: (error: unknown) => void,
  ) {
    this.stopTail = every(clock, TAIL_INTERVAL_MS, () => this.tail());
  }

  stop(): void {
    this.stopTail();
  }

  /** Hears of every entry of every organisation that passes here, before any reader does. */
  watch(watcher: Watcher): void {
    this.watchers.push(watcher);
  }

  /** Takes entries that were just committed on this node. */
  accept(entries: readonly LogEntry[]): void {
    for (const [org, ofOrg] of groupByOrg(entries)) {
      this.ready.get(org)?.accept(ofOrg);
    }
  }

  /** Another node says that an organisation's log has reached `offset`. */
  hint(org: string, offset: number): void {
    this.ready.get(org)?.hint(offset);
  }

  /**
   * Opens a connection's first channels. With a cursor that this log still knows, only what came after is
   * delivered; otherwise a snapshot each (rules R1, R2). A channel that cannot be opened gets an error frame.
   *
   * @returns whether the cursor was known
   */
  async open(
    reader: Reader,
    cursor: string | null,
    requests: readonly SubscribeRequest[],
    deliver: Deliver,
  ): Promise<boolean> {
    const feed = await this.feedFor(reader.identity);
    const from = await resumable(feed, cursor);
    await this.join(feed, reader, requests, from, false, deliver);
    return from !== null;
  }

  /** Opens one more channel. `cursor` is what the reader already holds of it. */
  async subscribe(
    reader: Reader,
    request: SubscribeRequest,
    cursor: string | null,
    deliver: Deliver,
  ): Promise<void> {
    const feed = await this.feedFor(reader.identity);
    const from = await resumable(feed, cursor);
    await this.join(feed, reader, [request], from, true, deliver);
  }

  async unsubscribe(reader: Reader, id: string): Promise<void> {
    const feed = await this.feedFor(reader.identity);
    for (const subscription of reader.subscriptions.filter((open) => open.id === id))
      feed.leave(subscription);
  }

  /** Rows below those a reader holds, as of its own position (rule S5). */
  async fetch(reader: Reader, request: FetchRequest, deliver: Deliver): Promise<void> {
    const feed = await this.feedFor(reader.identity);
    const { before, ...params } = request.params;
    const view = viewOfChannel(request.channel, params, reader.identity.user_id);
    for (let tries = 0; tries < OPENING_MAX_TRIES; tries += 1) {
      const page = await loadPage(this.log, feed, reader.identity, {
        view,
        params,
        before,
        limit: params.limit,
      });
      const at = bringToNow(feed, view, before, page);
      if (!at) continue;
      deliver(at.cursor, [rowsText('page', request.id, view, at)]);
      return;
    }
    throw new Failure('store.unavailable');
  }

  /** Brings a reader that had stopped, and has drained, to where this node is: one coalesced cut (rule B2). */
  async catchUp(reader: Reader, deliver: Deliver): Promise<void> {
    if (reader.isCatchingUp || reader.stoppedAt === null) return;
    reader.isCatchingUp = true;
    try {
      const feed = await this.feedFor(reader.identity);
      const open = [...reader.subscriptions];
      const from = (await feed.cover(reader.stoppedAt)) ? reader.stoppedAt : null;
      const requests = open.map(({ id, channel, params, limit }) => ({
        id,
        channel: channel.view.channel,
        params: { ...params, limit },
      }));
      await this.join(feed, reader, requests, from, false, deliver);
    } finally {
      reader.isCatchingUp = false;
    }
  }

  /** Where this node stands in an organisation's log, as text; nothing up to it is missing for a live reader. */
  cursorOf(org: string): string {
    const feed = this.ready.get(org);
    return feed ? formatCursor(feed.cursor) : '';
  }

  /** Forgets a reader whose connection is over. */
  leave(reader: Reader): void {
    const feed = this.ready.get(reader.identity.org);
    if (feed) for (const subscription of [...reader.subscriptions]) feed.leave(subscription);
    reader.subscriptions.length = 0;
  }

  /** A page for one answer, as of its own moment. @throws Failure */
  async page(
    reader: Identity,
    channel: string,
    params: Readonly<Record<string, unknown>>,
    at: { before: string | null; limit: number },
  ): Promise<RowsAt> {
    const page = await this.log.rows(reader, { channel, params, ...at });
    return { cursor: { epoch: page.epoch, offset: page.offset }, rows: page.rows, next: page.next };
  }

  /** What happened to a view after `cursor`, without reading rows (rules E1, E2). @throws Failure */
  async since(
    reader: Identity,
    channel: string,
    params: Readonly<Record<string, unknown>>,
    cursor: Cursor,
  ): Promise<Since> {
    const view = viewOfChannel(channel, params, reader.user_id);
    const feed = await this.feedFor(reader);
    if (cursor.epoch !== feed.cursor.epoch) return { kind: 'unknown' };
    if (cursor.offset > feed.cursor.offset && !(await feed.cover(cursor.offset))) return { kind: 'unknown' };
    if (feed.existing(view.key)?.unchangedSince(cursor.offset))
      return { kind: 'unchanged', cursor: feed.cursor };
    if (!(await feed.cover(cursor.offset))) return { kind: 'unknown' };
    const delta = viewDelta(view, feed.entriesAfter(cursor.offset));
    if (!delta) return { kind: 'unchanged', cursor: feed.cursor };
    return {
      kind: 'changed',
      cursor: feed.cursor,
      prev: cursor.offset,
      offset: feed.cursor.offset,
      ...textsOf(delta),
    };
  }

  private async join(
    feed: Feed,
    reader: Reader,
    requests: readonly SubscribeRequest[],
    from: number | null,
    answersAlways: boolean,
    deliver: Deliver,
  ): Promise<void> {
    for (let tries = 0; tries < OPENING_MAX_TRIES; tries += 1) {
      const resumes = from !== null && feed.covers(from) ? from : null;
      const opened = await Promise.all(
        requests.map((request) => this.prepare(feed, reader, request, resumes)),
      );
      // Nothing waits from here to the end: what is delivered and what follows it join without a gap.
      const cursor = feed.cursor;
      if (resumes !== null && !feed.covers(resumes)) continue;
      const frames: (string | Buffer)[] = [];
      const joining: Subscription[] = [];
      let isStale = false;
      for (const one of opened) {
        if ('failure' in one) {
          frames.push(errorText(one.request.id, one.failure));
          continue;
        }
        const { request, view, page } = one;
        const channel = feed.channel(view);
        if (page) {
          const at = bringToNow(feed, view, null, page);
          isStale ||= at === null;
          if (at) frames.push(rowsText('snapshot', request.id, view, at));
        } else if (resumes !== null) {
          const frame = channel.catchUp(cursor, resumes, feed.entriesAfter(resumes));
          if (frame) frames.push(frame);
          else if (answersAlways) frames.push(emptyDelta(view, resumes, cursor));
        }
        const { limit, ...params } = request.params;
        joining.push({ id: request.id, reader, channel, params, limit });
      }
      if (isStale) continue;
      for (const held of reader.subscriptions.filter((held) => joining.some(({ id }) => id === held.id)))
        feed.leave(held);
      for (const subscription of joining) feed.join(subscription);
      for (const one of opened) if ('failure' in one) reader.refused(one.failure);
      if (!answersAlways) reader.stoppedAt = null;
      deliver(cursor, frames);
      return;
    }
    throw new Failure('store.unavailable');
  }

  private async prepare(
    feed: Feed,
    reader: Reader,
    request: SubscribeRequest,
    from: number | null,
  ): Promise<Prepared> {
    try {
      const { limit, ...params } = request.params;
      const view = viewOfChannel(request.channel, params, reader.identity.user_id);
      if (from !== null) return { request, view, page: null };
      return {
        request,
        view,
        page: await loadPage(this.log, feed, reader.identity, { view, params, before: null, limit }),
      };
    } catch (error) {
      if (error instanceof Failure) return { request, failure: error };
      throw error;
    }
  }

  /**
   * Deltas come from memory, past the store and its permissions: what those ask of a reader is asked here.
   *
   * @throws access.forbidden
   */
  private feedFor({ org, actor }: Identity): Promise<Feed> {
    if (!mayRead(actor)) throw new Failure('access.forbidden', 'This token lacks the scope “read”.');
    return this.feed(org);
  }

  private feed(org: string): Promise<Feed> {
    this.lastUsed.set(org, this.clock.now());
    let feed = this.feeds.get(org);
    if (!feed) {
      feed = this.loadFeed(org);
      this.feeds.set(org, feed);
      feed.catch(() => this.feeds.delete(org));
    }
    return feed;
  }

  private async loadFeed(org: string): Promise<Feed> {
    const [head] = await this.log.heads([org]);
    if (!head) throw new Failure('access.forbidden', 'There is no such organisation.');
    const watch: Watcher = (of, entry) => {
      for (const watcher of this.watchers) watcher(of, entry);
    };
    const feed = new Feed(org, head, this.log, this.encode, watch, this.onTrouble);
    this.ready.set(org, feed);
    return feed;
  }

  private async tail(): Promise<void> {
    try {
      this.letIdleFeedsGo();
      if (this.ready.size === 0) return;
      for (const head of await this.log.heads([...this.ready.keys()]))
        this.ready.get(head.org)?.meetHead(head);
    } catch (error) {
      this.onTrouble(error);
    }
  }

  private letIdleFeedsGo(): void {
    const before = this.clock.now() - FEED_IDLE_MS;
    for (const [org, feed] of this.ready) {
      if (feed.channelCount > 0 || (this.lastUsed.get(org) ?? 0) > before) continue;
      this.ready.delete(org);
      this.feeds.delete(org);
      this.lastUsed.delete(org);
    }
  }
}

type Prepared =
  | { readonly request: SubscribeRequest; readonly view: View; readonly page: ViewPage | null }
  | { readonly request: SubscribeRequest; readonly failure: Failure };

export type Since =
  | { readonly kind: 'unchanged'; readonly cursor: Cursor }
  | {
      readonly kind: 'changed';
      readonly cursor: Cursor;
      readonly prev: number;
      readonly offset: number;
      readonly added: readonly string[];
      readonly updated: readonly string[];
      readonly deleted: readonly string[];
    }
  | { readonly kind: 'unknown' };

/** Every role may read; a token only with the scope for it. */
function mayRead(actor: Actor): boolean {
  return actor.kind !== 'token' || actor.scopes.includes('read');
}

function textsOf(delta: ViewDelta) {
  return {
    added: delta.added.map((row) => JSON.stringify(row)),
    updated: delta.updated.map((row) => JSON.stringify(row)),
    deleted: delta.deleted,
  };
}

function groupByOrg(entries: readonly LogEntry[]): Map<string, LogEntry[]> {
  const groups = new Map<string, LogEntry[]>();
  for (const entry of entries) {
    const group = groups.get(entry.org);
    if (group) group.push(entry);
    else groups.set(entry.org, [entry]);
  }
  return groups;
}
