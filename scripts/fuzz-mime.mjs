/** Mails that nobody ever sent, any number of them: `npm run fuzz:mime -- --runs 20000 --seed 7`. */
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { inRoot } from './root.mjs';
import { run } from './run.mjs';
import { setup } from './setup.mjs';

const FUZZ = 'packages/server/src/ingest/mime-fuzz.test.ts';

const { runs, seed } = options();
setup();
if (!existsSync(inRoot(FUZZ))) stop(`There is no ${FUZZ} to run.`);
console.log(`${runs} mails; again with: npm run fuzz:mime -- --runs ${runs} --seed ${seed}`);
process.exitCode = await run(
  inRoot('node_modules/vitest/vitest.mjs'),
  ['run', '--project', 'unit', '--testTimeout', '0', FUZZ],
  {
    ROOST_FUZZ_RUNS: String(runs),
    ROOST_FUZZ_SEED: String(seed),
    // Neither is used.
    ROOST_TEST_POSTGRES: '0',
    ROOST_TEST_REDIS: '0',
  },
);

function options() {
  const values = given();
  return {
    runs: wholeNumber('runs', values.runs ?? '20000'),
    seed: wholeNumber('seed', values.seed ?? String(Math.floor(Math.random() * 2 ** 31))),
  };
}

function given() {
  const text = /** @type {const} */ ({ type: 'string' });
  try {
    return parseArgs({ options: { runs: text, seed: text } }).values;
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
