import { setTimeout as sleep } from 'node:timers/promises';
import { atMost, figure, ratio } from './kit/figure.mjs';
import { Samples } from './kit/samples.mjs';
import { peerNames, startSubject, subjectNames } from './kit/subjects.mjs';

/**
 * Opened before the first look: what a server makes once, and room its heap already had, would otherwise be counted
 * for it or against it.
 */
const WARM_UP_CONNECTIONS = 2_000;
const SETTLE_MS = 2_000;
const READINGS = 3;

/**
 * What an authenticated, subscribed, idle connection adds to the server's resident memory.
 *
 * @param {import('./kit/figure.mjs').Options} options
 * @returns {Promise<import('./kit/figure.mjs').Figure[]>}
 */
export async function memory({ runs, quick }) {
  const connections = quick ? 5_000 : 10_000;
  const samples = new Samples();
  for (let run = 0; run < runs; run += 1) {
    for (const name of subjectNames) samples.add(name, 'KiB', await kibPerConnection(name, connections));
  }
  const ours = samples.of('roost', 'KiB');
  const target = atMost(
    '<= 1.25 x ws',
    ratio(ours, samples.of('ws', 'KiB')),
    1.25,
    'what Roost holds for a connection beyond the socket: identity, subscription, rate, position',
  );
  return [
    figure(
      `per idle connection, of ${connections.toLocaleString('en-US')}`,
      'KiB',
      ours,
      samples.beside(peerNames, 'KiB'),
      {
        targets: [target],
        note: 'resident memory after garbage collection, difference over the connections',
      },
    ),
  ];
}

/**
 * @param {import('./kit/subjects.mjs').SubjectName} name
 * @param {number} connections
 */
async function kibPerConnection(name, connections) {
  const subject = await startSubject(name, { collects: true });
  try {
    await subject.load.open(WARM_UP_CONNECTIONS);
    const before = await settledBytes(subject.server.child);
    await subject.load.open(connections);
    const after = await settledBytes(subject.server.child);
    return (after - before) / connections / 1024;
  } finally {
    await subject.stop();
  }
}

/**
 * The least of several readings, each after a collection and a rest in which pages go back to the system.
 *
 * @param {import('./kit/child.mjs').Child} child
 */
async function settledBytes(child) {
  let least = Number.POSITIVE_INFINITY;
  for (let reading = 0; reading < READINGS; reading += 1) {
    child.process.kill('SIGUSR2');
    await sleep(SETTLE_MS);
    least = Math.min(least, child.residentBytes());
  }
  return least;
}
