import http, { type ClientRequest, type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { Readable } from 'node:stream';
import type { Clock } from '../../clock.ts';

/** Requests at the same time to one host; more wait for a connection. */
const CONNECTIONS_MAX = 32;
/** Below what servers wait for the next request, so that the end of a connection comes from us. */
const IDLE_MS = 4_000;
const CONNECT_MAX_MS = 15_000;
/** The other side, or the way to it, may say nothing for so long. */
const SILENCE_MAX_MS = 60_000;

export interface Asked {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Bytes in their order; their length is said in `content-length`. */
  readonly body?: readonly (Uint8Array | Readable)[];
  /** A longer answer is none. */
  readonly answerMaxBytes: number;
}

/** What became of one HTTP request. */
export type Exchange =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly headers: http.IncomingHttpHeaders;
      readonly body: Buffer;
    }
  /** The other side cannot have had all of the request, so it cannot have done what was asked. */
  | { readonly kind: 'kept'; readonly says: string; readonly cause: unknown }
  /** It had all of it, and nobody knows what it did. */
  | { readonly kind: 'unanswered'; readonly says: string };

/**
 * Speaks HTTP to one service, with few connections that are kept for a short while. Redirects are not followed: none
 * is expected, and our key would go with us.
 */
export class HttpClient {
  private readonly agents = {
    http: new http.Agent({ keepAlive: true, maxSockets: CONNECTIONS_MAX, timeout: IDLE_MS }),
    https: new https.Agent({ keepAlive: true, maxSockets: CONNECTIONS_MAX, timeout: IDLE_MS }),
  };

  constructor(private readonly clock: Pick<Clock, 'after'>) {}

  close(): void {
    this.agents.http.destroy();
    this.agents.https.destroy();
  }

  /** Never throws; resolves soon after `signal` aborts. */
  ask(asked: Asked, signal: AbortSignal): Promise<Exchange> {
    const { method, url, headers } = asked;
    const isPlain = url.protocol === 'http:';
    const agent = isPlain ? this.agents.http : this.agents.https;
    return new Promise((resolve) => {
      let isHandedOver = false;
      let cancelConnect = () => {};
      let request: ClientRequest;
      const done = (exchange: Exchange) => {
        cancelConnect();
        signal.removeEventListener('abort', abort);
        resolve(exchange);
      };
      const fail = (says: string, cause: unknown) => {
        request?.destroy();
        done(isHandedOver ? { kind: 'unanswered', says } : { kind: 'kept', says, cause });
      };
      const abort = () => fail('It took too long', signal.reason);
      if (signal.aborted) return resolve({ kind: 'kept', says: 'It took too long', cause: signal.reason });
      signal.addEventListener('abort', abort);

      request = (isPlain ? http : https).request(url, { method, headers, agent });
      request.on('error', (error) => fail(troubleInWords(error), error));
      request.on('finish', () => {
        isHandedOver = true;
      });
      request.on('socket', (socket) => {
        if (!socket.connecting) return;
        const stop = this.clock.after(CONNECT_MAX_MS, () => fail('Nothing answers there', null));
        cancelConnect = stop;
        socket.once(isPlain ? 'connect' : 'secureConnect', stop);
      });
      request.setTimeout(SILENCE_MAX_MS, () => fail('It did not answer in time', null));
      request.on('response', (response) => {
        readAll(response, asked.answerMaxBytes).then(
          (body) =>
            done({ kind: 'answered', status: response.statusCode ?? 0, headers: response.headers, body }),
          (error) => {
            // Only what we wanted to hear is missing, not what the other side was to do.
            isHandedOver = true;
            fail(error instanceof TooLong ? error.message : 'The connection ended in the answer', error);
          },
        );
      });
      writeAll(request, asked.body ?? []).catch((error) =>
        fail('What was to be sent could not be read', error),
      );
    });
  }
}

/** Ends the request only once all of it was written: what is cut off has a wrong length, and is refused. */
async function writeAll(request: ClientRequest, body: readonly (Uint8Array | Readable)[]): Promise<void> {
  for (const piece of body) {
    if (piece instanceof Uint8Array) {
      await write(request, piece);
      continue;
    }
    for await (const chunk of piece) await write(request, chunk as Uint8Array);
  }
  if (!request.destroyed) request.end();
}

async function write(request: ClientRequest, bytes: Uint8Array): Promise<void> {
  if (request.destroyed || request.write(bytes)) return;
  await new Promise<void>((resume) => {
    const go = () => {
      request.off('drain', go).off('close', go);
      resume();
    };
    request.on('drain', go).on('close', go);
  });
}

class TooLong extends Error {}

async function readAll(response: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response) {
    length += (chunk as Buffer).length;
    if (length > maxBytes) throw new TooLong('The answer was longer than it may be');
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

/** Without a full stop. */
function troubleInWords(error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case 'ECONNREFUSED':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ETIMEDOUT':
      return 'Nothing answers there';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'Its name could not be found';
    case 'ECONNRESET':
    case 'EPIPE':
      return 'The connection was cut';
    default:
      return /^(?:ERR_TLS|CERT_|DEPTH_|SELF_|UNABLE_|ERR_SSL|EPROTO)/.test(error.code ?? '')
        ? 'No encrypted connection could be made'
        : 'The connection failed';
  }
}
