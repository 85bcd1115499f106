import type { Readable } from 'node:stream';
import type { Secrets } from '../../clock.ts';
import type { ToldTrouble } from '../../whatsapp-trouble.ts';
import type { Exchange, HttpClient } from './exchange.ts';

/** Answers about messages and numbers are a few hundred bytes; a page of templates is the longest. */
const ANSWER_MAX_BYTES = 4 << 20;
/** The largest document there is. */
export const MEDIA_MAX_BYTES = 100 << 20;
const RETRY_AFTER_MAX_MS = 24 * 3_600_000;

/** A number and the key to it. */
export interface Key {
  readonly phone_number_id: string;
  readonly token: string;
}

/** What the API answered, or why there is no answer. */
export type Told =
  | { readonly kind: 'done'; readonly value: unknown }
  | {
      readonly kind: 'refused';
      readonly status: number;
      /** Null where what was answered is no error of the API, such as a page of a proxy in between. */
      readonly trouble: (ToldTrouble & { readonly isTransient: boolean }) | null;
      readonly retry_after_ms: number | null;
    }
  | { readonly kind: 'kept' | 'unanswered'; readonly says: string; readonly cause?: unknown };

export interface Fetched {
  readonly bytes: Buffer;
  readonly content_type: string;
}

/** The Graph API, as far as numbers, messages, media and templates go. */
export class Graph {
  /** @param base  with the version in its path, such as `https://graph.facebook.com/v24.0` */
  constructor(
    private readonly base: string,
    private readonly http: HttpClient,
    private readonly now: () => number,
    private readonly secrets: Secrets,
  ) {}

  get(
    path: string,
    query: Readonly<Record<string, string>>,
    token: string,
    signal: AbortSignal,
  ): Promise<Told> {
    const url = this.url(path);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    return this.ask({ method: 'GET', url, headers: {} }, token, signal);
  }

  post(path: string, value: unknown, token: string, signal: AbortSignal): Promise<Told> {
    const body = Buffer.from(JSON.stringify(value));
    const headers = { 'content-type': 'application/json', 'content-length': String(body.length) };
    return this.ask({ method: 'POST', url: this.url(path), headers, body: [body] }, token, signal);
  }

  /** Uploads a file. @param bytes  read to its end, which is after `size_bytes` */
  upload(
    path: string,
    file: { bytes: Readable; size_bytes: number; filename: string; content_type: string },
    token: string,
    signal: AbortSignal,
  ): Promise<Told> {
    const boundary = `roost-${this.secrets(18).toString('hex')}`;
    const field = (name: string, value: string) =>
      `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
    const head = Buffer.from(
      `${field('messaging_product', 'whatsapp')}${field('type', plain(file.content_type))}` +
        `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${plain(file.filename)}"\r\n` +
        `Content-Type: ${plain(file.content_type)}\r\n\r\n`,
    );
    const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
    const headers = {
      'content-type': `multipart/form-data; boundary=${boundary}`,
      'content-length': String(head.length + file.size_bytes + tail.length),
    };
    const body = [head, file.bytes, tail];
    return this.ask({ method: 'POST', url: this.url(path), headers, body }, token, signal);
  }

  /** Fetches a file from where the API said it is. `kept` for a place that may not have our key. */
  async download(url: string, token: string, signal: AbortSignal): Promise<Told> {
    if (!URL.canParse(url) || !this.mayHaveKey(new URL(url))) {
      return { kind: 'kept', says: 'WhatsApp named a place for the file that is none of its own' };
    }
    const exchange = await this.http.ask(
      {
        method: 'GET',
        url: new URL(url),
        headers: { ...ALWAYS, authorization: `Bearer ${token}` },
        answerMaxBytes: MEDIA_MAX_BYTES,
      },
      signal,
    );
    if (exchange.kind !== 'answered' || exchange.status !== 200) return this.told(exchange);
    const content_type = exchange.headers['content-type'] ?? '';
    return { kind: 'done', value: { bytes: exchange.body, content_type } satisfies Fetched };
  }

  /** Keys are for the platform, whatever an answer says. */
  private mayHaveKey(url: URL): boolean {
    if (url.origin === new URL(this.base).origin) return true;
    return (
      url.protocol === 'https:' &&
      /\.(?:fbsbx\.com|fbcdn\.net|facebook\.com|whatsapp\.net)$/.test(url.hostname)
    );
  }

  private url(path: string): URL {
    return new URL(`${this.base.replace(/\/+$/, '')}/${path}`);
  }

  private async ask(
    asked: Pick<Parameters<HttpClient['ask']>[0], 'method' | 'url' | 'headers' | 'body'>,
    token: string,
    signal: AbortSignal,
  ): Promise<Told> {
    const headers = { ...ALWAYS, ...asked.headers, authorization: `Bearer ${token}` };
    return this.told(await this.http.ask({ ...asked, headers, answerMaxBytes: ANSWER_MAX_BYTES }, signal));
  }

  private told(exchange: Exchange): Told {
    if (exchange.kind !== 'answered') return exchange;
    const value = jsonOf(exchange.body);
    const { status } = exchange;
    if (status >= 200 && status < 300) return { kind: 'done', value };
    return {
      kind: 'refused',
      status,
      trouble: troubleOf(value),
      retry_after_ms: retryAfterMs(exchange.headers['retry-after'], this.now()),
    };
  }
}

const ALWAYS = { 'user-agent': 'Roost', accept: '*/*' };

/** For a header of a part: one line of what may stand in quotes. */
function plain(text: string): string {
  return text.replace(/[\r\n"\\]/g, '_');
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return null;
  }
}

function troubleOf(value: unknown): Extract<Told, { kind: 'refused' }>['trouble'] {
  const error = fieldOf(value, 'error');
  if (error === undefined || error === null || typeof error !== 'object') return null;
  const code = fieldOf(error, 'code');
  return {
    code: typeof code === 'number' ? code : null,
    title: textOf(fieldOf(error, 'message')),
    details: textOf(fieldOf(fieldOf(error, 'error_data'), 'details')),
    isTransient: fieldOf(error, 'is_transient') === true,
  };
}

/** An own field of an object; undefined of anything else. */
export function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Of a `Retry-After`: seconds, or a date. Null for none. */
export function retryAfterMs(written: string | undefined, now: number): number | null {
  if (written === undefined || written === '') return null;
  const ms = /^\d{1,9}$/.test(written) ? Number(written) * 1_000 : Date.parse(written) - now;
  return Number.isFinite(ms) ? Math.min(Math.max(0, ms), RETRY_AFTER_MAX_MS) : null;
}
