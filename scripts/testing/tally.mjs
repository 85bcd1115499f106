import { services } from '../services/ensure.mjs';

/**
 * @typedef {object} Skip
 * @property {string} file  from the root
 * @property {string} reason
 * @property {number} count  tests of this file skipped for this reason
 *
 * @typedef {object} Tally
 * @property {number} passed
 * @property {number} failed  tests, and files or suites that broke outside of a test
 * @property {Skip[]} skips
 */

/**
 * @param {readonly import('vitest/node').TestModule[]} files
 * @returns {Tally}
 */
export function tally(files) {
  /** @type {Tally} */
  const sum = { passed: 0, failed: 0, skips: [] };
  for (const file of files) {
    const broken = [file, ...file.children.allSuites()].filter((part) => part.errors().length > 0);
    sum.failed += broken.length;
    for (const test of file.children.allTests()) {
      const { state } = test.result();
      if (state === 'passed') sum.passed++;
      else if (state === 'failed') sum.failed++;
      else addSkip(sum.skips, file.relativeModuleId, skipReason(test));
    }
  }
  return sum;
}

/** @param {readonly Tally[]} tallies */
export function total(tallies) {
  const skips = tallies.flatMap((one) => one.skips);
  return {
    passed: tallies.reduce((sum, one) => sum + one.passed, 0),
    failed: tallies.reduce((sum, one) => sum + one.failed, 0),
    skipped: skips.reduce((sum, skip) => sum + skip.count, 0),
    skips,
  };
}

/**
 * The words given to `context.skip()`, else the service missing here that the test's name or file speaks of.
 *
 * @param {import('vitest/node').TestCase} test
 */
function skipReason(test) {
  const result = test.result();
  if (result.state === 'pending') return 'the run ended before it';
  if (result.state === 'skipped' && result.note) return result.note;
  if (test.options.mode === 'todo') return 'not written yet';
  if (isInBrokenSuite(test)) return 'its suite broke';
  if (test.project.globalConfig.testNamePattern) return 'not asked for';
  const spokenOf = `${test.module.relativeModuleId} ${test.fullName}`.toLowerCase();
  const missing = services.filter((service) => process.env[service.env] === '0');
  const needed = missing.find((service) => spokenOf.includes(service.name.toLowerCase().replace(/sql$/, '')));
  return needed ? `${needed.name} is not installed` : 'no reason given';
}

/** @param {import('vitest/node').TestCase} test */
function isInBrokenSuite(test) {
  for (let part = test.parent; ; part = part.parent) {
    if (part.errors().length > 0) return true;
    if (part.type === 'module') return false;
  }
}

/**
 * @param {Skip[]} skips
 * @param {string} file
 * @param {string} reason
 */
function addSkip(skips, file, reason) {
  const known = skips.find((skip) => skip.file === file && skip.reason === reason);
  if (known) known.count++;
  else skips.push({ file, reason, count: 1 });
}
