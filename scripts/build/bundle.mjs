import { existsSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { inRoot, root } from '../root.mjs';

// The bundlers are loaded when something is to be bundled: looking whether anything is takes milliseconds.

/**
 * @typedef {object} Bundle
 * @property {string} dir  the package, from the root
 * @property {string[]} entries  src/<entry>.ts becomes <entry>.js; those not there are left out
 * @property {'node' | 'neutral'} platform
 * @property {string[]} external  packages that stay imports; our own others are taken in from their sources
 * @property {string} outDir
 * @property {string} [executable]  the entry that is a command
 */

/**
 * @param {Bundle} bundle
 * @returns {import('rolldown').BuildOptions}
 */
export function rolldownOptions({ dir, entries, platform, external, outDir, executable }) {
  const present = entries.filter((entry) => existsSync(inRoot(dir, 'src', `${entry}.ts`)));
  return {
    cwd: root,
    input: Object.fromEntries(present.map((entry) => [entry, inRoot(dir, 'src', `${entry}.ts`)])),
    platform,
    external: (id) => id.startsWith('node:') || builtinModules.includes(id) || external.some(isWithin(id)),
    resolve: { conditionNames: ['source', 'import', platform === 'node' ? 'node' : 'browser', 'default'] },
    tsconfig: inRoot('tsconfig.json'),
    output: {
      dir: outDir,
      format: 'esm',
      sourcemap: true,
      entryFileNames: '[name].js',
      chunkFileNames: '[name]-[hash].js',
      banner: (chunk) => (chunk.isEntry && chunk.name === executable ? '#!/usr/bin/env node' : ''),
    },
  };
}

/** @param {Bundle} bundle */
export async function bundle(bundle) {
  const { build } = await import('rolldown');
  await build(rolldownOptions(bundle));
}

/**
 * @param {string} dir
 * @param {string} outDir
 */
export async function bundleWeb(dir, outDir) {
  const { build, defaultClientConditions } = await import('vite');
  await build({
    root: inRoot(dir),
    logLevel: 'warn',
    resolve: { conditions: ['source', ...defaultClientConditions] },
    build: { outDir, emptyOutDir: true },
  });
}

/**
 * @param {string} id
 * @returns {(packageName: string) => boolean}
 */
function isWithin(id) {
  return (packageName) => id === packageName || id.startsWith(`${packageName}/`);
}
