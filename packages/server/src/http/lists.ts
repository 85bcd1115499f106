import {
  type Cursor,
  Failure,
  formatCursor,
  formatEtag,
  limits,
  parseCursor,
  parseEtag,
} from '@roost/protocol';
import { listQuery } from '@roost/protocol/schema';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { readInput } from '../commands/index.ts';
import { callerOf } from './caller.ts';
import type { ListSince, Lists } from './needs.ts';

/** Which channel a list shows, for one request. */
export interface Shown {
  readonly channel: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** Told when the list has no row at all, for lists that are one thing. */
  readonly whenEmpty?: Failure;
}

/** Other lists than the inbox have one page and no filter. */
export const ONE_PAGE = { before: null, limit: limits.PAGE_DEFAULT_ROWS } as const;

/**
 * Answers a list (rules E1 to E3): its page; `304` to the ETag it still has, with the newer position as ETag; to
 * `since` the one delta after it. Rows are text from the store to the socket.
 *
 * @throws cursor.malformed, cursor.unknown, and what the channel throws
 */
export async function answerList(
  lists: Lists,
  request: FastifyRequest,
  reply: FastifyReply,
  shown: Shown,
): Promise<FastifyReply> {
  const query = readInput(listQuery, request.query);
  const reader = callerOf(request);
  reply.header('cache-control', 'private, no-cache').header('vary', 'Authorization');
  if (query.since !== undefined) {
    const cursor = parseCursor(query.since);
    if (cursor === null) throw new Failure('cursor.malformed');
    return sendSince(reply, await lists.since(reader, shown.channel, shown.params, cursor));
  }
  const before = query.before ?? null;
  const held = before === null ? heldCursor(request) : null;
  if (held !== null) {
    const since = await lists.since(reader, shown.channel, shown.params, held);
    if (since.kind === 'unchanged') return sendUnchanged(reply, since.cursor);
  }
  const page = await lists.page(reader, shown.channel, shown.params, { before, limit: query.limit });
  if (page.rows.length === 0 && shown.whenEmpty) throw shown.whenEmpty;
  if (before === null) reply.header('etag', formatEtag(page.cursor));
  return sendJson(reply, pageText(page));
}

/** What the client holds, by its If-None-Match; anything that is not one of our ETags matches nothing. */
function heldCursor(request: FastifyRequest): Cursor | null {
  for (const etag of (request.headers['if-none-match'] ?? '').split(',')) {
    const cursor = parseEtag(etag);
    if (cursor !== null) return cursor;
  }
  return null;
}

function sendSince(reply: FastifyReply, since: ListSince): FastifyReply {
  switch (since.kind) {
    case 'unknown':
      throw new Failure('cursor.unknown');
    case 'unchanged':
      return sendUnchanged(reply, since.cursor);
    case 'changed':
      reply.header('etag', formatEtag(since.cursor));
      return sendJson(reply, deltaText(since));
  }
}

/** The list is as the client holds it, and true for a later position than the client knows. */
function sendUnchanged(reply: FastifyReply, cursor: Cursor): FastifyReply {
  return reply.code(304).header('etag', formatEtag(cursor)).send();
}

function sendJson(reply: FastifyReply, text: string): FastifyReply {
  return reply.type('application/json; charset=utf-8').send(text);
}

function pageText({ cursor, rows, next }: Awaited<ReturnType<Lists['page']>>): string {
  return `{"rows":[${rows.join(',')}],"next":${JSON.stringify(next)},"has_more":${next !== null},"cursor":"${formatCursor(cursor)}"}`;
}

function deltaText(delta: ListSince & { kind: 'changed' }): string {
  const { prev, offset, added, updated, deleted, cursor } = delta;
  return `{"prev":${prev},"offset":${offset},"added":[${added.join(',')}],"updated":[${updated.join(',')}],"deleted":${JSON.stringify(deleted)},"cursor":"${formatCursor(cursor)}"}`;
}
