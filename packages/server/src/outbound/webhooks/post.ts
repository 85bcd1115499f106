import {
  type ClientRequest,
  request as httpRequest,
  type IncomingMessage,
  type RequestOptions,
} from 'node:http';
import { request as httpsRequest } from 'node:https';
import { type AddressRule, judgedLookup, judgeHost, Refused } from '../guard/index.ts';

/** What an answer may hold; past this the receiver is hung up on. Its status counts all the same. */
const ANSWER_MAX_BYTES = 64 * 1024;
/** Of what it said, this much is shown to people. */
const SAYS_MAX_CHARS = 300;

export interface Post {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Breaks it off. */
  readonly signal: AbortSignal;
}

export type Posted =
  | {
      readonly kind: 'answered';
      readonly status: number;
      /** The header Retry-After as it came. */
      readonly retryAfter: string | null;
      readonly says: string;
    }
  /** No answer came, or it may not be asked there; a sentence for people. */
  | { readonly kind: 'unanswered'; readonly says: string };

/**
 * Posts once. Redirects are not followed, and the address that is connected to is the one that was judged: a name
 * that leads somewhere else a moment later leads nowhere. Never rejects.
 */
export function post(rule: AddressRule, { url, headers, body, signal }: Post): Promise<Posted> {
  return new Promise((resolve) => {
    const to = new URL(url);
    const isEncrypted = to.protocol === 'https:';
    const judge = (address: string): string | null => judgement(rule, address, isEncrypted);
    const refusal = judgeHost(to.hostname, judge);
    if (refusal !== null) return resolve({ kind: 'unanswered', says: refusal });
    const options: RequestOptions = {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      lookup: judgedLookup(judge),
      // A connection kept for later may be closed by the other side in the instant in which we use it.
      agent: false,
      signal,
    };
    const asked: ClientRequest = isEncrypted ? httpsRequest(to, options) : httpRequest(to, options);
    asked.once('error', (error) =>
      resolve({ kind: 'unanswered', says: signal.aborted ? 'No answer came in time.' : wordsOf(error) }),
    );
    asked.once('response', (answer) => {
      void readText(answer).then((text) =>
        resolve({
          kind: 'answered',
          status: answer.statusCode ?? 0,
          retryAfter: answer.headers['retry-after'] ?? null,
          says: text.replace(/\s+/g, ' ').trim().slice(0, SAYS_MAX_CHARS),
        }),
      );
    });
    asked.end(body);
  });
}

/** Why it may not be asked there; null where it may. */
function judgement(rule: AddressRule, address: string, isEncrypted: boolean): string | null {
  if (!rule.permits(address))
    return `The address ${address} is not public. ROOST_WEBHOOK_ALLOW_PRIVATE names those that may be reached all the same.`;
  if (!isEncrypted && !rule.isNamed(address)) return 'Without encryption it is not sent: use https://.';
  return null;
}

/** What the answer says, as far as anybody wants to know. Ends also when it is broken off. */
function readText(answer: IncomingMessage): Promise<string> {
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    let bytes = 0;
    answer.on('data', (part: Buffer) => {
      bytes += part.length;
      if (bytes <= ANSWER_MAX_BYTES) parts.push(part);
      else answer.destroy();
    });
    answer.once('close', () => resolve(Buffer.concat(parts).toString('utf8')));
    answer.once('error', () => {});
  });
}

const KNOWN: Readonly<Record<string, string>> = {
  ENOTFOUND: 'There is no such host.',
  EAI_AGAIN: 'The name of the host could not be looked up.',
  ECONNREFUSED: 'Nobody listens there.',
  ECONNRESET: 'The connection was cut.',
  ETIMEDOUT: 'Nobody answers there.',
  EHOSTUNREACH: 'There is no way to the host.',
  ENETUNREACH: 'There is no way to the host.',
  EPIPE: 'The connection was cut.',
  CERT_HAS_EXPIRED: 'The certificate of the host has expired.',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'The certificate of the host is self-signed.',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'The certificate of the host cannot be verified.',
  ERR_TLS_CERT_ALTNAME_INVALID: 'The certificate belongs to another host.',
};

function wordsOf(error: Error & { code?: string }): string {
  if (error instanceof Refused) return error.message;
  return KNOWN[error.code ?? ''] ?? `It could not be sent: ${error.message.slice(0, SAYS_MAX_CHARS)}.`;
}
