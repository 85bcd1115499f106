import { join } from 'node:path';
import Database from 'better-sqlite3';
import pg from 'pg';
import { findPostgres } from '../scripts/services/find.mjs';
import { createDatabase, startPostgres } from '../scripts/services/postgres.mjs';
import { Bottleneck } from './kit/cpu-use.mjs';
import { commitTimes } from './kit/disk.mjs';
import { atLeast, atMost, figure, ratio } from './kit/figure.mjs';
import { clientKind, Load } from './kit/load.mjs';
import { median } from './kit/numbers.mjs';
import { Samples } from './kit/samples.mjs';
import { startPeer } from './kit/servers.mjs';
import { requireAll } from './kit/subjects.mjs';
import { CUSTOMERS, startTeam } from './kit/team.mjs';

const TEAMS = [5, 50, 500];
const CONNECTIONS = 16;
/** `teams`: those for whom the fan-out alone does not fill a core. */
const PACES = [
  { perSecond: 20, seconds: 8, teams: TEAMS },
  { perSecond: 200, seconds: 3, teams: [5, 50] },
];
/** The platform sends some webhooks twice: every twentieth. */
const REPEAT_EVERY = 20;
const SINGLE = { connections: 64, requests: 8_000, repeatEvery: REPEAT_EVERY };
const BATCHES = { connections: 8, batch: 50, requests: 300, repeatEvery: REPEAT_EVERY };
const SUSTAINED_TEAM = 50;
const PEER = 'ws';

/**
 * From the first byte of a WhatsApp webhook to the frame at agents who have open what their screen shows.
 *
 * @param {import('./kit/figure.mjs').Options} options
 * @returns {Promise<import('./kit/figure.mjs').Figure[]>}
 */
export async function webhook({ runs, quick }) {
  if (clientKind !== 'C') {
    console.log('webhook: only the load client in C signs webhooks, and there is no compiler; left out');
    return [];
  }
  return [
    ...(await paced(runs, quick)),
    ...(await sustained(runs, quick)),
    ...(await byPostgres(runs, quick)),
  ];
}

/**
 * A server for each size of the team at once, and bare `ws` with as many readers; measured in turns.
 *
 * @param {number} runs
 * @param {boolean} quick
 */
async function paced(runs, quick) {
  const samples = new Samples();
  const bottlenecks = new Map(TEAMS.map((agents) => [agents, new Bottleneck()]));
  /** @type {{agents: number, team: import('./kit/team.mjs').Team, peer: Peer}[]} */
  const subjects = [];
  let disk = '';
  try {
    for (const agents of TEAMS) {
      const team = await startTeam(agents);
      const { bytes, rows } = await team.load.publish({ connections: 1, requests: 20 });
      const peer = await startReaders(agents, Math.round(bytes / rows)).catch(async (error) => {
        await team.stop();
        throw error;
      });
      subjects.push({ agents, team, peer });
      await team.load.publish({ connections: CONNECTIONS, requests: 1_000 }); // warms up
      await peer.load.publish({ connections: CONNECTIONS, requests: 200 });
    }
    for (let run = 0; run < runs; run += 1) {
      for (const { perSecond, seconds, teams } of PACES) {
        for (const { agents, team, peer } of subjects.filter((one) => teams.includes(one.agents))) {
          const requests = perSecond * (quick ? seconds / 2 : seconds);
          const plan = { connections: CONNECTIONS, requests, perSecond };
          const before = await team.commits();
          const told = await team.load.publish(plan);
          const after = await team.commits();
          requireAll(told);
          if (told.unread !== told.expected_rows)
            throw new Error(`${told.unread} changes of unread came, not ${told.expected_rows}`);
          const pushed = await peer.load.publish(plan);
          requireAll(pushed);
          for (const [who, { latency }] of /** @type {const} */ ([
            ['roost', told],
            [PEER, pushed],
          ]))
            for (const share of /** @type {const} */ (['p50', 'p99']))
              samples.add(who, `${agents} ${perSecond} ${share}`, latency[share]);
          samples.add('roost', `${agents} ${perSecond} store`, storeMs(before, after, told.messages));
          if (perSecond === PACES[0]?.perSecond) bottlenecks.get(agents)?.add(told.use);
        }
      }
    }
    disk = await commitTimes();
  } finally {
    for (const { team, peer } of subjects) {
      await peer.stop();
      await team.stop();
    }
  }
  return [
    ...PACES.flatMap(({ perSecond, teams }) =>
      teams.flatMap((agents) => {
        const note = `${bottlenecks.get(agents)?.says()}; ${disk}`;
        return /** @type {const} */ ([
          ['p50', 4],
          ['p99', 15],
        ]).map(([share, limit]) => {
          const what = `${agents} ${perSecond} ${share}`;
          const ours = samples.of('roost', what);
          const isPromised = agents === 50 && perSecond === 20;
          const targets = isPromised ? [atMost(`<= ${limit} ms`, median(ours), limit, note)] : [];
          const name = `${agents} agents, ${perSecond}/s, webhook to frame, ${share}`;
          return figure(name, 'ms', ours, samples.beside([PEER], what), { targets, note });
        });
      }),
    ),
    ...storeFigures(samples),
  ];
}

