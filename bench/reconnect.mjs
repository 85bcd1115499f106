import { atMost, figure } from './kit/figure.mjs';
import { median } from './kit/numbers.mjs';
import { Samples } from './kit/samples.mjs';
import { peerNames, withSubjects } from './kit/subjects.mjs';

/** What comes in while everybody is away, so that being current means something. */
const MISSED_MESSAGES = 20;

/**
 * Every client loses its connection at once and comes back at once: how long until all of them are current.
 *
 * @param {import('./kit/figure.mjs').Options} options
 * @returns {Promise<import('./kit/figure.mjs').Figure[]>}
 */
export async function reconnect({ runs, quick }) {
  const clients = quick ? 2_000 : 5_000;
  const samples = new Samples();
  const dropped = { roost: 0, ws: 0, 'socket.io': 0 };
  await withSubjects(clients, async (subjects) => {
    for (let run = -1; run < runs; run += 1) {
      for (const { name, load } of subjects) {
        const isRoost = name === 'roost';
        for (const how of isRoost
          ? /** @type {const} */ (['resume', 'anew'])
          : /** @type {const} */ (['anew'])) {
          await load.cut();
          if (isRoost) await load.publish({ connections: 1, requests: MISSED_MESSAGES });
          const back = await load.back(how);
          dropped[name] += clients - back.live;
          if (isRoost) requireMissed(back);
          if (run < 0) continue; // warms up
          samples.add(name, `${how} all`, back.ms);
          samples.add(name, `${how} p50`, back.opening.p50);
        }
      }
    }
  });

  const all = clients.toLocaleString('en-US');
  const resumed = samples.of('roost', 'resume all');
  const reason = `${dropped.roost} were dropped; the server's core is full with upgrades and hellos`;
  const whole = dropped.roost === 0 ? median(resumed) : Number.POSITIVE_INFINITY;
  const targets = [atMost('all current <= 2500 ms, none dropped', whole, 2500, reason)];
  return [
    figure(
      `${all} back with their cursor, all current`,
      'ms',
      resumed,
      samples.beside(peerNames, 'anew all'),
      {
        targets,
        note: `each misses ${MISSED_MESSAGES} messages and is caught up; the peers cannot resume and send fifty rows anew; dropped: ${JSON.stringify(dropped)}`,
      },
    ),
    figure(`${all} back without a cursor, all current`, 'ms', samples.of('roost', 'anew all'), {
      ...samples.beside(peerNames, 'anew all'),
    }),
    figure(`${all} back with their cursor, p50 of a client`, 'ms', samples.of('roost', 'resume p50'), {
      ...samples.beside(peerNames, 'anew p50'),
    }),
  ];
}

/**
 * Who is live has had catch-up or snapshot, and in it what they missed.
 *
 * @param {import('./kit/load.mjs').Opened} back
 */
function requireMissed({ live, first_rows }) {
  const expected = live * MISSED_MESSAGES;
  if (first_rows < expected) throw new Error(`${first_rows} rows came instead of ${expected}`);
}
