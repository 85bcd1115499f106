import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inRoot } from '../root.mjs';
import { total } from './tally.mjs';

const FILES = {
  'mixed.test.mjs': `
    test('holds', () => expect(1).toBe(1));
    test('does not hold', () => expect(1).toBe(2));
    test('says why it skips', ({ skip }) => skip('no such hardware'));
    test.todo('later');
    describe.skip('over Redis', () => { test('one', () => {}); test('two', () => {}); });
    describe('a broken suite', () => {
      beforeAll(() => { throw new Error('nothing to stand on'); });
      test('never runs', () => {});
    });
  `,
  'broken.test.mjs': `throw new Error('does not even load');`,
};

const folder = mkdtempSync(join(tmpdir(), 'roost-tally-test-'));
/** @type {ReturnType<typeof total>} */
let sum;

beforeAll(() => {
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text);
  const file = join(folder, 'tally.json');
  const reporter = `--reporter=${inRoot('scripts/testing/tally-reporter.mjs')}`;
  const vitest = inRoot('node_modules/vitest/vitest.mjs');
  spawnSync(process.execPath, [vitest, 'run', '--globals', '--root', folder, reporter], {
    env: { ...process.env, ROOST_TALLY_FILE: file, ROOST_TEST_REDIS: '0' },
  });
  sum = total([JSON.parse(readFileSync(file, 'utf8'))]);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('what breaks outside of a test counts as failed', () => {
  expect(sum).toMatchObject({ passed: 1, failed: 3, skipped: 5 });
});

test('every skipped test has a reason', () => {
  const file = 'mixed.test.mjs';
  expect(sum.skips).toEqual([
    { file, reason: 'no such hardware', count: 1 },
    { file, reason: 'not written yet', count: 1 },
    { file, reason: 'Redis is not installed', count: 2 },
    { file, reason: 'its suite broke', count: 1 },
  ]);
});
