import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { findPostgres, freePort } from './find.mjs';
import { spawnGuarded } from './guarded.mjs';
import { untilReady, withRetries } from './ready.mjs';

const START_DEADLINE_MS = 30_000;
const START_ATTEMPTS = 3;

/**
 * A PostgreSQL cluster of our own: new, on a free port of 127.0.0.1, gone after `stop()` or with this process.
 *
 * @param {{fsync?: boolean}} [options]  fsync is on unless a test says it does not matter
 * @returns {Promise<{url: string, stop: () => Promise<void>}>}  url of its `postgres` database
 */
export async function startPostgres({ fsync = true } = {}) {
  const programs = findPostgres();
  if (programs === null) throw new Error('PostgreSQL is not installed: no initdb and postgres found');
  return withRetries(() => startOnce(programs, fsync), START_ATTEMPTS);
}

/**
 * @param {{initdb: string, postgres: string}} programs
 * @param {boolean} fsync
 */
async function startOnce(programs, fsync) {
  const account = serverAccount();
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'roost-postgres-')));
  if (account) chownSync(dir, account.uid, account.gid);
  const cluster = join(dir, 'cluster');
  try {
    execFileSync(programs.initdb, initdbArguments(programs.initdb, cluster), {
      cwd: dir,
      stdio: 'pipe',
      ...account,
    });
  } catch (error) {
    rmSync(dir, { recursive: true, force: true });
    throw error;
  }

  const port = await freePort();
  const settings = [
    'listen_addresses=127.0.0.1',
    `unix_socket_directories=${dir}`,
    `fsync=${fsync ? 'on' : 'off'}`,
    'max_connections=200',
  ].flatMap((setting) => ['-c', setting]);
  const service = spawnGuarded(programs.postgres, ['-D', cluster, '-p', String(port), ...settings], {
    dir,
    stopSignal: 'SIGQUIT', // at once: nothing in this cluster is worth a checkpoint
    account,
  });
  const url = `postgres://roost@127.0.0.1:${port}/postgres`;
  try {
    await untilReady('PostgreSQL', service, () => isOurs(url, cluster), START_DEADLINE_MS);
  } catch (error) {
    await service.stop();
    throw error;
  }
  return { url, stop: service.stop };
}

/**
 * An empty database of its own for one test file, in the cluster behind `url`.
 *
 * @param {string} url  of any database in the cluster
 * @returns {Promise<{url: string, drop: () => Promise<void>}>}  drop also ends connections left open
 */
export async function createDatabase(url) {
  const name = `test_${randomBytes(8).toString('hex')}`;
  await query(url, `create database ${name}`);
  const drop = async () => {
    await query(url, `drop database if exists ${name} with (force)`);
  };
  const own = new URL(url);
  own.pathname = `/${name}`;
  return { url: own.href, drop };
}

/**
 * That the server which answers serves our cluster: somebody else may have taken the port before ours did.
 *
 * @param {string} url
 * @param {string} cluster
 */
async function isOurs(url, cluster) {
  const [row] = await query(url, 'show data_directory');
  if (row?.data_directory !== cluster) throw new Error(`another server, of ${row?.data_directory}`);
}

/**
 * @param {string} url
 * @param {string} sql
 * @returns {Promise<Record<string, unknown>[]>}
 */
async function query(url, sql) {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {}); // a server that dies while we hang up; the query itself still reports errors
  try {
    await client.connect();
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

/**
 * Linguistic collation where the version can do it: that is what most installations have, and a query that
 * counts on byte order must fail here rather than there.
 *
 * @param {string} initdb
 * @param {string} cluster
 */
function initdbArguments(initdb, cluster) {
  const common = ['-D', cluster, '-U', 'roost', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
  const major = Number(/\d+/.exec(execFileSync(initdb, ['--version'], { encoding: 'utf8' }))?.[0]);
  return major >= 15 ? [...common, '--locale-provider=icu', '--icu-locale=en-US'] : common;
}

/** PostgreSQL refuses to run as root; its package brings an account for it. */
function serverAccount() {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ['postgres', 'nobody']) {
    try {
      const id = (/** @type {string} */ flag) =>
        Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
      return { uid: id('-u'), gid: id('-g') };
    } catch {
      // no such account
    }
  }
  throw new Error('PostgreSQL cannot run as root, and there is no account `postgres` or `nobody` to use');
}
