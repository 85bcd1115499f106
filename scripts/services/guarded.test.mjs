import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { spawnGuarded } from './guarded.mjs';

const SLEEPER = ['-c', 'echo $$ >pid; exec sleep 600'];

test('a stopped service is gone, and so is its directory', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'roost-guarded-'));
  const service = spawnGuarded('sh', SLEEPER, { dir, stopSignal: 'SIGTERM' });
  const pid = await pidIn(dir);
  expect(isAlive(pid)).toBe(true);
  await service.stop();
  await service.stop();
  expect([service.running(), isAlive(pid), existsSync(dir)]).toEqual([false, false, false]);
});

test('a service that ends by itself is noticed, with its last words', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'roost-guarded-'));
  const service = spawnGuarded('sh', ['-c', 'echo no room >&2; exit 3'], { dir, stopSignal: 'SIGTERM' });
  await until(() => !service.running());
  expect(service.output()).toContain('no room');
  expect(existsSync(dir)).toBe(false);
});

test('a service ends when its owner is killed with -9', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'roost-guarded-'));
  const program = `
    import { spawnGuarded } from ${JSON.stringify(new URL('./guarded.mjs', import.meta.url).href)};
    spawnGuarded('sh', ${JSON.stringify(SLEEPER)}, { dir: ${JSON.stringify(dir)}, stopSignal: 'SIGTERM' });
  `;
  const owner = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'ignore' });
  const pid = await pidIn(dir);
  owner.kill('SIGKILL');
  await until(() => !isAlive(pid) && !existsSync(dir));
});

/** @param {string} dir */
async function pidIn(dir) {
  const path = join(dir, 'pid');
  await until(() => existsSync(path) && readFileSync(path, 'utf8').endsWith('\n'));
  return Number(readFileSync(path, 'utf8'));
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** @param {() => boolean} holds */
async function until(holds) {
  await expect.poll(holds, { timeout: 10_000, interval: 20 }).toBe(true);
}
