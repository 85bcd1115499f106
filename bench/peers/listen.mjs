import { createServer } from 'node:http';

/** Many connect at once after a cut; what does not fit waits for a second before it tries again. */
const BACKLOG = 4096;

/**
 * The part the peers share: `POST /publish` hands over one message or `{messages: [...]}`, `GET /healthz` answers ok.
 * Prints the port it took, which is how the bench learns of it.
 *
 * @param {(messages: {subject: string, from: string, text: string}[]) => void | Promise<void>} publish  answered
 *   once this has returned, or resolved
 * @param {(request: import('node:http').IncomingMessage) => {status: number, body: string, etag?: string} | null} [answer]
 */
export function listen(publish, answer = () => null) {
  const server = createServer((request, response) => {
    if (request.method === 'POST') {
      takeBody(request, async (body) => {
        const posted = JSON.parse(body);
        await publish(posted.messages ?? [posted]);
        say(response, 200, '{"ok":true}');
      });
      return;
    }
    const { status, body, etag } = answer(request) ?? { status: 200, body: '{"ok":true}' };
    say(response, status, body, etag);
  });
  server.keepAliveTimeout = 120_000;
  server.listen({ port: 0, host: '127.0.0.1', backlog: BACKLOG }, () => {
    const address = server.address();
    if (typeof address === 'object' && address) console.log(`listening ${address.port}`);
  });
  process.on('SIGTERM', () => process.exit(0));
  return server;
}

/**
 * @param {import('node:http').ServerResponse} response
 * @param {number} status
 * @param {string} body
 * @param {string} [etag]
 */
function say(response, status, body, etag) {
  response.writeHead(status, {
    'Content-Type': 'application/json',
    ...(status === 304 ? {} : { 'Content-Length': Buffer.byteLength(body) }),
    ...(etag ? { ETag: etag } : {}),
  });
  response.end(status === 304 ? undefined : body);
}

/**
 * @param {import('node:http').IncomingMessage} request
 * @param {(body: string) => void} done
 */
function takeBody(request, done) {
  /** @type {Buffer[]} */
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => done(Buffer.concat(chunks).toString()));
}
