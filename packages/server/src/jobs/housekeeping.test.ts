import { mkdtemp, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CommandBus, StoreEngine } from '../commands/index.ts';
import { arrival } from '../commands/testing/arrivals.ts';
import { ManualClock } from '../commands/testing/manual-clock.ts';
import { commands, queries, registry } from '../domain/index.ts';
import { type Blobs, openBlobs } from '../store/blobs/index.ts';
import { placeOf } from '../store/blobs/place.ts';
import { openSqlite, type SqliteDatabase } from '../store/sqlite/sqlite.ts';
import { Housekeeping } from './housekeeping.ts';
import type { HousekeepingNeeds } from './needs.ts';

const system = { kind: 'system', name: 'test' } as const;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

let folder: string;
let clock: ManualClock;
let database: SqliteDatabase;
let bus: CommandBus;
let blobs: Blobs;
let log: { info: unknown[]; warn: unknown[]; error: unknown[] };
let needs: HousekeepingNeeds;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'roost-jobs-'));
  clock = new ManualClock();
  database = await openSqlite(':memory:');
  bus = new CommandBus(
    new StoreEngine(database, registry, clock, Math.random),
    () => 'all',
    () => {},
    () => {},
  );
  blobs = await openBlobs(folder, undefined, clock);
  log = { info: [], warn: [], error: [] };
  needs = {
    bus,
    blobs,
    log: {
      info: (about) => void log.info.push(about),
      warn: (says) => void log.warn.push(says),
      error: (_about, says) => void log.error.push(says),
    },
  };
});
afterEach(async () => {
  await bus.idle();
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

async function found(org: string): Promise<string> {
  const input = { name: org, owner_email: `o@${org}.test`, owner_name: '', password_hash: null };
  const { result } = await bus.execute(commands.foundOrganisation, { org, actor: system, input });
  await bus.execute(commands.keepMailInbox, { org, actor: system, input: { address: `*.${org}.test` } });
  return result.user_id;
}

const deliver = (org: string, source: string | null = null) =>
  bus.execute(commands.acceptMessages, {
    org,
    actor: system,
    input: { arrivals: [arrival(`bob@qa.${org}.test`, { source })] },
  });

const oldest = async () =>
  (await bus.query(queries.readHeads, { org: '', actor: system, input: { orgs: ['a', 'b'] } })).map(
    (head) => [head.org, head.oldest, head.offset],
  );

const sessions = () => database.read((tx) => tx.all<{ org: string }>('select org from session order by org'));

/** Bytes in the folder that were last touched as long ago as told. */
async function blobOfAge(text: string, ageMs: number): Promise<string> {
  const digest = await blobs.put(Buffer.from(text));
  const at = new Date(clock.now() - ageMs);
  await utimes(placeOf(folder, digest).path, at, at);
  return digest;
}

describe('housekeeping', () => {
  test('drops of every organisation the old log entries and the sessions whose time is over', async () => {
    for (const org of ['a', 'b']) {
      const user_id = await found(org);
      for (const days of [1, 30]) {
        const input = { user_id, seed: 'x'.repeat(43), expires_at: clock.now() + days * DAY_MS };
        await bus.execute(commands.openSession, { org, actor: system, input });
      }
      await deliver(org);
    }
    clock.advance(8 * DAY_MS);
    for (const org of ['a', 'b']) await deliver(org);
    const housekeeping = new Housekeeping(needs, clock, 7);
    await housekeeping.run();
    await housekeeping.stop();
    expect(await oldest()).toEqual([
      ['a', 6, 6],
      ['b', 6, 6],
    ]);
    expect(await sessions()).toEqual([{ org: 'a' }, { org: 'b' }]);
    expect(log.error).toEqual([]);
  });

  test('keeps what is younger than the days it is told', async () => {
    await found('a');
    const before = await oldest();
    clock.advance(8 * DAY_MS);
    await new Housekeeping(needs, clock, 9).run();
    expect(await oldest()).toEqual(before);
  });

  test('asks again as long as there is more to drop', async () => {
    await found('a');
    const asked: boolean[] = [];
    const answers = [true, true, false];
    const execute = (async (command: { name: string }, request: never) => {
      if (command.name !== 'log.trim') return bus.execute(command as never, request);
      const result = answers.shift() as boolean;
      asked.push(result);
      return { offset: 0, result };
    }) as CommandBus['execute'];
    await new Housekeeping(
      { ...needs, bus: { execute, query: bus.query.bind(bus) as CommandBus['query'] } },
      clock,
      7,
    ).run();
    expect(asked).toEqual([true, true, false]);
  });

  test('removes old blobs that no message names, and no others', async () => {
    await found('a');
    const orphan = await blobOfAge('orphan', 2 * HOUR_MS);
    const young = await blobOfAge('young', HOUR_MS / 2);
    const named = await blobOfAge('named', 2 * HOUR_MS);
    await deliver('a', named);
    await new Housekeeping(needs, clock, 7).run();
    expect(await Promise.all([orphan, young, named].map((one) => blobs.get(one).then(String)))).toEqual([
      'null',
      'young',
      'named',
    ]);
    expect(log.info).toEqual([{ removed: 1, bytes: 6 }]);
  });

  test('goes on with the rest when one step fails, and says which', async () => {
    for (const org of ['a', 'b']) await found(org);
    clock.advance(8 * DAY_MS);
    await deliver('b');
    const orphan = await blobOfAge('orphan', 2 * HOUR_MS);
    const execute = (async (command: { name: string }, request: { org: string }) => {
      if (request.org === 'a') throw new Error('Not now');
      return bus.execute(command as never, request as never);
    }) as CommandBus['execute'];
    await new Housekeeping(
      { ...needs, bus: { execute, query: bus.query.bind(bus) as CommandBus['query'] } },
      clock,
      7,
    ).run();
    expect(log.error).toEqual([
      'Old log entries could not be dropped',
      'Old sessions could not be dropped',
      'Old uploads could not be dropped',
      'Old failed sendings could not be dropped',
      'Old attempts to bring mail could not be dropped',
    ]);
    expect((await oldest()).find(([org]) => org === 'b')).toEqual(['b', 3, 3]);
    expect(await blobs.get(orphan)).toBeNull();
  });
});

/** A sweep that ends when the test says so; every other step has nothing to do. */
function heldSweep() {
  const ends: (() => void)[] = [];
  const sweep = () =>
    new Promise<{ removed: number; bytes: number }>((resolve) => {
      ends.push(() => resolve({ removed: 0, bytes: 0 }));
    });
  return { sweep, begun: () => ends.length, end: () => ends.at(-1)?.() };
}

function latch() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}

describe('the times of housekeeping', () => {
  test('a minute after the start, and every hour; never two at once', async () => {
    const held = heldSweep();
    const housekeeping = new Housekeeping({ ...needs, blobs: held }, clock, 7);
    clock.advance(MINUTE_MS - 1);
    expect(held.begun()).toBe(0);
    clock.advance(1);
    await vi.waitFor(() => expect(held.begun()).toBe(1));
    clock.advance(HOUR_MS);
    const underWay = housekeeping.run();
    held.end();
    await underWay;
    expect(held.begun()).toBe(1);
    // The hour is counted from the end of the run that the hourly call found under way.
    await vi.waitFor(() => {
      clock.advance(HOUR_MS);
      expect(held.begun()).toBe(2);
    });
    held.end();
    await housekeeping.stop();
  });

  test('stopping waits for the run under way, and none begins any more', async () => {
    const held = heldSweep();
    const housekeeping = new Housekeeping({ ...needs, blobs: held }, clock, 7);
    clock.advance(MINUTE_MS);
    await vi.waitFor(() => expect(held.begun()).toBe(1));
    let isStopped = false;
    const stopped = housekeeping.stop().then(() => {
      isStopped = true;
    });
    await Promise.resolve();
    expect(isStopped).toBe(false);
    held.end();
    await stopped;
    clock.advance(3 * HOUR_MS);
    expect(held.begun()).toBe(1);
    expect(log.warn).toEqual([]);
  });

  test('stopping gives up a run that hangs', async () => {
    const held = heldSweep();
    const housekeeping = new Housekeeping({ ...needs, blobs: held }, clock, 7);
    clock.advance(MINUTE_MS);
    await vi.waitFor(() => expect(held.begun()).toBe(1));
    const stopped = housekeeping.stop();
    clock.advance(2_000);
    await stopped;
    expect(log.warn).toEqual(['Housekeeping did not stop in time']);
  });

  test('a sweep under way leaves off at its next question', async () => {
    await found('a');
    const orphan = await blobOfAge('orphan', 2 * HOUR_MS);
    const asking = latch();
    const goOn = latch();
    const sweep: HousekeepingNeeds['blobs']['sweep'] = (isReferenced, now) =>
      blobs.sweep(async (digests) => {
        asking.open();
        await goOn.opened;
        return isReferenced(digests);
      }, now);
    const housekeeping = new Housekeeping({ ...needs, blobs: { sweep } }, clock, 7);
    const run = housekeeping.run();
    await asking.opened;
    const stopped = housekeeping.stop();
    goOn.open();
    await Promise.all([run, stopped]);
    expect(await blobs.get(orphan)).not.toBeNull();
    expect(log.error).toEqual([]);
  });
});
