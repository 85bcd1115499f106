import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { Histogram } from './fallback-histogram.mjs';
import { stamp } from './fallback-stamp.mjs';

const TEXT =
  'Good morning, the delivery of last week has not arrived yet, and the tracking page shows no movement since ' +
  'Tuesday. Could you have a look and tell us when we may expect it? Kind regards, Ann Lee';

/** Posts messages over kept-alive connections, one request at a time on each. */
export class FallbackPublisher {
  #port;
  #path;
  #headers;
  #agent = new Agent({ keepAlive: true });

  /**
   * @param {number} port
   * @param {string} path
   * @param {string} token
   */
  constructor(port, path, token) {
    this.#port = port;
    this.#path = path;
    /** @type {Record<string, string>} */
    this.#headers = token ? { authorization: `Bearer ${token}` } : {};
  }

  /** @param {{connections: number, requests: number, batch: number, perSecond: number}} plan */
  async publish({ connections, requests, batch, perSecond }) {
    const answers = new Histogram();
    const startedAt = performance.now();
    let next = 0;
    let refused = 0;
    let refusal = 0;
    const work = async () => {
      while (next < requests) {
        const planned = perSecond > 0 ? startedAt + (next * 1000) / perSecond : performance.now();
        next += 1;
        if (planned > performance.now()) await sleep(planned - performance.now());
        const { status } = await this.#send('POST', this.#path, {}, bodyOf(batch, planned));
        answers.add(performance.now() - planned);
        if (status >= 400) {
          refused += 1;
          refusal ||= status;
        }
      }
    };
    await Promise.all(Array.from({ length: connections }, work));
    return { refused, refusal, answered_ms: performance.now() - startedAt, answers };
  }

  /**
   * @param {number} count
   * @param {string} path
   * @param {string} etag
   */
  async get(count, path, etag) {
    const answers = new Histogram();
    let last = { status: 0, bytes: 0, etag: '' };
    for (let i = 0; i < count; i += 1) {
      const startedAt = performance.now();
      last = await this.#send('GET', path, etag ? { 'if-none-match': etag } : {}, '');
      answers.add(performance.now() - startedAt);
    }
    return { ...last, answers };
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {Record<string, string>} headers
   * @param {string} body
   * @returns {Promise<{status: number, bytes: number, etag: string}>}
   */
  #send(method, path, headers, body) {
    return new Promise((resolve, reject) => {
      const content = body ? { 'content-type': 'application/json', 'content-length': `${body.length}` } : {};
      const sent = request(
        {
          host: '127.0.0.1',
          port: this.#port,
          agent: this.#agent,
          method,
          path,
          headers: { ...this.#headers, ...headers, ...content },
        },
        (response) => {
          let bytes = 0;
          response.on('data', (chunk) => {
            bytes += chunk.length;
          });
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, bytes, etag: response.headers.etag ?? '' }),
          );
        },
      );
      sent.on('error', reject);
      sent.end(body);
    });
  }
}

/**
 * @param {number} batch
 * @param {number} planned
 */
function bodyOf(batch, planned) {
  const message = {
    to: 'bench@localhost',
    from: 'Ann Lee <ann@example.test>',
    subject: `${stamp(planned)} where is our order`,
    text: TEXT,
  };
  return JSON.stringify(batch === 1 ? message : { messages: Array(batch).fill(message) });
}
