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
import { reconnectDelayMs } from './backoff.ts';
import { ClientError, type ClientErrorCode, isOfTransport, late, lost, malformed } from './client-error.ts';
import type { Clock, Random } from './clock.ts';
import { withDeadline } from './deadline.ts';
import type { Letter, Taken } from './outbox.ts';
import { parseList } from './parse.ts';
import type { Timing } from './timing.ts';
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
  readonly random: Random;
  readonly timing: Timing;
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** How often a request is sent that may be sent again, when no answer comes. */
const TRIES_MAX = 3;

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

  async read(upTo: number, conversationId?: string): Promise<{ offset: number }> {
    const path = conversationId === undefined ? '/me/read' : conversationPath(conversationId, 'read');
    return { offset: offsetIn(await this.write('POST', path, { up_to: upTo }, this.newKey())) };
  }

  async say({ id, conversationId, draft }: Letter): Promise<Taken> {
    const body = await this.write('POST', conversationPath(conversationId, 'messages'), draft, id);
    const message_id = fieldOf(body, 'message_id');
    return { offset: offsetIn(body), message_id: typeof message_id === 'string' ? message_id : null };
  }

  /**
   * Anything that the API offers. What may be sent again is, when no answer comes.
   *
   * @returns what was answered; null where that is nothing
   */
  async ask(method: Method, path: string, body: unknown, isIdempotent: boolean): Promise<unknown> {
    const { clock, random, timing } = this.needs;
    const key = isIdempotent && method !== 'GET' ? this.newKey() : undefined;
    const triesMax = isIdempotent || method === 'GET' ? TRIES_MAX : 1;
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.write(method, path, body, key);
      } catch (error) {
        if (tries === triesMax || !isOfTransport(error as ClientError)) throw error;
      }
      const delayMs = reconnectDelayMs(tries, random, timing);
      await new Promise<void>((resolve) => void clock.after(delayMs, resolve));
    }
  }

  private async write(method: Method, path: string, body: unknown, key?: string): Promise<unknown> {
    const isText = body !== undefined && !(body instanceof Blob) && !(body instanceof FormData);
    const headers = {
      ...(isText && { 'Content-Type': 'application/json' }),
      ...(key !== undefined && { 'Idempotency-Key': key }),
    };
    const sent = isText ? JSON.stringify(body) : (body as BodyInit | undefined);
    return (await this.request(path, { method, headers, ...(sent !== undefined && { body: sent }) })).body;
  }

  private newKey(): string {
    const draw = () => Math.floor(this.needs.random() * 2 ** 52).toString(36);
    return `w.${draw()}.${draw()}`;
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
    const { fetch, baseUrl, clock, timing } = this.needs;
    const abort = new AbortController();
    const work = async () => {
      const response = await fetch(`${baseUrl}/api/v1${path}`, { ...init, signal: abort.signal });
      const { status } = response;
      const body = status === 304 ? null : await response.json().catch(() => null);
      return { status, etag: response.headers.get('ETag'), body };
    };
    return withDeadline(clock, timing.answerDeadlineMs, work(), () => {
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
  const id = channel.slice(colon + 1);
  const part = ofConversation[word];
  return part === undefined ? `/${word}s/${encodeURIComponent(id)}` : conversationPath(id, part);
}

function conversationPath(id: string, part: string): string {
  return `/conversations/${encodeURIComponent(id)}/${part}`;
}

function offsetIn(body: unknown): number {
  const offset = fieldOf(body, 'offset');
  if (typeof offset !== 'number') throw malformed();
  return offset;
}

const ofConversation: TextParams = { thread: 'messages', reads: 'reads' };

/** The server's own code and sentence (RFC 9457), or, where something in between answered, what the status says. */
function asFailure({ status, body }: Answer): ClientError {
  const code = fieldOf(body, 'code');
  const remedy = remedies.find((each) => each === fieldOf(body, 'remedy')) ?? remedyOf(status);
  if (typeof code === 'string')
    return new ClientError(code as ClientErrorCode, remedy, String(fieldOf(body, 'detail') ?? code), {
      about: fieldOf(body, 'about'),
    });
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
