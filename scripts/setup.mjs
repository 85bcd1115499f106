/**
 * Makes a fresh clone ready to build, and is quick and silent when it already is. Runs before anything is
 * installed, so it may use nothing but Node.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { inRoot, isMain, root } from './root.mjs';

const STAMP = inRoot('node_modules', '.roost-setup');
const NPM_MIN_MAJOR = 7;
const OUTPUT_MAX_BYTES = 64 << 20;

if (isMain(import.meta.url)) setup();

/** Ends the process with a sentence when this machine cannot run Roost. */
export function setup() {
  checkNode();
  const wanted = fingerprint();
  if (read(STAMP) !== wanted && !installedByHand()) install();
  checkDatabaseDriver();
  if (read(STAMP) !== wanted) writeFileSync(STAMP, wanted);
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20) {
    fail(`Roost needs Node 20.19 or newer; this is ${process.version}. See https://nodejs.org`);
  }
  if ((major === 20 && minor < 19) || (major === 22 && minor < 12) || major === 21) {
    console.log(`Node ${process.version} is older than the build tools ask for (20.19 or 22.12).`);
  }
}

/** What node_modules was made from: the lock file, and the platform its native parts were made for. */
function fingerprint() {
  const lock = createHash('sha256')
    .update(readFileSync(inRoot('package-lock.json')))
    .digest('hex');
  return `${lock} ${process.platform}-${process.arch}\n`;
}

/**
 * Whether npm itself has recorded, in its own copy of the lock file, what our lock file asks for; then somebody
 * ran npm install without us and nothing needs to be done again. Optional packages may be for other platforms.
 */
function installedByHand() {
  const record = read(inRoot('node_modules', '.package-lock.json'));
  if (record === null || read(STAMP)?.endsWith(` ${process.platform}-${process.arch}\n`) === false)
    return false;
  const installed = JSON.parse(record).packages;
  const wanted = Object.entries(JSON.parse(read(inRoot('package-lock.json')) ?? '{}').packages);
  return wanted.every(([path, entry]) => {
    if (!path.includes('node_modules/') || entry.optional) return true;
    return installed[path]?.version === entry.version && installed[path]?.link === entry.link;
  });
}

function install() {
  const fresh = !existsSync(inRoot('node_modules'));
  console.log(fresh ? 'Installing packages (about a minute the first time)…' : 'Updating packages…');
  checkNpm();
  // NODE_ENV=production would leave out the build tools.
  const clean = ['ci', '--include=dev', '--no-audit', '--no-fund'];
  // Keeps what is there, native parts above all, and does not touch the lock file.
  const update = ['install', '--no-save', '--include=dev', '--no-audit', '--no-fund'];
  const attempts = fresh ? [clean, update] : [update, clean];
  const outcomes = [];
  for (const args of attempts) {
    const done = npm(args);
    if (done.status === 0) return;
    outcomes.push(`npm ${args[0]} failed:\n${done.stderr || done.stdout || done.error}`);
    if (done.signal) break; // somebody wants us to stop
  }
  fail(outcomes.join('\n'));
}

function checkNpm() {
  const version = npm(['--version']).stdout?.trim();
  if (!version)
    fail('Roost is installed by npm, which was not found. It comes with Node: https://nodejs.org');
  if (Number(version.split('.')[0]) < NPM_MIN_MAJOR) {
    fail(`Roost needs npm ${NPM_MIN_MAJOR} or newer; this is ${version}. To update: npm install -g npm`);
  }
}

/** The one native part without which nothing starts; a new major version of Node needs it built anew. */
function checkDatabaseDriver() {
  if (driverProblem() === null) return;
  console.log(`Building the SQLite driver for Node ${process.version}…`);
  const done = npm(['rebuild', 'better-sqlite3']);
  const problem = driverProblem();
  if (problem === null) return;
  fail(
    `The SQLite driver (better-sqlite3) does not load: ${problem}\n${done.stderr}\n` +
      'Where no ready-made driver can be downloaded, it needs python3, make and a C++ compiler ' +
      '(on Debian: apt-get install build-essential python3).',
  );
}

/** @returns {string | null} */
function driverProblem() {
  try {
    const Database = createRequire(inRoot('packages/server/package.json'))('better-sqlite3');
    new Database(':memory:').close();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/**
 * The npm that started us, else the one in PATH.
 *
 * @param {string[]} args
 */
function npm(args) {
  const script = process.env.npm_execpath;
  /** @type {import('node:child_process').SpawnSyncOptionsWithStringEncoding} */
  const options = {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: OUTPUT_MAX_BYTES,
  };
  if (script?.endsWith('npm-cli.js')) return spawnSync(process.execPath, [script, ...args], options);
  return spawnSync('npm', args, { ...options, shell: process.platform === 'win32' });
}

/** @param {string} path */
function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/**
 * @param {string} sentence
 * @returns {never}
 */
function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}
