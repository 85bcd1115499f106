import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DeliveryStatus } from '@roost/protocol';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { systemClock, systemRandom } from '../clock.ts';
import { StoreEngine } from '../commands/index.ts';
import { type BuiltWorker, buildWorker } from '../commands/testing/built-worker.ts';
import { Node } from '../commands/testing/node.ts';
import { registry } from '../domain/index.ts';
import { Correspondence } from '../domain/outbox/testing/correspondence.ts';
import { openSmtpSink, type SmtpSink } from '../outbound/testing/smtp-sink.ts';
import { openSqlite } from '../store/sqlite/sqlite.ts';
import type { Step } from './testing/sending-child.ts';

const LONG_MS = 90_000;
const ROUNDS = 6;
const MESSAGES_A_ROUND = 12;

let built: BuiltWorker;
let folder: string;
let child: ChildProcess | null = null;
const closes: (() => Promise<void>)[] = [];
beforeAll(async () => {
  built = await buildWorker('jobs/testing/sending-child');
}, LONG_MS);
afterAll(() => built.remove());
afterEach(async () => {
  child?.kill('SIGKILL');
  for (const close of closes.splice(0)) await close();
  rmSync(folder, { recursive: true, force: true });
});

/** The store, for as long as `work` takes; nobody else has it open then. */
async function inStore<T>(work: (node: Node) => Promise<T>): Promise<T> {
  const database = await openSqlite(join(folder, 'roost.db'));
  const node = new Node(new StoreEngine(database, registry, systemClock, systemRandom));
  try {
    return await work(node);
  } finally {
    await node.bus.idle();
    await database.close();
  }
}

let desk: Correspondence;
async function begin(): Promise<void> {
  folder = mkdtempSync(join(tmpdir(), 'roost-outbox-crash-'));
  await inStore(async ({ bus }) => {
    desk = await Correspondence.begin(bus, 'a');
  });
}

function written(count: number): Promise<string[]> {
  return inStore(async ({ bus }) => {
    const at = desk.over(bus);
    const ids: string[] = [];
    for (let one = 0; one < count; one += 1)
      ids.push(await at.answer(await at.begun(`p${one}@example.org`), `${one}`));
    return ids;
  });
}

function statuses(ids: readonly string[]): Promise<(DeliveryStatus | null)[]> {
  return inStore(async ({ bus }) => Promise.all(ids.map((id) => desk.over(bus).statusOf(id))));
}

