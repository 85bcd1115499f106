/**
 * The load client where there is no C compiler: the same commands and answers as main.c, over raw sockets. It takes
 * several times the processor time of the one in C, so its figures show the client sooner than the server.
 *
 *   node fallback.mjs roost|ws|socket.io PORT PUBLISH_PATH
 */
import { createInterface } from 'node:readline';
import { FallbackPublisher } from './fallback-publisher.mjs';
import { FallbackReaders } from './fallback-readers.mjs';

const [dialect = '', port = '', publishPath = ''] = process.argv.slice(2);
const token = process.env.LOAD_TOKEN ?? '';
/** Without one more answer or row for so long, nothing more will come. */
const QUIET_MS = 5_000;

const readers = new FallbackReaders(dialect, Number(port), token);
const publisher = new FallbackPublisher(Number(port), publishPath, token);

/** @type {Record<string, (...words: string[]) => Promise<object>>} */
const commands = {
  open: (count, inFlight) => opened(() => readers.open(Number(count), Number(inFlight))),
  back: (how) => opened(() => readers.back(how === 'resume')),
  async cut() {
    readers.cut();
    return {};
  },
  async publish(connections, requests, batch, perSecond) {
    const plan = {
      connections: Number(connections),
      requests: Number(requests),
      batch: Number(batch),
      perSecond: Number(perSecond),
    };
    const messages = plan.requests * plan.batch;
    const expected_rows = messages * readers.live;
    readers.clear();
    const startedAt = performance.now();
    const published = await publisher.publish(plan);
    const endedAt = await whenAllCame(expected_rows);
    return { messages, ...published, delivered_ms: endedAt - startedAt, expected_rows, ...readers.tally() };
  },
  get: (count, path = '', etag = '') => publisher.get(Number(count), path, etag),
};

for await (const line of createInterface({ input: process.stdin })) {
  const [name = '', ...words] = line.trim().split(' ');
  const command = commands[name];
  console.log(JSON.stringify(command ? await command(...words) : { error: 'unknown command' }));
}
process.exit(0);

/** @param {() => Promise<void>} open */
async function opened(open) {
  readers.clear();
  const startedAt = performance.now();
  await open();
  return { ms: performance.now() - startedAt, ...readers.tally() };
}

/**
 * Until every row is with every reader, or none has come for a while.
 *
 * @param {number} expected
 */
async function whenAllCame(expected) {
  while (readers.rows < expected && performance.now() - readers.lastRowAt < QUIET_MS) {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return readers.rows > 0 ? readers.lastRowAt : performance.now();
}
