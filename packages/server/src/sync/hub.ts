import { type AccessRow, type Cursor, Failure } from '@roost/protocol';
import type { Clock } from '../clock.ts';
import type { Actor, LogEntry } from '../commands/index.ts';
import type { Bounds } from './bounds.ts';
import { catchUp } from './catch-up.ts';
import type { Feed, Watcher } from './feed.ts';
import { Feeds } from './feeds.ts';
import { type Deliver, join, type SubscribeRequest } from './join.ts';
import type { EncodeFrame, Identity, LogReader } from './needs.ts';
import {
  bringToNow,
  loadPage,
  OPENING_MAX_TRIES,
  type RowsAt,
  resumable,
  rowsText,
  viewFor,
} from './opening.ts';
import { hasToWait, type Reader } from './reader.ts';
import { type Since, sinceOf } from './since.ts';

/** A request that was let in before the node followed the log may still be under way for so long. */
const IN_FLIGHT_MAX_MS = 10_000;

export interface FetchRequest {
  readonly id: string;
  readonly channel: string;
  readonly params: Readonly<Record<string, unknown>> & { readonly limit: number; readonly before: string };
}

/** Opens channels for readers, from rows and from the logs that this node follows, so that nothing is missed between. */
export class Hub {
  private readonly feeds: Feeds;

  constructor(
    private readonly log: LogReader,
    encode: EncodeFrame,
    private readonly clock: Clock,
    onTrouble: (error: unknown) => void,
    bounds?: Bounds,
  ) {
    this.feeds = new Feeds(log, encode, clock, onTrouble, bounds);
  }

  stop(): void {
    this.feeds.stop();
  }

  /** Hears of every entry of every organisation that passes here, before any reader does. */
  watch(watcher: Watcher): void {
    this.feeds.watch(watcher);
  }

  /** Takes entries that were just committed on this node. */
  accept(entries: readonly LogEntry[]): void {
    this.feeds.accept(entries);
  }

  /** Another node says that an organisation's log has reached `offset`. */
  hint(org: string, offset: number): void {
    this.feeds.hint(org, offset);
  }

  /** Channels that somebody has open here. */
  get channelCount(): number {
    return this.feeds.channelCount;
  }

  /** Whether this node hears of everything that happens in an organisation. */
  follows(org: string): boolean {
    return this.feeds.follows(org);
  }

  /** Where this node stands in a log that it follows; nothing up to it is missing for a live reader. */
  cursorOf(org: string): Cursor | null {
    return this.feeds.at(org)?.cursor ?? null;
  }

  /**
   * From here on a connection belongs to its organisation: watchers hear of everything that may concern it. Whoever
   * let it in must ask again after this whether it may be (rule A1).
   */
  async enter(reader: Reader): Promise<void> {
    const feed = await this.feedFor(reader.identity);
    if (reader.isOpen) feed.readers.add(reader);
  }

  /** What somebody may see where this node stands. @throws access.forbidden; store.unavailable */
  async access(identity: Identity): Promise<AccessRow> {
    return (await this.feedFor(identity)).access(identity.user_id);
  }

  /** Forgets a reader whose connection is over. */
  leave(reader: Reader): void {
    const feed = this.feeds.at(reader.identity.org);
    feed?.readers.delete(reader);
    for (const subscription of [...reader.subscriptions]) feed?.leave(subscription);
    reader.subscriptions.length = 0;
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
    const { version } = await feed.access(reader.identity.user_id);
    const isKnown = from !== null && from.offset >= version;
    await join(
      this.log,
      feed,
      reader,
      { requests, from: isKnown ? from : null, answersAlways: false },
      deliver,
    );
    return isKnown;
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
    await join(this.log, feed, reader, { requests: [request], from, answersAlways: true }, deliver);
  }

  async unsubscribe(reader: Reader, id: string): Promise<void> {
    const feed = await this.feedFor(reader.identity);
    for (const held of reader.subscriptions.filter((open) => open.id === id)) feed.leave(held);
  }

