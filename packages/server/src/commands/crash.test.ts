import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { systemClock, systemRandom } from '../clock.ts';
import { commands, registry } from '../domain/index.ts';
import { openSqlite } from '../store/sqlite/sqlite.ts';
import { StoreEngine } from './index.ts';
import { arrival } from './testing/arrivals.ts';
import { type BuiltWorker, buildWorker } from './testing/built-worker.ts';
import { Node, system } from './testing/node.ts';

const ROUNDS = 8;
/** Answers after which a round is cut off, at any instant of the work that follows. */
const TOLD_MAX_COUNT = 400;
const LONG_MS = 60_000;

let built: BuiltWorker;
let folder: string;
let child: ChildProcess | null = null;

beforeAll(async () => {
  built = await buildWorker('commands/testing/accepting-child');
  folder = mkdtempSync(join(tmpdir(), 'roost-crash-'));
});
afterEach(() => child?.kill('SIGKILL'));
afterAll(() => {
  built.remove();
  rmSync(folder, { recursive: true, force: true });
});

async function openNode() {
  const database = await openSqlite(join(folder, 'roost.db'));
  return { database, node: new Node(new StoreEngine(database, registry, systemClock, systemRandom)) };
}

/** Lets a process take messages, and kills it once it has told of so many. */
async function round(name: string, toldCount: number) {
  const asked: string[] = [];
  const told: string[] = [];
  const strange: string[] = [];
  const running = spawn(
    process.execPath,
    [built.fileOf('commands/testing/accepting-child'), built.entry, join(folder, 'roost.db'), 'a', name],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  child = running;
  for await (const line of createInterface({ input: running.stdout })) {
    const [word, id = ''] = line.split(' ');
    if (word === 'asked') asked.push(id);
    else if (word === 'told') told.push(id);
    else strange.push(line);
    if (told.length === toldCount) running.kill('SIGKILL');
  }
  if (running.exitCode === null && running.signalCode === null) await once(running, 'exit');
  expect(running.signalCode).toBe('SIGKILL');
  expect(strange).toEqual([]);
  return { asked, told };
}

test(
  'killed at any instant, again and again, nothing told is lost and nothing asked is there twice',
  async () => {
    const founding = await openNode();
    await founding.node.found('a');
    await founding.node.engine.close();

    const asked: string[] = [];
    const told: string[] = [];
    for (let at = 0; at < ROUNDS; at += 1) {
      const ended = await round(`${at}`, 1 + Math.floor(Math.random() * TOLD_MAX_COUNT));
      asked.push(...ended.asked);
      told.push(...ended.told);
    }

    const { database, node } = await openNode();
    expect(database.connection.pragma('integrity_check', { simple: true })).toBe('ok');
    const subjects = async () =>
      (await node.rows('a')).rows.map((row) => (JSON.parse(row) as { subject: string }).subject);
    const stored = await subjects();
    expect(new Set(stored).size, 'each once').toBe(stored.length);
    expect(
      told.filter((id) => !stored.includes(id)),
      'told and lost',
    ).toEqual([]);
    expect(
      stored.filter((id) => !asked.includes(id)),
      'stored and never asked',
    ).toEqual([]);

    const log = await node.log('a');
    expect(log?.entries.map(({ offset }) => offset)).toEqual(log?.entries.map((_, at) => at + 1));
    expect(log?.head.offset).toBe(log?.entries.length);
    // Founding took two entries, and every message one.
    expect(log?.head.offset).toBe(stored.length + 2);

    // Whoever was never told asks again with the same id: what was done stays done, what was not is done now.
    for (const id of asked.filter((one) => !told.includes(one))) {
      await node.bus.execute(commands.acceptMessages, {
        org: 'a',
        actor: system,
        id,
        input: { arrivals: [arrival('bob@x.a.test', { subject: id })] },
      });
    }
    expect((await subjects()).sort()).toEqual([...asked].sort());
    await node.engine.close();
  },
  LONG_MS,
);
