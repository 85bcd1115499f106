import { Load } from './load.mjs';
import { startPeer, startRoost } from './servers.mjs';

/**
 * @typedef {'roost' | 'ws' | 'socket.io'} SubjectName
 * @typedef {{name: SubjectName, server: import('./servers.mjs').Server, load: Load, stop: () => Promise<void>}} Subject
 */

export const peerNames = /** @type {const} */ (['ws', 'socket.io']);
export const subjectNames = /** @type {const} */ (['roost', ...peerNames]);

/**
 * A server that pushes to sockets, with a load client for it.
 *
 * @param {SubjectName} name
 * @param {{frameBytes?: number, collects?: boolean}} [options]  how long a peer makes what it sends
 * @returns {Promise<Subject>}
 */
export async function startSubject(name, { frameBytes = 0, collects = false } = {}) {
  const server =
    name === 'roost'
      ? await startRoost({ collects })
      : await startPeer(name.replace('.', '-'), { PEER_FRAME_BYTES: String(frameBytes) }, { collects });
  const load = new Load(name, server);
  const stop = async () => {
    await load.stop();
    await server.stop();
  };
  return { name, server, load, stop };
}

/**
 * Roost and the peers at once, each with `readers` live, and the same number of bytes in each message. They are
 * measured in turns, so that a change of the machine's mood meets all of them.
 *
 * @param {number} readers
 * @param {(subjects: Subject[]) => Promise<void>} measure
 */
export async function withSubjects(readers, measure) {
  /** @type {Subject[]} */
  const subjects = [];
  try {
    const roost = await startSubject('roost');
    subjects.push(roost);
    await roost.load.open(readers);
    const { frame_length } = await roost.load.publish({ connections: 1, requests: 20 });
    for (const name of peerNames) {
      const peer = await startSubject(name, { frameBytes: frame_length });
      subjects.push(peer);
      await peer.load.open(readers);
    }
    await measure(subjects);
  } finally {
    for (const subject of subjects) await subject.stop();
  }
}

/**
 * @param {import('./load.mjs').Published} published
 * @throws when a reader did not get every message, once
 */
export function requireAll(published) {
  const { rows, expected_rows, gaps, failed, problem } = published;
  if (rows === expected_rows && gaps === 0 && failed === 0) return;
  throw new Error(
    `${rows} rows of ${expected_rows} came, ${gaps} gaps, ${failed} connections lost: ${problem}`,
  );
}
