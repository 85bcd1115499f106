import { createRemoteJWKSet, customFetch, type RemoteJWKSet } from 'jose';
import { LRUCache } from 'lru-cache';

const FETCH_TIMEOUT_MS = 5_000;
/** Keys are believed for so long; one that is missing is looked for again at most so often. */
const KEYS_FRESH_MS = 10 * 60_000;
const KEYS_COOLDOWN_MS = 30_000;
/** Hundreds of keys; more is not a key set. */
const ANSWER_MAX_BYTES = 256 * 1024;
/** Hosts whose keys are kept at hand. */
const HOSTS_MAX = 100;

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/**
 * Public keys of host applications (JWKS, RFC 7517), fetched from where the server's own administrator says and from
 * nowhere else: what a token names is not looked at, redirects are not followed, and an answer has a bound.
 */
export class HostKeys {
  private readonly sets = new LRUCache<string, RemoteJWKSet>({ max: HOSTS_MAX });

  constructor(private readonly fetch: Fetch = globalThis.fetch) {}

  of(url: string): RemoteJWKSet {
    let set = this.sets.get(url);
    if (!set) {
      set = createRemoteJWKSet(new URL(url), {
        timeoutDuration: FETCH_TIMEOUT_MS,
        cacheMaxAge: KEYS_FRESH_MS,
        cooldownDuration: KEYS_COOLDOWN_MS,
        [customFetch]: (asked, init) => this.get(asked, init),
      });
      this.sets.set(url, set);
    }
    return set;
  }

  private async get(url: string, init: RequestInit): Promise<Response> {
    const answer = await this.fetch(url, { ...init, redirect: 'error' });
    return new Response(await boundedText(answer), { status: answer.status });
  }
}

async function boundedText(answer: Response): Promise<string> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of answer.body ?? []) {
    bytes += piece.byteLength;
    if (bytes > ANSWER_MAX_BYTES) throw new Error('The answer is too large to be a set of keys');
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}
