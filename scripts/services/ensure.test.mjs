import { afterEach, expect, test } from 'vitest';
import { ensureServices } from './ensure.mjs';

afterEach(() => {
  delete process.env.ROOST_TEST_THERE;
  delete process.env.ROOST_TEST_ABSENT;
});

test('what is there is used, and nothing is installed', () => {
  const machine = imagine({ there: true, absent: true, canInstall: true });
  expect(machine.ensure()).toEqual([]);
  expect(machine.calls).toEqual([]);
  expect(env()).toEqual(['1', '1']);
});

test('only what is missing is installed', () => {
  const machine = imagine({ there: true, absent: false, canInstall: true });
  expect(machine.ensure()).toEqual([]);
  expect(machine.calls).toEqual(['refresh', 'install absent-package']);
  expect(env()).toEqual(['1', '1']);
});

test('what cannot be installed is named, with what is skipped and the way to get it', () => {
  const machine = imagine({ there: true, absent: false, canInstall: false });
  expect(machine.ensure().map((service) => service.name)).toEqual(['Absent']);
  expect(machine.said).toEqual([
    'Absent is not installed: tests of absence will be skipped. On Debian: apt-get install absent-package',
  ]);
  expect(env()).toEqual(['1', '0']);
});

const env = () => [process.env.ROOST_TEST_THERE, process.env.ROOST_TEST_ABSENT];

/** @param {{there: boolean, absent: boolean, canInstall: boolean}} machine */
function imagine({ there, absent, canInstall }) {
  const calls = /** @type {string[]} */ ([]);
  const said = /** @type {string[]} */ ([]);
  const installed = new Set([there && 'there-package', absent && 'absent-package']);
  const service = (/** @type {string} */ name, /** @type {string} */ suites) => ({
    name,
    suites,
    env: `ROOST_TEST_${name.toUpperCase()}`,
    debian: `${name.toLowerCase()}-package`,
    find: () => installed.has(`${name.toLowerCase()}-package`),
  });
  const installer = {
    usable: () => canInstall,
    refresh: () => calls.push('refresh'),
    install(/** @type {string} */ debianPackage) {
      calls.push(`install ${debianPackage}`);
      installed.add(debianPackage);
    },
  };
  const wanted = [service('There', 'tests of presence'), service('Absent', 'tests of absence')];
  return { calls, said, ensure: () => ensureServices({ wanted, installer, say: (line) => said.push(line) }) };
}
