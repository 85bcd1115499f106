import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from '../../../../../scripts/build/bundle.mjs';
import { serverBundle } from '../../../../../scripts/build.mjs';

const SERVER = fileURLToPath(new URL('../../..', import.meta.url));

export interface BuiltWorker {
  /** Of the store threads' entry, made from the sources as they are now. */
  readonly entry: string;
  remove(): void;
}

/** Builds what a thread can be started from. Below the package, so that it finds what is installed. */
export async function buildWorker(): Promise<BuiltWorker> {
  const outDir = mkdtempSync(join(SERVER, 'dist.worker-test-'));
  await bundle({ ...serverBundle(), entries: ['worker'], outDir });
  return { entry: join(outDir, 'worker.js'), remove: () => rmSync(outDir, { recursive: true, force: true }) };
}
