import { mkdtempSync, realpathSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findRedis, freePort } from './find.mjs';
import { spawnGuarded } from './guarded.mjs';
import { untilReady, withRetries } from './ready.mjs';

const START_DEADLINE_MS = 15_000;
const START_ATTEMPTS = 3;
const ANSWER_TIMEOUT_MS = 1_000;
/** An array of two strings: its length, and a length and a text for each. */
const ANSWER_LINES = 5;

/**
 * A Redis of our own without persistence, on 127.0.0.1, gone after `stop()` or with this process.
 *
 * @param {{port?: number}} [options]  a fixed port brings a stopped server back where its clients look for it
 * @returns {Promise<{url: string, port: number, stop: () => Promise<void>}>}
 */
export async function startRedis({ port } = {}) {
  const program = findRedis();
  if (program === null) throw new Error('Redis is not installed: no redis-server found');
  if (port !== undefined) return startOnce(program, port);
  return withRetries(async () => startOnce(program, await freePort()), START_ATTEMPTS);
}

/**
 * @param {string} program
 * @param {number} port
 */
async function startOnce(program, port) {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'roost-redis-')));
  const settings = { port, bind: '127.0.0.1', dir, save: '', appendonly: 'no', loglevel: 'warning' };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const service = spawnGuarded(program, args, { dir, stopSignal: 'SIGKILL' });
  try {
    await untilReady('Redis', service, () => isOurs(port, dir), START_DEADLINE_MS);
  } catch (error) {
    await service.stop();
    throw error;
  }
  return { url: `redis://127.0.0.1:${port}`, port, stop: service.stop };
}

/**
 * That the server which answers works in our directory: somebody else may have taken the port before ours did.
 *
 * @param {number} port
 * @param {string} dir
 * @returns {Promise<void>}
 */
function isOurs(port, dir) {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('CONFIG GET dir\r\n'));
    let answer = '';
    socket.setTimeout(ANSWER_TIMEOUT_MS, () => socket.destroy(new Error('no answer')));
    socket.once('error', reject);
    socket.once('close', () => reject(new Error(`another server's answer: ${answer}`)));
    socket.on('data', (part) => {
      answer += part;
      if (answer.includes(`${dir}\r\n`)) resolve();
      if (answer.split('\r\n').length > ANSWER_LINES) socket.destroy();
    });
  });
}
