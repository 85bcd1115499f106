import { Bottleneck } from './kit/cpu-use.mjs';
import { atLeast, figure, ratio } from './kit/figure.mjs';
import { Samples } from './kit/samples.mjs';
import { peerNames, requireAll, withSubjects } from './kit/subjects.mjs';

/** Enough that a peer never waits for the next message. */
const PEER_CONNECTIONS = 4;
/** One: the next message is posted when the one before was delivered, so that no two frames share a write. */
const SINGLE_CONNECTIONS = 1;
const BURST_CONNECTIONS = 64;

/** Messages of each kind of burst, and the calm rate: what takes all subjects a few seconds. */
const PLANS = [
  { readers: 1000, single: 400, burst: 2000, peerBurst: 300, perSecond: 50, seconds: 4 },
  { readers: 5000, single: 100, burst: 500, peerBurst: 80, perSecond: 10, seconds: 5 },
];

/**
 * One message to many readers: how many deliveries a second, and how late at a calm rate.
 *
 * @param {import('./kit/figure.mjs').Options} options
 * @returns {Promise<import('./kit/figure.mjs').Figure[]>}
 */
export async function fanOut({ runs, quick }) {
  const figures = [];
  for (const plan of PLANS) {
    figures.push(...(await measure(quick ? { ...plan, seconds: 2 } : plan, runs)));
  }
  return figures;
}

/**
 * @param {typeof PLANS[number]} plan
 * @param {number} runs
 */
async function measure({ readers, single, burst, peerBurst, perSecond, seconds }, runs) {
  const samples = new Samples();
  const bottlenecks = { single: new Bottleneck(), joined: new Bottleneck() };
  await withSubjects(readers, async (subjects) => {
    for (let run = -1; run < runs; run += 1) {
      for (const { name, load } of subjects) {
        const isRoost = name === 'roost';
        const one = await load.publish({
          connections: isRoost ? SINGLE_CONNECTIONS : PEER_CONNECTIONS,
          requests: isRoost ? single : peerBurst,
        });
        const many = await load.publish({
          connections: BURST_CONNECTIONS,
          requests: isRoost ? burst : peerBurst,
        });
        const paced = await load.publish({ connections: 16, requests: perSecond * seconds, perSecond });
        for (const published of [one, many, paced]) requireAll(published);
        if (run < 0) continue; // warms up
        if (isRoost) {
          bottlenecks.single.add(one.use);
          bottlenecks.joined.add(many.use);
        }
        samples.add(name, 'single', deliveriesPerSecond(one));
        samples.add(name, 'single by cpu', one.rows / one.use.serverSeconds);
        samples.add(name, 'joined', deliveriesPerSecond(many));
        samples.add(name, 'p50', paced.latency.p50);
        samples.add(name, 'p99', paced.latency.p99);
      }
    }
  });

  const of = (/** @type {string} */ what) => samples.of('roost', what);
  const beside = (/** @type {string} */ what) => samples.beside(peerNames, what);
  const name = (/** @type {string} */ what) => `${readers.toLocaleString('en-US')} readers, ${what}`;
  const why = bottlenecks.single.says();
  const targets = [
    atLeast('>= 1.1 x ws', ratio(of('single'), samples.of('ws', 'single')), 1.1, why),
    ...(readers === 5000
      ? [atLeast('>= 1.5 x Socket.IO', ratio(of('single'), samples.of('socket.io', 'single')), 1.5, why)]
      : []),
  ];
  const paced = `paced at ${perSecond}/s`;
  return [
    figure(name('one write each'), 'deliveries/s', of('single'), beside('single'), { targets, note: why }),
    figure(
      name('one write each, by processor time'),
      'deliveries/cpu-s',
      of('single by cpu'),
      beside('single by cpu'),
      {
        note: 'the same divided by the processor time the server had: hardly disturbed by other programs',
      },
    ),
    figure(name('joined writes'), 'deliveries/s', of('joined'), beside('joined'), {
      note: bottlenecks.joined.says(),
    }),
    figure(name(`${paced}, p50`), 'ms', of('p50'), beside('p50')),
    figure(name(`${paced}, p99`), 'ms', of('p99'), beside('p99')),
  ];
}

/** @param {import('./kit/load.mjs').Published} published */
export function deliveriesPerSecond({ rows, delivered_ms }) {
  return (rows / delivered_ms) * 1000;
}
