/**
 * Everything that has to hold before a change is kept: format and lint, types, all tests. With arguments only
 * vitest runs, with those arguments: `npm test -- packages/client -t resume`.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inRoot } from './root.mjs';
import { run } from './run.mjs';
import { ensureServices } from './services/ensure.mjs';
import { setup } from './setup.mjs';
import { total } from './testing/tally.mjs';

const tool = (/** @type {string[]} */ ...path) => inRoot('node_modules', ...path);
const filters = process.argv.slice(2);

setup();
const missing = ensureServices();
const scratch = mkdtempSync(join(tmpdir(), 'roost-tally-'));
process.once('exit', () => rmSync(scratch, { recursive: true, force: true }));

/** @type {string[]} */
const failures = [];
/** @type {import('./testing/tally.mjs').Tally[]} */
const tallies = [];

await step('build', inRoot('scripts/build.mjs'));
if (filters.length > 0) {
  await vitest('tests', filters);
} else {
  await step('format and lint (npm run format mends most of it)', tool('@biomejs/biome/bin/biome'), [
    'check',
    '.',
  ]);
  await step('types', tool('typescript/bin/tsc'), ['--noEmit']);
  await vitest('unit tests', ['--project', 'unit']);
  // After the others and one file at a time: these start servers and browsers and need the machine to themselves.
  await vitest('end-to-end tests', ['--project', 'e2e']);
}
report();

/**
 * A failed step does not keep the later ones from running: one run tells all that is wrong.
 *
 * @param {string} name
 * @param {string} program
 * @param {string[]} [args]
 * @param {NodeJS.ProcessEnv} [env]
 */
async function step(name, program, args, env) {
  const startedAt = performance.now();
  console.log(`\n== ${name}`);
  const status = await run(program, args, env);
  console.log(`== ${name}: ${status === 0 ? 'done' : 'FAILED'} in ${seconds(startedAt)} s`);
  if (status !== 0) failures.push(name);
}

/**
 * @param {string} name
 * @param {string[]} args
 */
async function vitest(name, args) {
  const file = join(scratch, `${tallies.length}.json`);
  const reporters = ['--reporter=default', `--reporter=${inRoot('scripts/testing/tally-reporter.mjs')}`];
  await step(name, tool('vitest/vitest.mjs'), ['run', '--passWithNoTests', ...reporters, ...args], {
    ROOST_TALLY_FILE: file,
  });
  if (existsSync(file)) tallies.push(JSON.parse(readFileSync(file, 'utf8')));
}

/** The last line is the result, for people and for scripts that read only that. */
function report() {
  const { passed, failed, skipped, skips } = total(tallies);
  console.log('');
  for (const { file, reason, count } of skips) console.log(`skipped: ${count} in ${file}: ${reason}`);
  for (const { name, suites } of missing) console.log(`not installed: ${name}, so ${suites} were skipped`);
  for (const name of failures) console.log(`failed: ${name}`);
  if (passed + failed === 0) console.log('failed: no test ran');
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  process.exitCode = failures.length > 0 || failed > 0 || passed === 0 ? 1 : 0;
}

/** @param {number} startedAt */
function seconds(startedAt) {
  return ((performance.now() - startedAt) / 1000).toFixed(1);
}
