import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from '../../../../../scripts/build/bundle.mjs';
import { serverBundle } from '../../../../../scripts/build.mjs';

const SERVER = fileURLToPath(new URL('../../..', import.meta.url));

export interface BuiltWorker {
  /** Of the store threads' entry, made from the sources as they are now. */
  readonly entry: string;
  /** Of another file built beside it, named as for {@link buildWorker}. */
  fileOf(entry: string): string;
  remove(): void;
}

/**
 * Builds what a thread can be started from. Below the package, so that it finds what is installed.
 *
 * @param entries  more to build beside it: files below src, without their ending
 */
export async function buildWorker(...entries: string[]): Promise<BuiltWorker> {
  const outDir = mkdtempSync(join(SERVER, 'dist.worker-test-'));
  await bundle({ ...serverBundle(), entries: ['worker', ...entries], outDir });
  const fileOf = (entry: string) => join(outDir, `${entry}.js`);
  return { entry: fileOf('worker'), fileOf, remove: () => rmSync(outDir, { recursive: true, force: true }) };
}
