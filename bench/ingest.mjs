import { fileURLToPath } from 'node:url';
import { findPostgres } from '../scripts/services/find.mjs';
import { createDatabase, startPostgres } from '../scripts/services/postgres.mjs';
import { Child } from './kit/child.mjs';
import { Bottleneck, watchCpu } from './kit/cpu-use.mjs';
import { atLeast, figure } from './kit/figure.mjs';
import { Load } from './kit/load.mjs';
import { median } from './kit/numbers.mjs';
import { Samples } from './kit/samples.mjs';
import { startPeer, startRoost } from './kit/servers.mjs';

const SINGLE = { what: 'one by one over 64 connections', connections: 64, batch: 1, requests: 20_000 };
const BATCHES = { what: 'in batches of 50', connections: 8, batch: 50, requests: 800 };
const SMTP_CONNECTIONS = 16;
const SMTP_MAILS = 3_000;
const SMTP_DEADLINE_MS = 120_000;

/**
 * Messages stored for good a second: answered only after the commit. Nobody listens.
 *
 * @param {import('./kit/figure.mjs').Options} options
 * @returns {Promise<import('./kit/figure.mjs').Figure[]>}
 */
export async function ingest({ runs, quick }) {
  return [
    ...(await bySqlite(runs, quick ? 4 : 1)),
    ...(await bySmtp(runs, quick ? 4 : 1)),
    ...(await byPostgres(runs, quick ? 4 : 1)),
  ];
}

/**
 * @param {number} runs
 * @param {number} divisor  of how many are sent
 */
async function bySqlite(runs, divisor) {
  const peer = 'node:http + SQLite';
  const measured = await compare(
    [
      ['roost', () => startRoost()],
      [peer, () => startPeer('http-sqlite')],
    ],
    runs,
    divisor,
  );
  return [
    measured.figure('SQLite', SINGLE, [peer], 6_000),
    measured.figure('SQLite', BATCHES, [peer], 12_000),
  ];
}

/**
 * @param {number} runs
 * @param {number} divisor  of how many are sent
 */
async function byPostgres(runs, divisor) {
  if (!findPostgres()) {
    console.log('ingest: PostgreSQL is not installed, its figures are left out');
    return [];
  }
  const peer = 'node:http + PostgreSQL';
  const postgres = await startPostgres();
  try {
    const { url } = await createDatabase(postgres.url);
    const measured = await compare(
      [
        ['roost', () => startRoost({ databaseUrl: url })],
        [peer, () => startPeer('http-postgres', { PEER_DATABASE_URL: url })],
      ],
      runs,
      divisor * 2,
    );
    return [
      measured.figure('PostgreSQL', SINGLE, [peer], 4_000),
      measured.figure('PostgreSQL', BATCHES, [peer], 4_000),
    ];
  } finally {
    await postgres.stop();
  }
}

/**
 * Starts all, posts to each in turns, and makes the figures.
 *
 * @param {readonly (readonly [name: string, start: () => Promise<import('./kit/servers.mjs').Server>])[]} starts
 * @param {number} runs
 * @param {number} divisor  of how many are sent
 */
async function compare(starts, runs, divisor) {
  const samples = new Samples();
  const bottlenecks = new Map([SINGLE, BATCHES].map((way) => [way, new Bottleneck()]));
  const subjects = [];
  try {
    for (const [name, start] of starts) {
      const server = await start();
      subjects.push({ name, server, load: new Load('roost', server) });
    }
    for (let run = -1; run < runs; run += 1) {
      for (const { name, load } of subjects) {
        for (const way of [SINGLE, BATCHES]) {
          const published = await load.publish({ ...way, requests: way.requests / divisor });
          if (run < 0) continue; // warms up
          samples.add(name, way.what, (published.messages / published.answered_ms) * 1000);
          samples.add(name, `${way.what} p50`, published.answers.p50);
          if (name === 'roost') bottlenecks.get(way)?.add(published.use);
        }
      }
    }
  } finally {
    for (const { load, server } of subjects) {
      await load.stop();
      await server.stop();
    }
  }
  return {
    /**
     * @param {string} store
     * @param {typeof SINGLE} way
     * @param {readonly string[]} peers
     * @param {number} limit  messages a second
     */
    figure(store, way, peers, limit) {
      const ours = samples.of('roost', way.what);
      const why = bottlenecks.get(way)?.says() ?? '';
      const answer = `a request is answered after ${median(samples.of('roost', `${way.what} p50`)).toFixed(1)} ms (p50)`;
      return figure(`HTTP, ${store}, ${way.what}`, 'messages/s', ours, samples.beside(peers, way.what), {
        targets: [atLeast(`>= ${limit.toLocaleString('en-US')}/s`, median(ours), limit, why)],
        note: `${answer}; ${why}`,
      });
    },
  };
}

/**
 * @param {number} runs
 * @param {number} divisor  of how many are sent
 */
async function bySmtp(runs, divisor) {
  const peer = 'smtp-server + mailparser';
  const samples = new Samples();
  const bottleneck = new Bottleneck();
  const roost = await startRoost();
  const bare = await startPeer('smtp');
  try {
    for (let run = -1; run < runs; run += 1) {
      for (const [name, port, server] of /** @type {const} */ ([
        ['roost', roost.smtpPort, roost.child],
        [peer, bare.port, bare.child],
      ])) {
        const sent = await sendMails(port, server, SMTP_MAILS / divisor);
        if (run < 0) continue; // warms up
        samples.add(name, 'mails', (sent.mails / sent.ms) * 1000);
        if (name === 'roost') bottleneck.add(sent.use);
      }
    }
  } finally {
    await bare.stop();
    await roost.stop();
  }
  const ours = samples.of('roost', 'mails');
  const why = bottleneck.says();
  return [
    figure(`SMTP, ${SMTP_CONNECTIONS} connections`, 'mails/s', ours, samples.beside([peer], 'mails'), {
      targets: [atLeast('>= 800/s', median(ours), 800, why)],
      note: `text and HTML, every fourth with a file, 3 to 6 KB; ${why}`,
    }),
  ];
}

/**
 * @param {number} port
 * @param {Child} server  whose processor time counts
 * @param {number} mails
 * @returns {Promise<{mails: number, ms: number, use: import('./kit/cpu-use.mjs').CpuUse}>}
 */
async function sendMails(port, server, mails) {
  const file = fileURLToPath(new URL('./client/smtp.mjs', import.meta.url));
  const client = new Child('load', process.execPath, [file, port, SMTP_CONNECTIONS, mails].map(String));
  try {
    const cpuUse = watchCpu(server, client);
    const sent = JSON.parse(await client.line(SMTP_DEADLINE_MS));
    return { ...sent, use: cpuUse() };
  } finally {
    await client.stop();
  }
}
