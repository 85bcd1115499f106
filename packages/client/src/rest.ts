import {
  type Cursor,
  formatCursor,
  formatEtag,
  type ListDelta,
  type ListPage,
  parseCursor,
  parseEtag,
  type Remedy,
} from '@roost/protocol';
import { ClientError, type ClientErrorCode, late, lost, malformed } from './client-error.ts';
import type { Clock } from './clock.ts';
import { withDeadline } from './deadline.ts';
import { parseList } from './parse.ts';
import type { TokenKeeper } from './token.ts';

/** Parameters that select a part of a channel; only those that say something. */
export type TextParams = Readonly<Record<string, string>>;

/** What a list is asked for by: its channel, and what of it. */
export interface ListName {
  readonly channel: string;
  readonly params: TextParams;
}

export type ListAnswer =
  | { readonly kind: 'page'; readonly page: ListPage }
  | { readonly kind: 'delta'; readonly delta: ListDelta }
  /** Nothing in the list changed up to `cursor`. */
  | { readonly kind: 'same'; readonly cursor: Cursor };

interface Needs {
  readonly baseUrl: string;
  readonly fetch: typeof globalThis.fetch;
  readonly tokens: TokenKeeper;
  readonly clock: Clock;
  readonly deadlineMs: number;
}

/**
 * The lists over plain HTTP, for where sockets do not pass. Every call may fail with a {@link ClientError}; one with
 * the remedy `sign-in` only after a fresh token was refused too.
 */
export class Rest {
  constructor(private readonly needs: Needs) {}

  /** The list's top, `limit` rows. */
  top(list: ListName, limit: number): Promise<ListAnswer> {
    return this.list(list, { limit: String(limit) });
  }

  /** The `limit` rows below `before`. */
  async below(list: ListName, before: string, limit: number): Promise<ListPage> {
    const answer = await this.list(list, { before, limit: String(limit) });
    if (answer.kind !== 'page') throw malformed();
    return answer.page;
  }

  /** What changed after `cursor`. @throws cursor.unknown  ask for the top */
  since(list: ListName, cursor: Cursor): Promise<ListAnswer> {
    return this.list(list, { since: formatCursor(cursor) }, { 'If-None-Match': formatEtag(cursor) });
  }

  async read(upTo: number): Promise<{ offset: number }> {
    const response = await this.request('/me/read', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ up_to: upTo }),
    });
    const offset = fieldOf(response.body, 'offset');
    if (typeof offset !== 'number') throw malformed();
    return { offset };
  }

  private async list(
    { channel, params }: ListName,
    query: Record<string, string>,
    headers: Record<string, string> = {},
  ): Promise<ListAnswer> {
    const search = new URLSearchParams({ ...params, ...query });
    const { status, etag, body } = await this.request(`${pathOf(channel)}?${search}`, { headers });
    if (status === 304) {
      const cursor = parseEtag(etag ?? headers['If-None-Match'] ?? '');
      if (cursor === null) throw malformed();
      return { kind: 'same', cursor };
    }
    const answer = parseList(body);
    if (answer === null || parseCursor(answer.cursor) === null) throw malformed();
    return 'rows' in answer ? { kind: 'page', page: answer } : { kind: 'delta', delta: answer };
  }

  /** With the token in use, and once more with a fresh one if the server refuses that. */
  private async request(path: string, init: RequestInit): Promise<Answer> {
    const { tokens } = this.needs;
    for (;;) {
      const token = await tokens.get();
      const headers = { ...init.headers, Authorization: `Bearer ${token.text}` };
      // Never from the browser's own cache: it would answer for a server that has moved on.
      const answer = await this.send(path, { ...init, headers, cache: 'no-store' });
      if (answer.status === 401 && tokens.refused(token)) continue;
      if (answer.status >= 400) throw asFailure(answer);
      tokens.accepted();
      return answer;
    }
  }

  private send(path: string, init: RequestInit): Promise<Answer> {
    const { fetch, baseUrl, clock, deadlineMs } = this.needs;
    const abort = new AbortController();
    const work = async () => {
      const response = await fetch(`${baseUrl}/api/v1${path}`, { ...init, signal: abort.signal });
      const { status } = response;
      const body = status === 304 ? null : await response.json().catch(() => null);
      return { status, etag: response.headers.get('ETag'), body };
    };
    return withDeadline(clock, deadlineMs, work(), () => {
      abort.abort();
      return late();
    }).catch((error: unknown) => {
      if (error instanceof ClientError) throw error;
      throw lost('The server cannot be reached.', error);
    });
  }
}

interface Answer {
  readonly status: number;
  readonly etag: string | null;
  readonly body: unknown;
}

/** Where a channel is served: `/canned-replies`, `/conversations/<id>`, `/conversations/<id>/messages`. */
function pathOf(channel: string): string {
  const colon = channel.indexOf(':');
  if (colon === -1) return `/${channel.replace('_', '-')}`;
  const word = channel.slice(0, colon);
  const id = encodeURIComponent(channel.slice(colon + 1));
  const part = ofConversation[word];
  return part === undefined ? `/${word}s/${id}` : `/conversations/${id}/${part}`;
}

const ofConversation: TextParams = { thread: 'messages', reads: 'reads' };

/** The server's own code and sentence (RFC 9457), or, where something in between answered, what the status says. */
function asFailure({ status, body }: Answer): ClientError {
  const code = fieldOf(body, 'code');
  const remedy = remedies.find((each) => each === fieldOf(body, 'remedy')) ?? remedyOf(status);
  if (typeof code === 'string')
    return new ClientError(code as ClientErrorCode, remedy, String(fieldOf(body, 'detail') ?? code));
  if (remedy === 'retry') return lost(`The server cannot answer now (${status}).`);
  if (remedy === 'sign-in') return new ClientError('token.invalid', remedy, 'Sign in to go on.');
  return new ClientError('route.unknown', remedy, `The server does not offer this (${status}).`);
}

const remedies: readonly Remedy[] = ['retry', 'sign-in', 'resync', 'correct', 'give-up'];

function remedyOf(status: number): Remedy {
  if (status === 401) return 'sign-in';
  return status >= 500 || status === 429 || status === 408 ? 'retry' : 'give-up';
}

function fieldOf(body: unknown, name: string): unknown {
  return (body as Record<string, unknown> | null)?.[name];
}
