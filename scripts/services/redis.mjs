import { mkdtempSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findRedis, freePort } from './find.mjs';
import { spawnGuarded } from './guarded.mjs';
import { untilReady, withRetries } from './ready.mjs';

const START_DEADLINE_MS = 15_000;
const START_ATTEMPTS = 3;
const PING_TIMEOUT_MS = 1_000;

/**
 * A Redis of our own without persistence, on 127.0.0.1, gone after `stop()` or with this process.
 *
 * @param {{port?: number}} [options]  a fixed port brings a stopped server back where its clients look for it
 * @returns {Promise<{url: string, port: number, stop: () => Promise<void>}>}
 */
export async function startRedis({ port } = {}) {
  const program = findRedis();
  if (program === null) throw new Error('Redis is not installed: no redis-server found');
  return withRetries(async () => startOnce(program, port ?? (await freePort())), START_ATTEMPTS);
}

/**
 * @param {string} program
 * @param {number} port
 */
async function startOnce(program, port) {
  const dir = mkdtempSync(join(tmpdir(), 'roost-redis-'));
  const settings = { port, bind: '127.0.0.1', dir, save: '', appendonly: 'no', loglevel: 'warning' };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const service = spawnGuarded(program, args, { dir, stopSignal: 'SIGKILL' });
  try {
    await untilReady('Redis', service, () => ping(port), START_DEADLINE_MS);
    // Whatever answered, ours must be alive: a stranger on this port would have made it end.
    if (!service.running()) throw new Error(`Redis ended while starting:\n${service.output()}`);
  } catch (error) {
    await service.stop();
    throw error;
  }
  return { url: `redis://127.0.0.1:${port}`, port, stop: service.stop };
}

/**
 * @param {number} port
 * @returns {Promise<void>}
 */
function ping(port) {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.setTimeout(PING_TIMEOUT_MS, () => socket.destroy(new Error('no answer to PING')));
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('closed before PONG')));
    socket.once('data', (answer) => {
      if (String(answer).startsWith('+PONG')) resolve();
      else reject(new Error(`unexpected answer to PING: ${answer}`));
      socket.destroy();
    });
  });
}