/** @param {Samples} samples */
function storeFigures(samples) {
  const note = 'from the group handed to the store to its outcome, as the server counts it, at 20/s';
  const least = samples.of('roost', '5 20 store');
  return TEAMS.map((agents) => {
    const ours = samples.of('roost', `${agents} 20 store`);
    const targets =
      agents === 500
        ? [atMost('<= 1.1 x that with 5', ratio(ours, least), 1.1, 'the store waits for the disk')]
        : [];
    return figure(`store time of a message, ${agents} agents`, 'ms', ours, {}, { targets, note });
  });
}

/**
 * Webhooks one after another on every connection, each answered after its commit, with agents who are told of all.
 *
 * @param {number} runs
 * @param {boolean} quick
 */
async function sustained(runs, quick) {
  const samples = new Samples();
  const peer = await startReaders(SUSTAINED_TEAM, 2_000);
  const team = await startTeam(SUSTAINED_TEAM).catch(async (error) => {
    await peer.stop();
    throw error;
  });
  try {
    const why = await storm(team, samples, runs, quick);
    for (let run = 0; run < runs; run += 1) {
      const pushed = await peer.load.publish({ connections: SINGLE.connections, requests: 1_000 });
      requireAll(pushed);
      samples.add(PEER, 'single', perSecondOf(pushed));
    }
    return stormFigures('SQLite', samples, why, { single: 1_500, batches: 3_000 });
  } finally {
    await team.stop();
    await peer.stop();
  }
}

/**
 * @param {number} runs
 * @param {boolean} quick
 */
async function byPostgres(runs, quick) {
  if (!findPostgres()) {
    console.log('webhook: PostgreSQL is not installed, its figures are left out');
    return [];
  }
  const postgres = await startPostgres();
  try {
    const samples = new Samples();
    const { url } = await createDatabase(postgres.url);
    const team = await startTeam(SUSTAINED_TEAM, { databaseUrl: url });
    try {
      for (let run = 0; run < runs; run += 1) {
        const told = await team.load.publish({
          connections: CONNECTIONS,
          requests: quick ? 100 : 200,
          perSecond: 20,
        });
        requireAll(told);
        samples.add('roost', 'p50', told.latency.p50);
        samples.add('roost', 'p99', told.latency.p99);
      }
      const why = await storm(team, samples, runs, quick, url);
      return [
        ...['p50', 'p99'].map((share) =>
          figure(
            `PostgreSQL, ${SUSTAINED_TEAM} agents, 20/s, webhook to frame, ${share}`,
            'ms',
            samples.of('roost', share),
          ),
        ),
        ...stormFigures('PostgreSQL', samples, why, null),
      ];
    } finally {
      await team.stop();
    }
  } finally {
    await postgres.stop();
  }
}

/**
 * @param {import('./kit/team.mjs').Team} team
 * @param {Samples} samples
 * @param {number} runs
 * @param {boolean} quick
 * @param {string} [databaseUrl]
 * @returns {Promise<Map<string, Bottleneck>>}
 */
