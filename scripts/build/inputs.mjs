import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { inRoot } from '../root.mjs';

const NOT_AN_INPUT = /^(node_modules|dist|dist\..*|\..*|.*\.test\.(ts|tsx|mjs)|README\.md)$/;

/**
 * @param {string[]} paths  files and folders, from the root; what does not exist counts as absent
 * @returns {string}  the same for the same names and contents, whenever and wherever they were written
 */
export function hashInputs(paths) {
  const hash = createHash('sha256');
  for (const file of paths.flatMap(filesBelow).sort()) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(inRoot(file)))
      .update('\0');
  }
  return hash.digest('hex');
}

/**
 * @param {string} path
 * @returns {string[]}
 */
function filesBelow(path) {
  if (!existsSync(inRoot(path))) return [];
  if (!statSync(inRoot(path)).isDirectory()) return [path];
  return readdirSync(inRoot(path))
    .filter((name) => !NOT_AN_INPUT.test(name))
    .flatMap((name) => filesBelow(join(path, name)));
}
