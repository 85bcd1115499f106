import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { inRoot } from '../root.mjs';

/**
 * Writes a package's declarations. `@roost/protocol` is not published, so its declarations come along in a
 * folder of their own, and imports of it are pointed there.
 *
 * @param {string} dir  the package, from the root
 * @param {string} outDir
 * @throws when the compiler reports errors
 */
export function emitTypes(dir, outDir) {
  // Below the package, so that the compiler finds the same node_modules as always.
  const scratch = mkdtempSync(inRoot(dir, 'dist.types-'));
  try {
    compile(dir, scratch);
    cpSync(join(scratch, 'out', dir, 'src'), outDir, { recursive: true });
    const protocol = join(scratch, 'out', 'packages', 'protocol', 'src');
    if (existsSync(protocol)) cpSync(protocol, join(outDir, 'protocol'), { recursive: true });
    pointAtNeighbours(outDir);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/**
 * @param {string} dir
 * @param {string} scratch
 */
function compile(dir, scratch) {
  const project = join(scratch, 'tsconfig.json');
  const compilerOptions = {
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    rewriteRelativeImportExtensions: true,
    rootDir: inRoot(),
    outDir: join(scratch, 'out'),
    // Found by path and not as a package, or the compiler would take its declarations for somebody else's.
    paths: {
      '@roost/protocol': [inRoot('packages/protocol/src/index.ts')],
      '@roost/protocol/*': [inRoot('packages/protocol/src/*.ts')],
    },
  };
  const files = [inRoot(dir, 'src', 'index.ts')];
  writeFileSync(
    project,
    JSON.stringify({ extends: inRoot('tsconfig.json'), compilerOptions, files, include: [] }),
  );
  const tsc = inRoot('node_modules', 'typescript', 'bin', 'tsc');
  const done = spawnSync(process.execPath, [tsc, '-p', project], { stdio: 'inherit' });
  if (done.status !== 0) throw new Error(`${dir}: declarations could not be written`);
}

/**
 * The compiler leaves import paths in declarations as the sources have them.
 *
 * @param {string} outDir
 */
function pointAtNeighbours(outDir) {
  for (const name of readdirSync(outDir, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.d.ts')) continue;
    const path = join(outDir, name);
    const up = relative(dirname(path), join(outDir, 'protocol')).split(sep).join('/');
    const own = up.startsWith('.') ? up : `./${up}`;
    const text = readFileSync(path, 'utf8')
      .replaceAll(/(['"])@roost\/protocol\1/g, `$1${own}/index.js$1`)
      .replaceAll(/(['"])@roost\/protocol\/([\w-]+)\1/g, `$1${own}/$2.js$1`)
      .replaceAll(/(['"])(\.\.?\/[^'"]+)\.tsx?\1/g, '$1$2.js$1');
    writeFileSync(path, text);
  }
}
