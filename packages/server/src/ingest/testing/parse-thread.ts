import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'rolldown';

/** The thread that reads mail, built from the sources as they are now, in a folder of its own. */
export async function buildParseThread(): Promise<{ folder: string; file: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'roost-parse-'));
  const file = join(folder, 'parse-worker.mjs');
  await build({
    input: new URL('../../parse-worker.ts', import.meta.url).pathname,
    platform: 'node',
    resolve: { conditionNames: ['source', 'import', 'node', 'default'] },
    logLevel: 'silent',
    output: { file, format: 'esm' },
  });
  return { folder, file, remove: () => rm(folder, { recursive: true, force: true }) };
}
