import { join } from 'node:path';
import Database from 'better-sqlite3';
import { atMost, figure } from './kit/figure.mjs';
import { ownerOf, until } from './kit/owner.mjs';
import { Samples } from './kit/samples.mjs';
import { startRoost } from './kit/servers.mjs';

const OLD = 100_000;
const OLD_DAYS = 40;
const FILL_BATCH = 100;
const PER_SECOND = 100;
const ALONE_SECONDS = 30;
const DEADLINE_MS = 20 * 60_000;
const DAY_MS = 24 * 3_600_000;
const WORST_RATIO = 1.5;

/**
 * Mail past its time is deleted while other mail arrives: how long a delivery then takes, from its planned instant to
 * its answer after the commit, beside the same without.
 *
 * @param {import('./kit/figure.mjs').Options} options
 * @returns {Promise<import('./kit/figure.mjs').Figure[]>}
 */
export async function purge({ runs, quick }) {
  const count = quick ? OLD / 20 : OLD;
  const samples = new Samples();
  for (let run = 0; run < runs; run += 1) {
    const first = await startRoost();
    const { data } = first;
    await fill(first, count);
    await first.child.stop();
    age(data);
    const server = await startRoost({ data });
    try {
      const owner = await ownerOf(server);
      await owner.ask('PUT', '/api/v1/retention', { mail_days: 30, quarantine_days: null });
      const arriving = arrivals(server);
      const isAlone = until(DEADLINE_MS, 200, async () => (await purging(owner)) ?? null);
      const alone = await arriving.during(Promise.race([isAlone, seconds(ALONE_SECONDS)]));
      // The first look at what is old comes a while after the start.
      await isAlone;
      const startedAt = performance.now();
      const beside = await arriving.during(
        until(DEADLINE_MS, 500, async () => {
          const job = await purging(owner);
          return job && job.ended_at !== null ? job : null;
        }),
      );
      samples.add('roost', 'deleted', count / ((performance.now() - startedAt) / 1000));
      samples.add('roost', 'alone', p99(alone));
      samples.add('roost', 'beside', p99(beside));
      const { total } = await inboxOf(owner);
      if (total !== arriving.count())
        throw new Error(`${total} mails are left of ${arriving.count()} young ones`);
    } finally {
      await server.stop();
      await first.stop();
    }
  }
  const worst = Math.max(
    ...samples.of('roost', 'beside').map((value, at) => value / (samples.of('roost', 'alone')[at] ?? value)),
  );
  return [
    figure(
      `${count} old mails deleted while ${PER_SECOND} arrive a second`,
      'mails/s',
      samples.of('roost', 'deleted'),
    ),
    figure('delivery without deleting, p99', 'ms', samples.of('roost', 'alone')),
    figure(
      'delivery beside deleting, p99',
      'ms',
      samples.of('roost', 'beside'),
      {},
      {
        targets: [
          atMost(
            `at most ${WORST_RATIO} times as long as without`,
            worst,
            WORST_RATIO,
            'a step of the purge holds the store',
          ),
        ],
      },
    ),
  ];
}

/**
 * @param {{port: number, publishPath: string, token: string}} server
 * @param {number} count
 */
async function fill(server, count) {
  for (let at = 0; at < count; at += FILL_BATCH) {
    const messages = Array.from({ length: FILL_BATCH }, (_, one) => message(`old ${at + one}`));
    await publish(server, { messages });
  }
}

/** Makes all that is stored look as if it had come long ago. @param {string} data */
function age(data) {
  const database = new Database(join(data, 'roost.db'));
  const then = new Date(Date.now() - OLD_DAYS * DAY_MS).toISOString();
  database.prepare(`update message set "row" = json_set("row", '$.received_at', ?)`).run(then);
  database.close();
}

/** @param {{port: number, publishPath: string, token: string}} server */
function arrivals(server) {
  let count = 0;
  return {
    count: () => count,
    /** @param {Promise<unknown>} end @returns {Promise<number[]>} */
    async during(end) {
      let isOver = false;
      const over = end.finally(() => {
        isOver = true;
      });
      /** @type {number[]} */
      const took = [];
      /** @type {Promise<void>[]} */
      const open = [];
      const startedAt = performance.now();
      for (let at = 0; !isOver; at += 1) {
        const planned = startedAt + (at * 1000) / PER_SECOND;
        const early = planned - performance.now();
        if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
        count += 1;
        open.push(
          publish(server, message(`young ${count}`)).then(() => void took.push(performance.now() - planned)),
        );
      }
      await Promise.all(open);
      await over;
      return took;
    },
  };
}

/** @param {string} subject */
function message(subject) {
  return { to: 'bob@bench.test', from: 'ann@x.example', subject, text: 'Some words that stand for a mail.' };
}

/**
 * @param {{port: number, publishPath: string, token: string}} server
 * @param {object} body
 */
async function publish({ port, publishPath, token }, body) {
  const answer = await fetch(`http://127.0.0.1:${port}${publishPath}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`Ingest answered ${answer.status}: ${await answer.text()}`);
  await answer.arrayBuffer();
}

/** @param {import('./kit/owner.mjs').Owner} owner */
async function purging(owner) {
  const { rows } = await owner.ask('GET', '/api/v1/jobs');
  return rows.find((/** @type {{kind: string}} */ { kind }) => kind === 'purge');
}

/** @param {import('./kit/owner.mjs').Owner} owner */
async function inboxOf(owner) {
  let total = 0;
  for (let before = ''; ; ) {
    const page = await owner.ask('GET', `/api/v1/inbox?limit=200${before}`);
    total += page.rows.length;
    if (page.next === null) return { total };
    before = `&before=${encodeURIComponent(page.next)}`;
  }
}

/** @param {number} count */
function seconds(count) {
  return new Promise((resolve) => setTimeout(resolve, count * 1000));
}

/** @param {number[]} values */
function p99(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.99))] ?? Number.NaN;
}