function start(url: string, step: Step): ChildProcess {
  const file = built.fileOf('jobs/testing/sending-child');
  child = spawn(process.execPath, [file, join(folder, 'roost.db'), url, step], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  return child;
}

async function ended(running: ChildProcess): Promise<NodeJS.Signals | null> {
  if (running.exitCode === null && running.signalCode === null) await once(running, 'exit');
  return running.signalCode;
}

/** Sends until nothing waits any more, and ends as a server does. */
async function heal(url: string): Promise<void> {
  const running = start(url, 'never');
  const database = await openSqlite(join(folder, 'roost.db'), { readOnly: true });
  const open = () =>
    database.read((tx) => tx.all(`select 1 as one from outbox where state in ('waiting', 'sending')`));
  await expect.poll(async () => (await open()).length, { timeout: 30_000, interval: 50 }).toBe(0);
  await database.close();
  running.stdin?.end();
  expect(await ended(running)).toBeNull();
}

interface OtherSide {
  readonly url: string;
  copiesOf(id: string): number;
  /** Called in the middle of taking a message. */
  onTaking: (at: 'before' | 'after') => void;
}

async function mailSide(): Promise<OtherSide> {
  const side = { onTaking: (_at: 'before' | 'after') => {} };
  const taken: string[] = [];
  const sink: SmtpSink = await openSmtpSink({
    onRcptTo(_address, _session, done) {
      side.onTaking('before');
      done();
    },
    onData(stream, _session, done) {
      let source = '';
      stream.on('data', (chunk: Buffer) => {
        source += chunk.toString('latin1');
      });
      stream.on('end', () => {
        taken.push(/^Message-ID: <([^@>]+)@/im.exec(source)?.[1] ?? 'without an id');
        // It has the mail, and dies before it can say so, as far as the sender is concerned.
        side.onTaking('after');
        setTimeout(done, 20);
      });
    },
  });
  closes.push(() => sink.close());
  return Object.assign(side, {
    url: `smtp://127.0.0.1:${sink.port}`,
    copiesOf: (id: string) => taken.filter((one) => one === id).length,
  });
}

async function httpSide(): Promise<OtherSide> {
  const side = { onTaking: (_at: 'before' | 'after') => {} };
  const taken: string[] = [];
  const server: Server = createServer(async (request, response) => {
    side.onTaking('before');
    let body = '';
    for await (const chunk of request) body += chunk;
    taken.push(body);
    side.onTaking('after');
    setTimeout(() => response.end(`x-${body}`), 20);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closes.push(
    () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  );
  return Object.assign(side, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/messages`,
    copiesOf: (id: string) => taken.filter((one) => one === id).length,
  });
}

describe.each([
  ['a mail server', mailSide],
  ['a provider over HTTP', httpSide],
] as const)('killed at a step of the way to %s', (_, open) => {
  test.each<[Step, DeliveryStatus, number]>([
    ['before claim', 'sent', 1],
    ['after claim', 'unknown', 0],
    ['after call', 'unknown', 1],
    ['after settle', 'sent', 1],
  ])(
    '%s: %s in the end, and %i copies',
    async (step, status, copies) => {
      await begin();
      const side = await open();
      const [id] = await written(1);
      expect(await ended(start(side.url, step))).toBe('SIGKILL');
      await heal(side.url);
      expect(await statuses([id as string])).toEqual([status]);
      expect(side.copiesOf(id as string)).toBe(copies);
    },
    LONG_MS,
  );

  test.each<['before' | 'after', number[]]>([
    ['before', [0, 1]],
    ['after', [1]],
  ])(
    'during the call, %s the other side has it: unknown',
    async (at, copies) => {
      await begin();
      const side = await open();
      const [id] = await written(1);
      const running = start(side.url, 'never');
      side.onTaking = (reached) => {
        if (reached === at) running.kill('SIGKILL');
      };
      expect(await ended(running)).toBe('SIGKILL');
      side.onTaking = () => {};
      await heal(side.url);
      expect(await statuses([id as string])).toEqual(['unknown']);
      expect(copies).toContain(side.copiesOf(id as string));
    },
    LONG_MS,
  );

  test(
    'at any instant, again and again: one copy and told so, or unknown and at most one',
    async () => {
      await begin();
      const side = await open();
      const ids: string[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        ids.push(...(await written(MESSAGES_A_ROUND)));
        const running = start(side.url, 'never');
        // After so many have begun, somewhere in the middle of the others.
        let left = 1 + Math.floor(Math.random() * MESSAGES_A_ROUND);
        side.onTaking = (at) => {
          if (at === 'before') left -= 1;
          if (left === 0) setTimeout(() => running.kill('SIGKILL'), Math.random() * 20);
        };
        // Those left unknown are not sent again, so a round may have fewer to begin than it waits for.
        const late = setTimeout(() => running.kill('SIGKILL'), 5_000);
        expect(await ended(running)).toBe('SIGKILL');
        clearTimeout(late);
      }
      side.onTaking = () => {};
      await heal(side.url);
      const ends = await statuses(ids);
      ids.forEach((id, at) => {
        const copies = side.copiesOf(id);
        if (ends[at] === 'sent') expect(copies, `copies of ${id}`).toBe(1);
        else {
          expect(ends[at]).toBe('unknown');
          expect(copies, `copies of ${id}`).toBeLessThanOrEqual(1);
        }
      });
      expect(ends.filter((end) => end === 'sent').length).toBeGreaterThan(0);
    },
    LONG_MS,
  );
});
