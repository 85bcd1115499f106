import { deliveriesPerSecond } from './fan-out.mjs';
import { Bottleneck } from './kit/cpu-use.mjs';
import { commitTimes } from './kit/disk.mjs';
import { atLeast, atMost, figure, ratio } from './kit/figure.mjs';
import { median } from './kit/numbers.mjs';
import { Samples } from './kit/samples.mjs';
import { peerNames, requireAll, withSubjects } from './kit/subjects.mjs';

const CONNECTIONS = 64;
const READERS = [1, 100, 1000];
const PACES = [
  { perSecond: 20, seconds: 6 },
  { perSecond: 200, seconds: 3 },
];
/** A rate holds when its last percent arrives within this. */
const P99_MAX_MS = 25;
const RATES = [200, 400, 600, 800, 1000];
const RATE_SECONDS = 4;

/**
 * From the planned instant of an ingest call to the frame at the client; the peers only push, and store nothing.
 *
 * @param {import('./kit/figure.mjs').Options} options
 * @returns {Promise<import('./kit/figure.mjs').Figure[]>}
 */
export async function delivery({ runs, quick }) {
  const figures = [];
  for (const readers of READERS) figures.push(...(await paced(readers, runs, quick)));
  figures.push(...(await wholePath(runs, quick)));
  return figures;
}

/**
 * @param {number} readers
 * @param {number} runs
 * @param {boolean} quick
 */
async function paced(readers, runs, quick) {
  const samples = new Samples();
  const bottlenecks = new Map(PACES.map((pace) => [pace, new Bottleneck()]));
  let disk = '';
  await withSubjects(readers, async (subjects) => {
    for (const { load } of subjects) await load.publish({ connections: CONNECTIONS, requests: 2_000 }); // warms up
    for (let run = 0; run < runs; run += 1) {
      for (const { name, load } of subjects) {
        for (const pace of PACES) {
          const seconds = quick ? pace.seconds / 2 : pace.seconds;
          const published = await load.publish({
            connections: CONNECTIONS,
            requests: pace.perSecond * seconds,
            perSecond: pace.perSecond,
          });
          requireAll(published);
          samples.add(name, `p50 ${pace.perSecond}`, published.latency.p50);
          samples.add(name, `p99 ${pace.perSecond}`, published.latency.p99);
          if (name === 'roost') bottlenecks.get(pace)?.add(published.use);
        }
      }
    }
    disk = await commitTimes();
  });
  return PACES.flatMap((pace) => {
    const name = `${readers.toLocaleString('en-US')} readers, ${pace.perSecond}/s`;
    const note = `${bottlenecks.get(pace)?.says()}; ${disk}`;
    return /** @type {const} */ ([
      ['p50', 5],
      ['p99', 20],
    ]).map(([share, limit]) => {
      const what = `${share} ${pace.perSecond}`;
      const ours = samples.of('roost', what);
      const targets = readers === 1000 ? [atMost(`<= ${limit} ms`, median(ours), limit, note)] : [];
      return figure(`${name}, ${share}`, 'ms', ours, samples.beside(peerNames, what), { targets, note });
    });
  });
}

/**
 * How many deliveries a second the whole durable path sustains, as long as hardly any is late.
 *
 * @param {number} runs
 * @param {boolean} quick
 */
async function wholePath(runs, quick) {
  const samples = new Samples();
  const bottleneck = new Bottleneck();
  const rates = quick ? RATES.filter((rate) => rate >= 600) : RATES;
  await withSubjects(1000, async (subjects) => {
    for (const { load } of subjects) await load.publish({ connections: CONNECTIONS, requests: 500 }); // warms up
    for (let run = 0; run < runs; run += 1) {
      for (const { name, load } of subjects) {
        if (name === 'roost') await climb(load, rates, samples, bottleneck);
        else {
          const burst = await load.publish({ connections: CONNECTIONS, requests: 300 });
          requireAll(burst);
          samples.add(name, 'sustained', deliveriesPerSecond(burst));
        }
      }
    }
  });
  const ours = samples.of('roost', 'sustained');
  const note = bottleneck.says();
  const p99s = rates.map((rate) => `${rate}/s ${median(samples.of('roost', `p99 ${rate}`)).toFixed(1)} ms`);
  return [
    figure(
      `1,000 readers, most with p99 <= ${P99_MAX_MS} ms`,
      'deliveries/s',
      ours,
      samples.beside(peerNames, 'sustained'),
      {
        targets: [
          atLeast('>= 800,000/s', median(ours), 800_000, note),
          atLeast(">= 5 x Socket.IO's burst", ratio(ours, samples.of('socket.io', 'sustained')), 5, note),
        ],
        note: `every message stored first, posted one by one; p99 at ${p99s.join(', ')}; the peers without pace or store; ${note}`,
      },
    ),
  ];
}

/**
 * Tries every rate; the best that holds counts.
 *
 * @param {import('./kit/load.mjs').Load} load
 * @param {readonly number[]} rates
 * @param {Samples} samples
 * @param {Bottleneck} bottleneck
 */
async function climb(load, rates, samples, bottleneck) {
  let sustained = 0;
  for (const rate of rates) {
    const published = await load.publish({
      connections: CONNECTIONS,
      requests: rate * RATE_SECONDS,
      perSecond: rate,
    });
    requireAll(published);
    samples.add('roost', `p99 ${rate}`, published.latency.p99);
    if (published.latency.p99 <= P99_MAX_MS) sustained = Math.max(sustained, deliveriesPerSecond(published));
    if (rate === rates.at(-1)) bottleneck.add(published.use);
  }
  samples.add('roost', 'sustained', sustained);
}
