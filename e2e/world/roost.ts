import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from './until.ts';

const PROGRAM = fileURLToPath(new URL('../../packages/server/dist/roost.js', import.meta.url));
export const OWNER = { email: 'owner@roost.test', password: 'a long enough password' };

export interface Roost {
  readonly url: string;
  readonly port: number;
  readonly smtpPort: number;
  readonly data: string;
  /** Everything the server has printed. */
  output(): string;
  /** Starts the server again, on the same ports and data. */
  start(): Promise<void>;
  /** Ends it; resolves with its exit code, or the signal that ended it. */
  end(signal: NodeJS.Signals): Promise<number | NodeJS.Signals>;
  /** Ends it if it runs, and removes its data. */
  remove(): Promise<void>;
}

/** The built server, as `npm start` runs it, with ports and data of its own. */
export async function startRoost(settings: Record<string, string> = {}): Promise<Roost> {
  const data = await mkdtemp(join(tmpdir(), 'roost-e2e-'));
  const [port, smtpPort] = [await freePort(), await freePort()];
  let child: ChildProcess | null = null;
  let output = '';
  const url = `http://127.0.0.1:${port}`;

  const roost: Roost = {
    url,
    port,
    smtpPort,
    data,
    output: () => output,
    async start() {
      const started = spawn(process.execPath, [PROGRAM], {
        env: { ...process.env, ...environment(data, port, smtpPort), ...settings },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      child = started;
      const before = output.length;
      const take = (chunk: Buffer) => {
        output += chunk.toString();
      };
      started.stdout.on('data', take);
      started.stderr.on('data', take);
      await until('the server is live', () => {
        if (started.exitCode !== null) throw new Error(`The server ended: ${output.slice(before)}`);
        return output.slice(before).includes('Roost is live at');
      });
    },
    async end(signal) {
      const ending = child;
      if (!ending || ending.exitCode !== null || ending.signalCode !== null) return ending?.exitCode ?? 0;
      const exited = once(ending, 'exit');
      ending.kill(signal);
      const [code, by] = (await exited) as [number | null, NodeJS.Signals | null];
      return code ?? (by as NodeJS.Signals);
    },
    async remove() {
      await roost.end('SIGKILL');
      await rm(data, { recursive: true, force: true });
    },
  };
  await roost.start();
  return roost;
}

function environment(data: string, port: number, smtpPort: number): Record<string, string> {
  return {
    ROOST_DATA: data,
    ROOST_PORT: String(port),
    ROOST_SMTP_PORT: String(smtpPort),
    ROOST_OWNER_EMAIL: OWNER.email,
    ROOST_OWNER_PASSWORD: OWNER.password,
    ROOST_LOG_LEVEL: 'warn',
  };
}

export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('No port');
  return address.port;
}

/** An access token for the owner, by the REST API. */
export async function signIn(roost: Pick<Roost, 'url'>): Promise<string> {
  const answer = await fetch(`${roost.url}/api/v1/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(OWNER),
  });
  if (!answer.ok) throw new Error(`Sign-in answered ${answer.status}: ${await answer.text()}`);
  return ((await answer.json()) as { access_token: string }).access_token;
}

/** Subjects of every message the server holds, newest first. */
export async function storedSubjects(roost: Pick<Roost, 'url'>): Promise<string[]> {
  const token = await signIn(roost);
  const subjects: string[] = [];
  let before: string | null = null;
  do {
    const query = new URLSearchParams({ limit: '200', ...(before ? { before } : {}) });
    const answer = await fetch(`${roost.url}/api/v1/inbox?${query}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const page = (await answer.json()) as { rows: { subject: string }[]; next: string | null };
    subjects.push(...page.rows.map(({ subject }) => subject));
    before = page.next;
  } while (before);
  return subjects;
}
