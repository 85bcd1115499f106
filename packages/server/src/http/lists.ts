import {
  type Cursor,
  Failure,
  formatCursor,
  formatEtag,
  limits,
  parseCursor,
  parseEtag,
} from '@roost/protocol';
import { listDelta, listPage, listQuery } from '@roost/protocol/schema';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type Permission, readInput } from '../commands/index.ts';
import { callerOf } from './caller.ts';
import type { Caller, ListSince, Lists } from './needs.ts';
import { type Asked, type Route, type RouteSpec, route } from './route.ts';

/** Which channel a list shows, for one request. */
export interface Shown {
  readonly channel: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** Told when the list has no row at all, for lists that are one thing. */
  readonly whenEmpty?: Failure;
}

/** Other lists than the inbox have one page and no filter. */
export const ONE_PAGE = { before: null, limit: limits.PAGE_DEFAULT_ROWS } as const;

/** What every list takes; a list that is filtered adds its own fields. */
const pageQuery = listQuery.omit({ filter: true });
type PageQuery = z.output<typeof pageQuery>;

const HELD = { 'If-None-Match': 'The `ETag` of the page you hold: `304` when it still is as you hold it.' };
const HOW = 'A list: by pages, by `ETag`, or by `since`.';

interface ListSpec<Params extends z.ZodType | undefined, Filters extends z.ZodRawShape>
  extends Pick<
    RouteSpec<Permission, Params>,
    'path' | 'tag' | 'summary' | 'description' | 'may' | 'params' | 'errors'
  > {
  /** Query fields besides those of paging. */
  readonly filters?: Filters;
  readonly row: z.ZodType;
  /** Refuses what the channel would show as empty. */
  admits?(asked: {
    readonly caller: Caller;
    readonly params: Asked<Permission, Params>['params'];
  }): Promise<void>;
  shown(asked: {
    readonly caller: Caller;
    readonly params: Asked<Permission, Params>['params'];
    readonly query: z.output<z.ZodObject<Filters>>;
  }): Shown;
}

/** Declares a list: a channel read by pages, by ETag and by `since`, the same for all of them. */
export function listRoute<
  Params extends z.ZodType | undefined = undefined,
  Filters extends z.ZodRawShape = Record<never, never>,
>(lists: Lists, spec: ListSpec<Params, Filters>): Route {
  const { filters, row, shown, admits, description, ...rest } = spec;
  const rows = z.array(row);
  return route<Permission, Params, z.ZodType, undefined>({
    ...rest,
    method: 'GET',
    description: description === undefined ? HOW : `${description}\n\n${HOW}`,
    query: pageQuery.extend(filters ?? {}),
    headers: HELD,
    answers: {
      200: z.union([listPage.extend({ rows }), listDelta.extend({ added: rows, updated: rows })]),
      304: null,
    },
    errors: [...rest.errors, 'cursor.malformed', 'cursor.unknown'],
    async handle({ caller, params, query, request, reply }) {
      await admits?.({ caller, params });
      const read = query as PageQuery & z.output<z.ZodObject<Filters>>;
      return sendList(lists, caller, read, request, reply, shown({ caller, params, query: read }));
    },
  });
}

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
  return sendList(lists, callerOf(request), readInput(listQuery, request.query), request, reply, shown);
}

async function sendList(
  lists: Lists,
  reader: Caller,
  query: PageQuery,
  request: FastifyRequest,
  reply: FastifyReply,
  shown: Shown,
): Promise<FastifyReply> {
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