  /** Rows below those a reader holds, as of its own position (rule S5). */
  async fetch(reader: Reader, request: FetchRequest, deliver: Deliver): Promise<void> {
    const feed = await this.feedFor(reader.identity);
    const { before, ...params } = request.params;
    for (let tries = 0; tries < OPENING_MAX_TRIES; ) {
      const access = await feed.access(reader.identity.user_id);
      const view = viewFor(access, request.channel, params);
      const wanted = { view, params, before, limit: params.limit };
      const page = await loadPage(this.log, feed, reader.identity, wanted);
      if (hasToWait(reader)) {
        await reader.untilLive();
        continue;
      }
      if (!reader.isOpen) return;
      const isTrue = feed.isAccess(access) && page.access_version === access.version;
      const at = isTrue ? bringToNow(feed, view, before, page) : null;
      if (at) return deliver(at.cursor, [rowsText('page', request.id, view, at)]);
      tries += 1;
    }
    throw new Failure('store.unavailable');
  }

  /** Brings a reader that had stopped, and has drained, to where this node is: one coalesced cut (rule B2). */
  async catchUp(reader: Reader, deliver: Deliver): Promise<void> {
    if (reader.isCatchingUp || reader.stoppedAt === null) return;
    reader.isCatchingUp = true;
    try {
      await catchUp(this.log, await this.feedFor(reader.identity), reader, deliver);
    } finally {
      reader.isCatchingUp = false;
    }
  }

  /** A page for one answer, as of its own moment. @throws Failure */
  async page(
    reader: Identity,
    channel: string,
    params: Readonly<Record<string, unknown>>,
    at: { before: string | null; limit: number },
  ): Promise<RowsAt> {
    const page = await this.log.rows(reader, { channel, params, ...at });
    // So that this node's answer to what happened since is never of an earlier moment than its page (rule S6).
    await this.feeds.at(reader.org)?.reach(page);
    return { cursor: { epoch: page.epoch, offset: page.offset }, rows: page.rows, next: page.next };
  }

  /** What happened to a view after `cursor`, without reading rows (rules E1, E2). @throws Failure */
  async since(
    reader: Identity,
    channel: string,
    params: Readonly<Record<string, unknown>>,
    cursor: Cursor,
  ): Promise<Since> {
    const feed = await this.feedFor(reader);
    // What ended this reader's access may lie before the first entry that this node heard of (rule A1).
    if (this.clock.now() - feed.beganAt < IN_FLIGHT_MAX_MS) await this.assertMember(reader);
    for (let tries = 0; tries < OPENING_MAX_TRIES; tries += 1) {
      const access = await feed.access(reader.user_id);
      // From before that moment on they may hold what they may no longer see (rule A2).
      if (cursor.epoch === feed.cursor.epoch && cursor.offset < access.version) return { kind: 'unknown' };
      const view = viewFor(access, channel, params);
      if (view.isGuarded) await this.log.rows(reader, { channel, params, before: null, limit: 1 });
      const since = await sinceOf(feed, view, cursor);
      // What was found out under an access that has ended since is not told.
      if (feed.isAccess(access)) return since;
    }
    throw new Failure('store.unavailable');
  }

  /** @throws access.forbidden  this person is no member */
  private async assertMember(identity: Identity): Promise<void> {
    await this.log.rows(identity, { channel: 'me', params: {}, before: null, limit: 1 });
  }

  /**
   * Deltas come from memory, past the store and its permissions: what those ask of a reader is asked here.
   *
   * @throws access.forbidden
   */
  private feedFor({ org, actor }: Identity): Promise<Feed> {
    if (!mayRead(actor)) throw new Failure('access.forbidden', 'This token lacks the scope “read”.');
    return this.feeds.follow(org);
  }
}

/** Every role may read; a token only with the scope for it. */
function mayRead(actor: Actor): boolean {
  return actor.kind !== 'token' || actor.scopes.includes('read');
}
