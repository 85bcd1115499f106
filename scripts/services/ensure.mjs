import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { findChromium, findPostgres, findProgram, findRedis } from './find.mjs';

/**
 * @typedef {object} Service
 * @property {string} name
 * @property {string} env  told to the tests: 1 when it is there, 0 when suites that need it must skip
 * @property {string} suites  what is skipped without it
 * @property {string} debian  the package that brings it
 * @property {() => unknown} find  truthy when it is there
 */

/** @type {readonly Service[]} */
export const services = [
  {
    name: 'Chromium',
    env: 'ROOST_TEST_CHROMIUM',
    suites: 'browser tests',
    debian: 'chromium',
    find: findChromium,
  },
  {
    name: 'PostgreSQL',
    env: 'ROOST_TEST_POSTGRES',
    suites: 'tests of the PostgreSQL store',
    debian: 'postgresql',
    find: findPostgres,
  },
  {
    name: 'Redis',
    env: 'ROOST_TEST_REDIS',
    suites: 'tests of fan-out over Redis',
    debian: 'redis-server',
    find: findRedis,
  },
];

/**
 * @typedef {object} Installer
 * @property {() => boolean} usable
 * @property {() => void} refresh  called once, before the first install
 * @property {(debianPackage: string) => void} install
 */

/**
 * Uses the services that are there, installs what is missing where that needs no questions, and says what
 * stays missing and what it costs. Sets each service's variable in process.env.
 *
 * @param {{wanted?: readonly Service[], installer?: Installer, say?: (line: string) => void}} [outside]
 * @returns {Service[]}  those still missing
 */
export function ensureServices({ wanted = services, installer = apt, say = console.log } = {}) {
  const missing = wanted.filter((service) => !service.find());
  if (missing.length > 0 && installer.usable()) {
    say(`Installing ${missing.map((service) => service.name).join(', ')} for the tests with apt-get…`);
    installer.refresh();
    for (const service of missing) installer.install(service.debian);
  }
  const stillMissing = wanted.filter((service) => !service.find());
  for (const service of wanted) process.env[service.env] = stillMissing.includes(service) ? '0' : '1';
  for (const { name, suites, debian } of stillMissing) {
    say(`${name} is not installed: ${suites} will be skipped. On Debian: apt-get install ${debian}`);
  }
  return stillMissing;
}

/** @type {Installer} One package a call, so that one which cannot be installed does not keep out the others. */
const apt = {
  usable: () => process.getuid?.() === 0 && isDebian() && findProgram('apt-get') !== null,
  refresh: () => aptGet('update'),
  install: (debianPackage) => aptGet('install', '-y', '--no-install-recommends', debianPackage),
};

/** @param {string[]} args */
function aptGet(...args) {
  const done = spawnSync('apt-get', ['-qq', ...args], {
    encoding: 'utf8',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (done.status !== 0) console.log(`apt-get ${args.join(' ')} failed:\n${done.stderr || done.error}`);
}

function isDebian() {
  const path = '/etc/os-release';
  return existsSync(path) && /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(readFileSync(path, 'utf8'));
}
