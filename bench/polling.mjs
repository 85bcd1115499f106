import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atMost, figure } from './kit/figure.mjs';
import { fill } from './kit/fill.mjs';
import { Load } from './kit/load.mjs';
import { median } from './kit/numbers.mjs';
import { Samples } from './kit/samples.mjs';
import { startPeer, startRoost } from './kit/servers.mjs';

const REQUESTS = 2_000;
const PEER = 'page and its hash';
/** Round trips differ by this much from run to run; a growth is told only above it. */
const RESOLUTION_MS = 0.05;
const NOTE = `median round trip on one kept-alive connection, less that of /healthz in the same run; growth is told above ${RESOLUTION_MS} ms`;

/**
 * Unchanged poll and first page, by how many messages are stored.
 *
 * @param {import('./kit/figure.mjs').Options} options
 * @returns {Promise<import('./kit/figure.mjs').Figure[]>}
 */
export async function polling({ runs, quick }) {
  const sizes = quick ? [1_000, 100_000] : [1_000, 100_000, 1_000_000];
  const samples = new Samples();
  const stores = [];
  try {
    for (const size of sizes) stores.push(await openStore(size));
    for (let run = -1; run < runs; run += 1) {
      for (const store of stores) {
        const times = await measure(store);
        if (run < 0) continue; // warms up
        for (const [name, what, ms] of times) samples.add(name, `${what} ${store.size}`, ms);
      }
    }
  } finally {
    for (const store of stores) await store.close();
  }
  return [
    ...figures('unchanged poll (304)', 'unchanged', 0.5),
    ...figures('first page of 200 rows', 'page', 1),
  ];

  /**
   * @param {string} name
   * @param {string} what
   * @param {number} limit  ms
   */
  function figures(name, what, limit) {
    const least = samples.of('roost', `${what} ${sizes[0]}`); // of the smallest store
    return sizes.map((size) => {
      const ours = samples.of('roost', `${what} ${size}`);
      const growth = Math.max(RESOLUTION_MS, median(ours)) / Math.max(RESOLUTION_MS, median(least));
      const targets = [
        atMost(`<= ${limit} ms`, median(ours), limit, 'see the bottleneck of the route in a profile'),
      ];
      if (size === sizes.at(-1))
        targets.push(atMost(`<= 1.5 x that of ${sizes[0]}`, growth, 1.5, 'it grows with the number stored'));
      return figure(
        `${name}, ${size.toLocaleString('en-US')} stored`,
        'ms',
        ours,
        samples.beside([PEER], `${what} ${size}`),
        { targets, note: NOTE },
      );
    });
  }
}

/**
 * Roost and the peer on a store of `size` messages.
 *
 * @param {number} size
 */
async function openStore(size) {
  const data = mkdtempSync(join(tmpdir(), 'roost-bench-'));
  /** @type {(() => Promise<void>)[]} */
  const closers = [async () => rmSync(data, { recursive: true, force: true })];
  const close = async () => {
    for (const closer of closers.reverse()) await closer();
  };
  try {
    await founded(data);
    fill(data, size);
    const server = await startRoost({ data });
    closers.push(server.stop);
    const roost = new Load('roost', server);
    closers.push(() => roost.stop());
    const bare = await startPeer('list-sqlite', { PEER_DATABASE: join(data, 'roost.db') });
    closers.push(bare.stop);
    const peer = new Load('ws', bare);
    closers.push(() => peer.stop());
    return { size, roost, peer, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * The first messages are the server's own work; the copies are made of them.
 *
 * @param {string} data
 */
async function founded(data) {
  const server = await startRoost({ data });
  const load = new Load('roost', server);
  try {
    await load.publish({ connections: 8, requests: 200 });
  } finally {
    await load.stop();
    await server.stop();
  }
}

/** @param {{roost: Load, peer: Load}} store */
async function measure({ roost, peer }) {
  return [
    ...(await serverTimes('roost', roost, '/api/v1/inbox?limit=200')),
    ...(await serverTimes(PEER, peer, '/page')),
  ];
}

/**
 * @param {string} name
 * @param {Load} load
 * @param {string} path
 */
async function serverTimes(name, load, path) {
  const trivial = (await load.get(REQUESTS, '/healthz')).answers.p50;
  const page = await load.get(REQUESTS / 4, path);
  const unchanged = await load.get(REQUESTS, path, page.etag);
  if (page.status !== 200 || unchanged.status !== 304)
    throw new Error(`${name} answered ${page.status} and ${unchanged.status}`);
  return /** @type {const} */ ([
    [name, 'page', Math.max(0, page.answers.p50 - trivial)],
    [name, 'unchanged', Math.max(0, unchanged.answers.p50 - trivial)],
  ]);
}