async function storm(team, samples, runs, quick, databaseUrl) {
  const bottlenecks = new Map([
    ['single', new Bottleneck()],
    ['batches', new Bottleneck()],
  ]);
  let stored = await storedCount(team, databaseUrl);
  for (let run = -1; run < runs; run += 1) {
    for (const [what, plan] of /** @type {const} */ ([
      ['single', SINGLE],
      ['batches', BATCHES],
    ])) {
      const before = await team.commits();
      const told = await team.load.publish({ ...plan, requests: plan.requests / (quick ? 4 : 1) });
      const after = await team.commits();
      stored += told.messages;
      await requireStored(team, stored, databaseUrl);
      requireCurrent(told);
      if (run < 0) continue; // warms up
      samples.add('roost', what, perSecondOf(told));
      samples.add('roost', `${what} answer`, told.answers.p50);
      samples.add('roost', `${what} store`, storeMs(before, after, told.messages));
      bottlenecks.get(what)?.add(told.use);
    }
  }
  return bottlenecks;
}

/**
 * @param {string} store
 * @param {Samples} samples
 * @param {Map<string, Bottleneck>} why
 * @param {{single: number, batches: number} | null} limits  messages a second
 */
function stormFigures(store, samples, why, limits) {
  return /** @type {const} */ ([
    ['single', 'one message each'],
    ['batches', `${BATCHES.batch} messages each`],
  ]).map(([what, says]) => {
    const ours = samples.of('roost', what);
    const answer = median(samples.of('roost', `${what} answer`)).toFixed(1);
    const inStore = median(samples.of('roost', `${what} store`)).toFixed(2);
    const bottleneck = why.get(what)?.says() ?? '';
    const note = `signed, every ${REPEAT_EVERY}th sent twice and not counted again, ${CUSTOMERS} customers in turns, answered after ${answer} ms (p50), ${inStore} ms of the store each; ${bottleneck}`;
    const limit = limits?.[what];
    return figure(
      `${store}, ${SUSTAINED_TEAM} agents, webhooks with ${says}`,
      'messages/s',
      ours,
      samples.beside([PEER], what),
      {
        targets: limit
          ? [atLeast(`>= ${limit.toLocaleString('en-US')}/s`, median(ours), limit, bottleneck)]
          : [],
        note,
      },
    );
  });
}

/**
 * @typedef {{load: Load, stop: () => Promise<void>}} Peer
 *
 * @param {number} readers
 * @param {number} frameBytes
 * @returns {Promise<Peer>}
 */
async function startReaders(readers, frameBytes) {
  const server = await startPeer(PEER, { PEER_FRAME_BYTES: String(frameBytes) });
  const load = new Load(PEER, server);
  const stop = async () => {
    await load.stop();
    await server.stop();
  };
  try {
    await load.open(readers);
    return { load, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** @typedef {import('./kit/load.mjs').Published} Published */

/** @param {Published} published */
function perSecondOf({ messages, answered_ms }) {
  return (messages / answered_ms) * 1000;
}

/**
 * @param {{seconds: number}} before
 * @param {{seconds: number}} after
 * @param {number} messages
 */
function storeMs(before, after, messages) {
  return ((after.seconds - before.seconds) * 1000) / messages;
}

/**
 * @param {Published} published
 * @throws when an agent is not where the log is: one who was slow may have been told several changes as one
 */
function requireCurrent({ gaps, failed, live, least_offset, most_offset, problem }) {
  if (gaps === 0 && failed === 0 && live === SUSTAINED_TEAM && least_offset === most_offset) return;
  throw new Error(`Agents stand between ${least_offset} and ${most_offset}, ${gaps} gaps: ${problem}`);
}

/**
 * @param {import('./kit/team.mjs').Team} team
 * @param {number} count
 * @param {string} [databaseUrl]
 * @throws when what was sent twice is there twice, or what was answered is not there
 */
async function requireStored(team, count, databaseUrl) {
  const stored = await storedCount(team, databaseUrl);
  if (stored !== count) throw new Error(`${stored} messages are stored, ${count} were sent`);
}

const COUNT = "select count(*) as count from message where via = 'whatsapp'";

/**
 * @param {import('./kit/team.mjs').Team} team
 * @param {string} [databaseUrl]
 */
async function storedCount({ server }, databaseUrl) {
  if (databaseUrl === undefined) {
    const database = new Database(join(server.data, 'roost.db'), { readonly: true });
    try {
      return /** @type {{count: number}} */ (database.prepare(COUNT).get()).count;
    } finally {
      database.close();
    }
  }
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return Number((await client.query(COUNT)).rows[0].count);
  } finally {
    await client.end();
  }
}
