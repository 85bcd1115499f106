import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { Database } from '../store/database.ts';
import { openPostgres } from '../store/postgres/postgres.ts';
import { openSqlite } from '../store/sqlite/sqlite.ts';
import { redisFanout } from '../sync/fanout/index.ts';
import { run, type Schedule, schedules } from './schedule.ts';
import { seeds } from './seeds.ts';
import type { JoinNodes } from './world.ts';

/**
 * Set by `npm run fuzz`: how many schedules, from which seed, on which store. Without it every run of the tests
 * tries the same ones.
 */
const { ROOST_FUZZ_RUNS, ROOST_FUZZ_SEED, ROOST_FUZZ_STORE } = process.env;
const SEED = Number(ROOST_FUZZ_SEED ?? 2030);
const RUNS = { sqlite: 2_000, postgres: 40 };
/** As many as somebody asks for take as long as they take. */
const WITHIN_MS = ROOST_FUZZ_RUNS === undefined ? 300_000 : 0;

const postgresUrl = inject('postgresUrl');
const redisUrl = inject('redisUrl');

describe.skipIf(ROOST_FUZZ_STORE === 'postgres')('on SQLite, with hints that get lost', () => {
  suite('sqlite', () => openSqlite(':memory:'), null);
});

const missing = postgresUrl === null ? 'PostgreSQL' : redisUrl === null ? 'Redis' : null;
const isLeftOut = missing !== null || ROOST_FUZZ_STORE === 'sqlite';
describe.skipIf(isLeftOut)(`on PostgreSQL and Redis${missing ? ` (skipped: no ${missing})` : ''}`, () => {
  const joinNodes: JoinNodes = (name) => redisFanout(redisUrl as string, 'roost:oracle', name, () => {});
  suite('postgres', () => openPostgres(postgresUrl as string), joinNodes);
});

function suite(
  store: 'sqlite' | 'postgres',
  open: () => Promise<Database>,
  joinNodes: JoinNodes | null,
): void {
  let database: Database;
  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());

  test.each(Object.entries(seeds))('%s', async (_, schedule) => {
    expect(await run(database, schedule, joinNodes)).toEqual([]);
  });

  const runs = Number(ROOST_FUZZ_RUNS ?? RUNS[store]);
  test(`[A2] [C1] [D1] [O1] [R4] [U2] ${runs} random schedules from seed ${SEED}: everybody sees what is true`, {
    timeout: WITHIN_MS,
  }, async () => {
    const property = fc.asyncProperty(schedules, async (schedule) => {
      const wrongs = await run(database, schedule, joinNodes);
      if (wrongs.length > 0) throw new Error(wrongs.join('\n'));
    });
    const outcome = await fc.check(property, { numRuns: runs, seed: SEED });
    if (outcome.failed) throw new Error(told(outcome));
  });
}

/** What to keep in `seeds.ts`, and how to see it again. */
function told({ counterexample, errorInstance, numRuns, seed }: fc.RunDetails<[Schedule]>): string {
  const schedule = JSON.stringify(counterexample?.[0]);
  const again = `npm run fuzz -- --runs ${numRuns} --seed ${seed}`;
  return `${(errorInstance as Error).message}\n\nSchedule ${numRuns} (again with: ${again}), in short:\n${schedule}\n`;
}
