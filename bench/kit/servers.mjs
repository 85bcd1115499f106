import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inRoot } from '../../scripts/root.mjs';
import { Child } from './child.mjs';

/**
 * @typedef {object} Server  one that was started for a bench, on the server's core
 * @property {number} port
 * @property {string} publishPath  takes one message, or `{messages: [...]}`
 * @property {string} token  for sockets and requests; "" where nobody asks
 * @property {Child} child
 * @property {() => Promise<void>} stop  and nothing of it is left
 */

/** Another build may be named, so that what was just changed is not rebuilt under a bench that runs. */
const ROOST = process.env.BENCH_ROOST ?? inRoot('packages/server/dist/roost.js');
const START_DEADLINE_MS = 30_000;
/** Lets the bench collect garbage in any server before it looks at its memory. */
const COLLECTOR = fileURLToPath(new URL('./collect-on-signal.mjs', import.meta.url));
const WITH_COLLECTOR = ['--expose-gc', '--import', COLLECTOR];

/**
 * The built server, with a data folder of its own that goes with it.
 *
 * @param {object} [options]
 * @param {string} [options.data]  an existing folder, which stays
 * @param {string} [options.databaseUrl]  PostgreSQL
 * @param {boolean} [options.collects]  on SIGUSR2 it collects garbage
 * @param {Record<string, string>} [options.env]  more settings
 * @param {string} [options.program]  another build of the server, to compare it with
 * @returns {Promise<Server & {smtpPort: number, data: string, roost: (...args: string[]) => string}>}  `roost` runs
 *   a command of the command line on the server's store, and returns what it says
 */
export async function startRoost({ data, databaseUrl, collects = false, env = {}, program = ROOST } = {}) {
  const folder = data ?? mkdtempSync(join(tmpdir(), 'roost-bench-'));
  const settings = {
    ROOST_DATA: folder,
    ROOST_PORT: '0',
    ROOST_SMTP_PORT: '0',
    ROOST_HOST: '127.0.0.1',
    ROOST_LOG_LEVEL: 'warn',
    // One client stands for many here. It is still counted, so that counting is in the figures.
    ROOST_RATE_PERSON: '1000000000',
    ROOST_RATE_INGEST: '1000000000',
    ROOST_RATE_WEBHOOK: '1000000000',
    ROOST_OWNER_PASSWORD: 'a password for the bench',
    ...(databaseUrl ? { ROOST_DATABASE_URL: databaseUrl } : {}),
    ...env,
  };
  const roost = (/** @type {string[]} */ ...args) =>
    execFileSync(process.execPath, [program, ...args], {
      env: { ...process.env, ...settings },
      encoding: 'utf8',
    }).trim();
  const child = new Child(
    'server',
    process.execPath,
    [...(collects ? WITH_COLLECTOR : []), program, 'start'],
    settings,
  );
  const stop = async () => {
    await child.stop();
    if (data === undefined) rmSync(folder, { recursive: true, force: true });
  };
  try {
    const live = await child.line(START_DEADLINE_MS, (line) => line.includes('Roost is live at'));
    const url = /** @type {string} */ (/http:\/\/\S+?(?=[\s/]|$)/.exec(live)?.[0]);
    const token = roost('token', 'create', '--name', 'bench', '--scopes', 'read,ingest');
    const facts = await (await fetch(`${url}/api/v1/server`)).json();
    return {
      port: Number(new URL(url).port),
      publishPath: '/api/v1/ingest/messages',
      token,
      child,
      smtpPort: facts.smtp_port,
      data: folder,
      roost,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * One of bench/peers.
 *
 * @param {string} name
 * @param {Record<string, string>} [env]
 * @param {{collects?: boolean}} [options]
 * @returns {Promise<Server>}
 */
export async function startPeer(name, env = {}, { collects = false } = {}) {
  const file = fileURLToPath(new URL(`../peers/${name}.mjs`, import.meta.url));
  const child = new Child('server', process.execPath, [...(collects ? WITH_COLLECTOR : []), file], env);
  try {
    const line = await child.line(START_DEADLINE_MS, (said) => said.startsWith('listening '));
    return {
      port: Number(line.slice('listening '.length)),
      publishPath: '/publish',
      token: '',
      child,
      stop: () => child.stop(),
    };
  } catch (error) {
    await child.stop();
    throw error;
  }
}
