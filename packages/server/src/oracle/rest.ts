import { Failure, type FailureCode } from '@roost/protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { commands, queries } from '../domain/index.ts';
import { authenticated, callerOf } from '../http/caller.ts';
import { answerList, type Shown } from '../http/lists.ts';
import { failureOf, problemOf } from '../http/problem.ts';
import type { Node } from './node.ts';

export interface Answer {
  readonly status: number;
  readonly etag: string | null;
  readonly text: string;
}

/** A node's REST edge as far as the client uses it: the real list routes, without the web framework around them. */
export async function answerRest(node: Node, path: string, init: RequestInit): Promise<Answer> {
  const url = new URL(path, 'http://oracle');
  const headers = new Headers(init.headers);
  const request = {
    query: Object.fromEntries(url.searchParams),
    headers: Object.fromEntries(headers),
    caller: null,
  } as unknown as FastifyRequest;
  const reply = new Reply();
  try {
    if (url.pathname === '/api/v1/me/read') await markRead(node, request, reply, String(init.body));
    else await list(node, request, reply, url.pathname);
  } catch (error) {
    const problem = problemOf(failureOf(error), null);
    return { status: problem.status, etag: null, text: JSON.stringify(problem) };
  }
  return reply;
}

async function list(node: Node, request: FastifyRequest, reply: Reply, path: string): Promise<void> {
  await authenticated(node.access, queries.readView.may)(request);
  await answerList(
    node.hub,
    request,
    reply as unknown as FastifyReply,
    shown(path, request.query as Record<string, string>),
  );
}

/** Lists that are one thing, or belong to one, by the place of its id in their path. */
const OF_ONE: readonly (readonly [path: RegExp, channel: string, whenEmpty: FailureCode | null])[] = [
  [/^messages\/([^/]+)$/, 'message', 'message.unknown'],
  [/^conversations\/([^/]+)$/, 'conversation', 'conversation.unknown'],
  [/^conversations\/([^/]+)\/messages$/, 'thread', null],
  [/^conversations\/([^/]+)\/reads$/, 'reads', null],
];
const NAMED = [
  'inbox',
  'me',
  'conversations',
  'unread',
  'direct',
  'members',
  'inboxes',
  'labels',
  'contacts',
];

/** What a path and its query show. @throws route.unknown */
export function shown(path: string, query: Readonly<Record<string, string>>): Shown {
  const place = path.slice('/api/v1/'.length);
  for (const [pattern, word, whenEmpty] of OF_ONE) {
    const id = pattern.exec(place)?.[1];
    if (id === undefined) continue;
    const channel = `${word}:${decodeURIComponent(id)}`;
    return { channel, params: {}, ...(whenEmpty && { whenEmpty: new Failure(whenEmpty) }) };
  }
  if (!NAMED.includes(place)) throw new Failure('route.unknown');
  const { since: _, before: __, limit: ___, ...params } = query;
  return { channel: place, params };
}

async function markRead(node: Node, request: FastifyRequest, reply: Reply, body: string): Promise<void> {
  await authenticated(node.access, commands.markRead.may)(request);
  const { org, user_id, actor } = callerOf(request);
  const { up_to } = JSON.parse(body) as { up_to: number };
  const { offset } = await node.bus.execute(commands.markRead, { org, actor, input: { user_id, up_to } });
  reply.send(JSON.stringify({ offset }));
}

/** What the routes use of an answer. */
class Reply implements Answer {
  status = 200;
  etag: string | null = null;
  text = '';

  header(name: string, value: string): this {
    if (name === 'etag') this.etag = value;
    return this;
  }

  code(status: number): this {
    this.status = status;
    return this;
  }

  type(): this {
    return this;
  }

  send(text = ''): this {
    this.text = text;
    return this;
  }
}
