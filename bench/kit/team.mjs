import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Load } from './load.mjs';
import { startRoost } from './servers.mjs';

/** Who writes to the team, in turns: each has a conversation. */
export const CUSTOMERS = 200;

const HOST = 'https://bench.test';
const HOST_SECRET = 'a secret that the bench shares with its server';
const APP_SECRET = 'the secret of the app of the bench';
/** Of the payloads that the load client makes. */
const PHONE_NUMBER_ID = '106540352242922';
const TOKEN_SECONDS = 55 * 60;
/** Before a server refuses a signature it looks for new numbers, unless it looked less than a second ago. */
const NUMBER_KNOWN_MS = 1_200;
const PAGE = 100;

/**
 * @typedef {object} Team  a server with a WhatsApp number and agents at work
 * @property {import('./servers.mjs').Server & {data: string}} server
 * @property {Load} load  posts signed webhooks; its readers are the agents
 * @property {() => Promise<{seconds: number, groups: number}>} commits  what the store has done so far, as
 *   the server counts it
 * @property {() => Promise<void>} stop
 */

/**
 * A server with one WhatsApp number, a conversation with each customer, and agents who each have open what their screen
 * shows: the open conversations, what they have not read, and one conversation.
 *
 * @param {number} agents  each a person of their own
 * @param {{databaseUrl?: string, program?: string}} [options]
 * @returns {Promise<Team>}
 */
export async function startTeam(agents, options = {}) {
  const env = { ROOST_HOST_ISSUER: HOST, ROOST_HOST_AUDIENCE: 'roost', ROOST_HOST_SECRET: HOST_SECRET };
  const server = await startRoost({ ...options, env });
  const folder = mkdtempSync(join(tmpdir(), 'roost-bench-team-'));
  const load = new Load(
    'agents',
    { ...server, publishPath: '/webhooks/whatsapp' },
    { LOAD_SECRET: APP_SECRET, LOAD_CUSTOMERS: String(CUSTOMERS) },
  );
  const stop = async () => {
    await load.stop();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    server.roost(
      ...['inbox', 'add', 'whatsapp', '--phone-number-id', PHONE_NUMBER_ID],
      ...['--token', 'not called', '--app-secret', APP_SECRET],
    );
    await sleep(NUMBER_KNOWN_MS);
    await load.publish({ connections: 8, requests: CUSTOMERS });
    const conversations = await conversationIds(server);
    const org = server.roost('org', 'list').split(/\s/, 1)[0] ?? '';
    const lines = Array.from(
      { length: agents },
      (_, at) => `${hostToken(org, `agent-${at}`)} ${conversations[at % conversations.length]}`,
    );
    const file = join(folder, 'agents');
    writeFileSync(file, lines.join('\n'));
    await load.agents(file);
    await load.open(agents, 20);
    return { server, load, commits: () => commits(server.port), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * @param {import('./servers.mjs').Server} server
 * @returns {Promise<string[]>}
 */
async function conversationIds({ port, token }) {
  /** @type {string[]} */
  const ids = [];
  for (let before = ''; ids.length < CUSTOMERS; ) {
    const url = `http://127.0.0.1:${port}/api/v1/conversations?view=open&limit=${PAGE}${before && `&before=${before}`}`;
    const page = await (await fetch(url, { headers: { authorization: `Bearer ${token}` } })).json();
    ids.push(...page.rows.map((/** @type {{id: string}} */ { id }) => id));
    if (!page.next) break;
    before = encodeURIComponent(page.next);
  }
  if (ids.length !== CUSTOMERS)
    throw new Error(`${CUSTOMERS} customers wrote, ${ids.length} conversations are there`);
  return ids;
}

/**
 * Says who somebody is, as an application would that has its own people.
 *
 * @param {string} org
 * @param {string} sub
 */
function hostToken(org, sub) {
  const now = Math.floor(Date.now() / 1000);
  const part = (/** @type {object} */ value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = { iss: HOST, aud: 'roost', sub, org, role: 'agent', iat: now, exp: now + TOKEN_SECONDS };
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
  return `${signed}.${createHmac('sha256', HOST_SECRET).update(signed).digest('base64url')}`;
}

/** @param {number} port */
async function commits(port) {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const value = (/** @type {string} */ name) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
  return { seconds: value('roost_commit_seconds_sum'), groups: value('roost_commit_seconds_count') };
}
