import { createHash } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../clock.ts';
import { CommandBus, StoreEngine } from '../commands/index.ts';
import { type Arrival, commands, queries, registry } from '../domain/index.ts';
import { seeded } from '../oracle/chance.ts';
import { openSqlite } from '../store/sqlite/sqlite.ts';
import { mailToArrival } from './mail.ts';
import type { ParsedMail } from './mime.ts';
import { MimePool } from './mime-pool.ts';
import { expectBounded } from './testing/bounded.ts';
import { goldenMails } from './testing/golden/mails.ts';
import { oddMails } from './testing/mails.ts';
import { mimeSeeds } from './testing/mime-seeds.ts';
import { EDIT_NAMES, type Mutated, mutate } from './testing/mutations.ts';
import { buildParseThread } from './testing/parse-thread.ts';

/** Set by `npm run fuzz:mime`. Without it every run of the tests tries the same ones. */
const { ROOST_FUZZ_RUNS, ROOST_FUZZ_SEED } = process.env;
const RUNS = Number(ROOST_FUZZ_RUNS ?? 300);
const SEED = Number(ROOST_FUZZ_SEED ?? 2030);
const WITHIN_MS = ROOST_FUZZ_RUNS === undefined ? 300_000 : 0;
/** So many are taken into the store by one command, as a busy server does it. */
const TOGETHER = 25;

const corpus = [...goldenMails, ...oddMails]
  .map(({ source }) => source)
  .filter((source) => source.length > 0 && source.length < 20_000);
const system = { kind: 'system', name: 'test' } as const;
const org = 'one';

let thread: Awaited<ReturnType<typeof buildParseThread>>;
let pool: MimePool;
let engine: StoreEngine;
let bus: CommandBus;
/** What the pool says of threads that it had to replace: none is a mail that was read within its bounds. */
const replaced: object[] = [];
const held = new Map<string, Buffer>();

beforeAll(async () => {
  thread = await buildParseThread();
  // Every mail is read in the thread, whose heap and time are bounded; what goes past them shows as a replaced thread.
  pool = new MimePool(
    pathToFileURL(thread.file),
    { warn: (what: object) => void replaced.push(what) },
    systemClock,
    0,
  );
  engine = new StoreEngine(await openSqlite(':memory:'), registry, systemClock, Math.random);
  bus = new CommandBus(
    engine,
    () => 'all',
    () => {},
    () => {},
  );
  await bus.execute(commands.foundOrganisation, {
    org,
    actor: system,
    input: { name: org, owner_email: 'owner@one.test', owner_name: '', password_hash: null },
  });
  await bus.execute(commands.keepMailInbox, { org, actor: system, input: { address: 'one.test' } });
});
afterAll(async () => {
  await pool.close();
  await bus.idle();
  await engine.close();
  await thread.remove();
});

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const blobs = {
  put: async (bytes: Uint8Array) => {
    held.set(sha256(bytes), Buffer.from(bytes));
    return sha256(bytes);
  },
};

interface Made extends Mutated {
  readonly seed: number;
}

function made(seed: number): Made {
  return { seed, ...mutate(seeded(seed), corpus) };
}

/** Reads it in the thread and makes it ready for the store. */
async function arrive({ source }: Made): Promise<Arrival> {
  const before = Buffer.from(source);
  let parsed: ParsedMail | null = null;
  const threads = replaced.length;
  const arrival = await mailToArrival(source, ['bob@one.test'], {
    blobs,
    parse: async (bytes) => {
      parsed = await pool.parse(bytes);
      return parsed;
    },
  });
  expect(replaced.slice(threads), 'read within its bounds').toEqual([]);
  expect(source.equals(before), 'the source is not touched').toBe(true);
  expect(held.get(arrival.source as string)?.equals(before), 'the source is stored').toBe(true);
  expectBounded(source, parsed as unknown as ParsedMail);
  expect(arrival.problem ?? '').not.toMatch(/took too long|could not be read: its reader/);
  return arrival;
}

/** Takes them into the store; each has a row then, whose source is the mail. */
async function accept(arrivals: readonly Arrival[]): Promise<void> {
  const { result } = await bus.execute(commands.acceptMessages, {
    org,
    actor: system,
    input: { arrivals: [...arrivals] },
  });
  expect(result).toHaveLength(arrivals.length);
  for (const [at, { message_ids, repeated }] of result.entries()) {
    const [message_id = ''] = message_ids;
    expect(message_id, 'there is a row').not.toBe('');
    const digest = await bus.query(queries.findSource, { org, actor: system, input: { message_id } });
    // A mail recognised as one that is there already is that one.
    if (!repeated) expect(digest).toBe(arrivals[at]?.source);
  }
  for (const { source, attachment_blobs } of arrivals)
    for (const digest of [source, ...attachment_blobs]) held.delete(digest as string);
}

/** With the mail kept for whoever looks into it, and how it is made again. */
function told(mail: Made, error: unknown): Error {
  const file = join(mkdtempSync(join(tmpdir(), 'roost-fuzz-')), `${mail.seed}.eml`);
  writeFileSync(file, mail.source);
  const again = `npm run fuzz:mime -- --runs 1 --seed ${mail.seed}`;
  return new Error(
    `Seed ${mail.seed} (${mail.edits.join(', ')}); kept in ${file}; again with: ${again}\n${error}`,
    { cause: error },
  );
}

async function tryAll(seeds: readonly number[]): Promise<void> {
  for (let from = 0; from < seeds.length; from += TOGETHER) {
    const group: { mail: Made; arrival: Arrival }[] = [];
    for (const seed of seeds.slice(from, from + TOGETHER)) {
      const mail = made(seed);
      try {
        group.push({ mail, arrival: await arrive(mail) });
      } catch (error) {
        throw told(mail, error);
      }
    }
    await accept(group.map(({ arrival }) => arrival)).catch(async (error) => {
      if (group.length === 1) throw told(group[0]?.mail as Made, error);
      // Which of them it was shows when each goes alone.
      for (const { mail, arrival } of group) {
        await accept([arrival]).catch((one) => {
          throw told(mail, one);
        });
      }
      throw error;
    });
  }
}

test.each(Object.entries(mimeSeeds))('%s', async (_, seed) => {
  await tryAll([seed]);
});

test(`${RUNS} mails that nobody ever sent, from seed ${SEED}: each is read within its bounds, and none is lost`, {
  timeout: WITHIN_MS,
}, async () => {
  await tryAll(Array.from({ length: RUNS }, (_, at) => SEED + at));
});

test('the same seed makes the same mail, and seeds reach every kind of change', () => {
  expect(made(7).source.equals(made(7).source)).toBe(true);
  const kinds = new Set(Array.from({ length: 300 }, (_, at) => made(at).edits).flat());
  expect([...kinds].sort()).toEqual([...EDIT_NAMES].sort());
});
