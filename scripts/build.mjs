/**
 * The one way to build: every package into its dist folder, only where something it is made from has changed.
 * `--force` builds regardless, `--types` adds the declarations that publishing needs.
 */
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundle, bundleWeb } from './build/bundle.mjs';
import { hashInputs } from './build/inputs.mjs';
import { emitTypes } from './build/types.mjs';
import { inRoot, isMain } from './root.mjs';

/**
 * @typedef {object} Target
 * @property {string} dir  the package, from the root
 * @property {string} entry  present once there is something to build
 * @property {string[]} inputs  folders and files it is made from, from the root
 * @property {(outDir: string) => Promise<void>} build
 * @property {boolean} [types]  whether declarations are published beside it
 */

const REPLACE_ATTEMPTS = 5;

const protocol = 'packages/protocol';
const client = 'packages/client';
const react = 'packages/react';
const server = 'packages/server';
const web = 'apps/web';

/** @type {readonly Target[]} */
export const targets = [
  {
    dir: client,
    entry: 'src/index.ts',
    inputs: [client, protocol],
    build: (outDir) => bundle({ dir: client, entries: ['index'], platform: 'neutral', external: [], outDir }),
    types: true,
  },
  {
    dir: react,
    entry: 'src/index.ts',
    inputs: [react, client, protocol],
    build: (outDir) =>
      bundle({
        dir: react,
        entries: ['index'],
        platform: 'neutral',
        external: ['react', '@roost/client', '@tanstack/react-query'],
        outDir,
      }),
    types: true,
  },
  {
    dir: server,
    entry: 'src/roost.ts',
    inputs: [server, protocol],
    async build(outDir) {
      await bundle({ ...serverBundle(), outDir });
      chmodSync(join(outDir, 'roost.js'), 0o755);
    },
  },
  {
    dir: web,
    entry: 'src/main.tsx',
    inputs: [web, react, client, protocol],
    build: (outDir) => bundleWeb(web, outDir),
  },
];

if (isMain(import.meta.url)) {
  const options = process.argv.slice(2);
  try {
    await build({ force: options.includes('--force'), types: options.includes('--types') });
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}

/** The command and the modules of its worker threads; what they depend on is installed, not taken in. */
export function serverBundle() {
  const { dependencies } = JSON.parse(readFileSync(inRoot(server, 'package.json'), 'utf8'));
  return {
    dir: server,
    entries: ['roost', 'worker', 'parse-worker'],
    executable: 'roost',
    platform: /** @type {const} */ ('node'),
    external: Object.keys(dependencies),
  };
}

/** @returns {boolean}  whether `build()` would build anything */
export function isStale() {
  return targets.some((target) => isPresent(target) && !isCurrent(target));
}

/**
 * @param {{force?: boolean, types?: boolean}} [options]
 * @throws when a package does not build; what was built before stays in place
 */
export async function build({ force = false, types = false } = {}) {
  for (const target of targets) {
    if (!isPresent(target)) console.log(`${target.dir}: no ${target.entry}, nothing to build`);
    else if (!force && isCurrent(target)) console.log(`${target.dir}: up to date`);
    else await rebuild(target);
    if (types && target.types && isPresent(target)) addTypes(target.dir, force);
  }
}

/** @param {Target} target */
function isPresent(target) {
  return existsSync(inRoot(target.dir, target.entry));
}

/** @param {Target} target */
function isCurrent(target) {
  const stamp = inRoot(target.dir, 'dist', '.stamp');
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint(target);
}

/** @param {Target} target */
function fingerprint(target) {
  return hashInputs([...target.inputs, 'package-lock.json', 'scripts/build.mjs', 'scripts/build']);
}

/**
 * Into a folder beside dist that then takes its place: a build that fails, or two that run at once, never leave
 * half a dist behind.
 *
 * @param {Target} target
 */
async function rebuild(target) {
  const startedAt = performance.now();
  const made = fingerprint(target); // before reading: a change during the build is then seen by the next one
  const dist = inRoot(target.dir, 'dist');
  const next = `${dist}.next-${process.pid}`;
  try {
    mkdirSync(next, { recursive: true });
    await target.build(next);
    writeFileSync(join(next, '.stamp'), made);
    replace(dist, next);
  } catch (cause) {
    throw new Error(`${target.dir} does not build: ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    });
  } finally {
    rmSync(next, { recursive: true, force: true });
  }
  console.log(`${target.dir}: built in ${Math.round(performance.now() - startedAt)} ms`);
}

/**
 * Another build may put its dist in place between our two steps; then that one is moved out of the way too.
 *
 * @param {string} dist
 * @param {string} next
 */
function replace(dist, next) {
  const old = `${dist}.old-${process.pid}`;
  for (let attempt = 1; ; attempt++) {
    if (existsSync(dist)) renameSync(dist, old);
    rmSync(old, { recursive: true, force: true });
    try {
      renameSync(next, dist);
      return;
    } catch (error) {
      if (attempt === REPLACE_ATTEMPTS) throw error;
    }
  }
}

/**
 * @param {string} dir
 * @param {boolean} force
 */
function addTypes(dir, force) {
  const declarations = inRoot(dir, 'dist', 'index.d.ts');
  if (existsSync(declarations) && !force) return; // a rebuild starts from an empty dist, so these are current
  emitTypes(dir, inRoot(dir, 'dist'));
  console.log(`${dir}: type declarations written`);
}
