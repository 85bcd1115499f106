import {
  type AccessRow,
  type ConversationRow,
  type Cursor,
  foldDelta,
  formatCursor,
  parseCursor,
  type Row,
  type View,
  viewOfChannel,
  windowOf,
} from '@roost/protocol';
import type { ViewPage } from '../domain/index.ts';
import { nameOf } from './channel.ts';
import type { Entry } from './entry.ts';
import type { Feed } from './feed.ts';
import type { Identity, LogReader } from './needs.ts';
import { UnreadTally } from './unread-tally.ts';
import { viewDelta } from './view-delta.ts';

/** A page is read again when its entries left the node's memory in the meantime; more often than this is a fault. */
export const OPENING_MAX_TRIES = 4;

/** Rows of a view exactly as of `cursor`. */
export interface RowsAt {
  readonly cursor: Cursor;
  /** Each as JSON text. */
  readonly rows: readonly string[];
  readonly next: string | null;
  /** Goes on from these rows, for a view that is folded. */
  readonly tally?: UnreadTally;
}

/** The view that somebody sees who may see this much. @throws channel.unknown, filter.invalid */
export function viewFor(access: AccessRow, channel: string, params: Readonly<Record<string, unknown>>): View {
  return viewOfChannel(channel, params, {
    user_id: access.id,
    hidden: access.hidden,
    admin: access.admin,
  });
}

/** Where a reader may go on, or null when only a snapshot helps. */
export async function resumable(feed: Feed, written: string | null | undefined): Promise<Cursor | null> {
  const cursor = written ? parseCursor(written) : null;
  return cursor && (await feed.cover(cursor)) ? cursor : null;
}

/** A page as the store had it at its own offset, not before this node has got there. */
export async function loadPage(
  log: LogReader,
  feed: Feed,
  identity: Identity,
  request: { view: View; params: Readonly<Record<string, unknown>>; before: string | null; limit: number },
): Promise<ViewPage> {
  const { view, params, before, limit } = request;
  const page = await log.rows(identity, { channel: view.channel, params, before, limit });
  await feed.reach(page);
  return page;
}

/**
 * Moves a page on to where this node stands now, so that what is sent joins the deltas after it without a race
 * (rule S3). It goes on reaching down to where it did. Null when the entries in between are no longer at hand, and
 * the page must be read again.
 */
export function bringToNow(feed: Feed, view: View, before: string | null, page: ViewPage): RowsAt | null {
  const { cursor } = feed;
  if (!feed.covers(page)) return null;
  if (page.unread) return tallyToNow(feed, view as View<'conversation'>, before, page);
  const delta = viewDelta(view, feed.entriesAfter(page.offset));
  if (!delta) return { cursor, rows: page.rows, next: page.next };
  const keyOf = view.sortKey as (row: Row) => string;
  const isBelow = (row: Row) => before === null || keyOf(row) < before;
  const rose = delta.updated.filter((row) => !isBelow(row)).map(({ id }) => id);
  const moved = foldDelta(
    windowOf({ rows: page.rows.map((row) => JSON.parse(row) as Row), next: page.next }),
    {
      prev: page.offset,
      offset: cursor.offset,
      added: delta.added.filter(isBelow),
      updated: delta.updated.filter(isBelow),
      deleted: [...delta.deleted, ...rose],
    },
    keyOf,
  );
  return { cursor, rows: moved.rows.map((row) => JSON.stringify(row)), next: page.next };
}

/** The same for a view that is folded; where somebody on this node has it open, its fold says what holds now. */
function tallyToNow(
  feed: Feed,
  view: View<'conversation'>,
  before: string | null,
  page: ViewPage,
): RowsAt | null {
  const entries = feed.entriesAfter(page.offset);
  const tally = feed.tallyOf(view) ?? foldOn(view, page, entries);
  if (!tally) return null;
  const conversations = new Map(
    page.rows.map((text) => {
      const row = JSON.parse(text) as ConversationRow;
      return [row.id, row];
    }),
  );
  for (const { changes } of entries) {
    for (const { kind, id, after } of changes) {
      if (kind !== 'conversation') continue;
      const row = after as ConversationRow | null;
      const isWithin =
        row &&
        (before === null || row.activity < before) &&
        (page.next === null || row.activity >= page.next);
      if (isWithin) conversations.set(id, row);
      else conversations.delete(id);
    }
  }
  const rows = [...conversations.values()]
    .map((row) => tally.rowOf(row))
    .filter((row) => row !== null)
    .sort((one, other) => (one.activity < other.activity ? 1 : -1));
  return { cursor: feed.cursor, rows: rows.map((row) => JSON.stringify(row)), next: page.next, tally };
}

function foldOn(
  view: View<'conversation'>,
  { unread = [] }: ViewPage,
  entries: readonly Entry[],
): UnreadTally | null {
  const userId = view.key.slice(view.key.indexOf(':') + 1);
  const tally = new UnreadTally(userId, view, unread);
  for (const entry of entries) if (tally.fold(entry) === 'unknown') return null;
  return tally;
}

/** Body of a `snapshot` or `page` frame. */
export function rowsText(type: 'snapshot' | 'page', id: string, view: View, at: RowsAt): string {
  const cursor = formatCursor(at.cursor);
  const etag = type === 'snapshot' ? `,"etag":"\\"${cursor}\\""` : '';
  return `{"type":"${type}","id":${JSON.stringify(id)},${nameOf(view)},"cursor":"${cursor}","rows":[${at.rows.join(',')}],"next":${JSON.stringify(at.next)},"has_more":${at.next !== null}${etag}}`;
}
