import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { shown } from './numbers.mjs';

const COMMITS = 100;
const PAUSE_MS = 5;
const ROW = 'x'.repeat(1500);

/**
 * How long the disk keeps a lone writer waiting now: nothing durable can be quicker. In words, for the notes.
 *
 * @returns {Promise<string>}
 */
export async function commitTimes() {
  const folder = mkdtempSync(join(tmpdir(), 'roost-bench-disk-'));
  const database = new Database(join(folder, 'disk.db'));
  try {
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = FULL');
    database.exec('create table row (text text)');
    const insert = database.prepare('insert into row values (?)');
    /** @type {number[]} */
    const tookMs = [];
    for (let i = 0; i < COMMITS; i += 1) {
      const startedAt = performance.now();
      insert.run(ROW);
      tookMs.push(performance.now() - startedAt);
      await sleep(PAUSE_MS);
    }
    tookMs.sort((a, b) => a - b);
    const at = (/** @type {number} */ share) => shown(tookMs[Math.floor(COMMITS * share)] ?? 0);
    return `a bare commit with full sync took ${at(0.5)} ms (p50), ${at(0.99)} ms (p99)`;
  } finally {
    database.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
