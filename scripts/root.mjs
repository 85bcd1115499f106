import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The repository's root, wherever a script was started from. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** @param {string[]} path  below the root */
export const inRoot = (...path) => join(root, ...path);

/**
 * Whether node was started with this module, as opposed to it being imported. Node names the module by its real
 * path but leaves symbolic links in the arguments.
 *
 * @param {string} moduleUrl  import.meta.url
 */
export function isMain(moduleUrl) {
  const started = process.argv[1];
  return started !== undefined && moduleUrl === pathToFileURL(realpathSync(started)).href;
}
