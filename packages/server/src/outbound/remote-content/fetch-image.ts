import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { type AddressRule, judgedLookup, judgeHost, Refused } from '../guard/index.ts';
import type { LookupAll } from '../guard/judged-lookup.ts';
import { type ImageType, imageType } from './image-type.ts';

export const IMAGE_MAX_BYTES = 5_000_000;
const REDIRECTS_MAX = 3;
const URL_MAX_CHARS = 4_096;
/** Elsewhere our request would be a way to knock at doors. */
const PORTS = new Set(['', '80', '443']);

export type Fetched =
  | { readonly kind: 'image'; readonly type: ImageType; readonly bytes: Buffer }
  /** It may not be asked for; a sentence for people. */
  | { readonly kind: 'refused'; readonly says: string }
  /** It could not be had, or is no picture. */
  | { readonly kind: 'failed'; readonly says: string };

/**
 * Fetches a picture from somebody's server, who learns of us no more than that it was fetched: no cookie, no referrer,
 * nothing of whoever looks at it. Every address on the way is judged and the connection goes to the one that was.
 * Never rejects.
 *
 * @param signal  breaks it off
 */
export async function fetchImage(
  rule: AddressRule,
  written: string,
  signal: AbortSignal,
  lookup?: LookupAll,
): Promise<Fetched> {
  let at = written;
  for (let redirects = 0; redirects <= REDIRECTS_MAX; redirects += 1) {
    const url = allowedUrl(rule, at);
    if (typeof url === 'string') return { kind: 'refused', says: url };
    const answer = await ask(rule, url, signal, lookup);
    if (answer.kind !== 'moved') return answer;
    at = URL.canParse(answer.to, url) ? new URL(answer.to, url).href : '';
  }
  return { kind: 'failed', says: 'It was sent on too often.' };
}

/** The address as it is asked for, or why it is not. */
function allowedUrl(rule: AddressRule, written: string): URL | string {
  if (written.length > URL_MAX_CHARS || !URL.canParse(written)) return 'That is not an address.';
  const url = new URL(written);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return 'Only http:// and https:// are fetched.';
  if (url.username !== '' || url.password !== '')
    return 'Addresses with a name or a password are not fetched.';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (!PORTS.has(url.port) && !rule.isNamed(host)) return 'Only the usual ports of the web are asked.';
  url.hash = '';
  return url;
}

type Answer = Fetched | { readonly kind: 'moved'; readonly to: string };

function ask(rule: AddressRule, url: URL, signal: AbortSignal, lookup?: LookupAll): Promise<Answer> {
  const judge = (address: string) => (rule.permits(address) ? null : `The address ${address} is not public.`);
  const refusal = judgeHost(url.hostname, judge);
  if (refusal !== null) return Promise.resolve({ kind: 'refused', says: refusal });
  return new Promise((resolve) => {
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const asked: ClientRequest = send(url, {
      // What is asked for says nothing of who asks; compressed answers could grow without bound.
      headers: { accept: 'image/*', 'accept-encoding': 'identity', 'user-agent': 'Roost' },
      lookup: judgedLookup(judge, lookup),
      agent: false,
      signal,
    });
    asked.once('error', (error) => {
      if (error instanceof Refused) resolve({ kind: 'refused', says: error.message });
      else resolve({ kind: 'failed', says: signal.aborted ? 'It took too long.' : 'Nobody answers there.' });
    });
    asked.once('response', (answer) => void read(answer).then(resolve, () => resolve(CUT_OFF)));
    asked.end();
  });
}
const CUT_OFF: Fetched = { kind: 'failed', says: 'The connection was cut.' };

async function read(answer: IncomingMessage): Promise<Answer> {
  const { statusCode = 0, headers } = answer;
  const drop = (says: string): Fetched => {
    answer.destroy();
    return { kind: 'failed', says };
  };
  if (statusCode >= 300 && statusCode < 400 && headers.location !== undefined) {
    answer.destroy();
    return { kind: 'moved', to: headers.location };
  }
  if (statusCode !== 200) return drop(`The answer was ${statusCode}.`);
  if (Number(headers['content-length'] ?? 0) > IMAGE_MAX_BYTES) return drop('It is too large.');
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of answer as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > IMAGE_MAX_BYTES) return drop('It is too large.');
    pieces.push(piece);
  }
  const bytes = Buffer.concat(pieces);
  const type = imageType(bytes);
  return type === null ? { kind: 'failed', says: 'It is not a picture.' } : { kind: 'image', type, bytes };
}
