import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { findRedis } from './find.mjs';
import { startRedis } from './redis.mjs';

describe.skipIf(!findRedis())('Redis for tests', () => {
  test('stops, and comes back empty on the same port', async () => {
    const first = await startRedis();
    expect(await tell(first.port, 'SET kept yes')).toBe('+OK');
    await first.stop();
    await expect(tell(first.port, 'PING')).rejects.toThrow(/ECONNREFUSED/);

    const second = await startRedis({ port: first.port });
    try {
      expect(second.url).toBe(first.url);
      expect(await tell(second.port, 'EXISTS kept')).toBe(':0');
    } finally {
      await second.stop();
    }
  });

  test('does not take over a port that is in use', async () => {
    const running = await startRedis();
    try {
      await expect(startRedis({ port: running.port })).rejects.toThrow(/in use/);
      expect(await tell(running.port, 'PING')).toBe('+PONG');
    } finally {
      await running.stop();
    }
  });
});

/**
 * @param {number} port
 * @param {string} command
 * @returns {Promise<string>}
 */
function tell(port, command) {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(`${command}\r\n`));
    socket.once('error', reject);
    socket.once('data', (answer) => {
      socket.destroy();
      resolve(String(answer).trim());
    });
  });
}
