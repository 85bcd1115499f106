/**
 * Random schedules against the oracle, any number of them:
 * `npm run fuzz -- --runs 50000 --seed 7 --store postgres`.
 */
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { inRoot } from './root.mjs';
import { run } from './run.mjs';
import { setup } from './setup.mjs';

const ORACLE = 'packages/server/src/oracle/oracle.test.ts';
const STORES = ['sqlite', 'postgres'];

const { runs, seed, store } = options();
setup();
if (!existsSync(inRoot(ORACLE))) stop(`There is no ${ORACLE} to run.`);
console.log(
  `${runs} schedules on ${store}; again with: npm run fuzz -- --runs ${runs} --seed ${seed} --store ${store}`,
);
process.exitCode = await run(
  inRoot('node_modules/vitest/vitest.mjs'),
  ['run', '--project', 'unit', '--testTimeout', '0', ORACLE],
  {
    ROOST_FUZZ_RUNS: String(runs),
    ROOST_FUZZ_SEED: String(seed),
    ROOST_FUZZ_STORE: store,
    // Nothing is started that the schedules do not use.
    ...(store === 'sqlite' && { ROOST_TEST_POSTGRES: '0', ROOST_TEST_REDIS: '0' }),
  },
);

function options() {
  const values = given();
  const store = values.store ?? 'sqlite';
  if (!STORES.includes(store)) stop(`--store is one of ${STORES.join(', ')}, not ${store}`);
  return {
    runs: wholeNumber('runs', values.runs ?? '10000'),
    seed: wholeNumber('seed', values.seed ?? String(Math.floor(Math.random() * 2 ** 31))),
    store,
  };
}

function given() {
  const text = /** @type {const} */ ({ type: 'string' });
  try {
    return parseArgs({ options: { runs: text, seed: text, store: text } }).values;
  } catch (error) {
    return stop(error instanceof Error ? error.message : String(error));
  }
}

/**
 * @param {string} name
 * @param {string} text
 */
function wholeNumber(name, text) {
  if (!/^\d{1,15}$/.test(text)) stop(`--${name} takes a whole number, not ${text}`);
  return Number(text);
}

/**
 * @param {string} sentence
 * @returns {never}
 */
function stop(sentence) {
  console.error(sentence);
  process.exit(2);
}
