import { readdir, rename, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { unlessMissing } from './disk.ts';
import { storeFailure } from './failure.ts';
import { type Digest, digestAt, FOLDERS, GOING, UNFINISHED } from './place.ts';

/** Those of `digests` that a message refers to. */
export type IsReferenced = (digests: string[]) => Promise<Set<string>>;

export interface Swept {
  /** Files deleted. */
  readonly removed: number;
  readonly bytes: number;
}

/** Digests asked about in one question to the store. */
const BATCH = 500;

interface Old {
  readonly digest: Digest;
  readonly path: string;
}

/**
 * Deletes unreferenced blobs and unfinished files last touched before `cutoffMs`. May run beside writers, and
 * beside another sweep of the same folder.
 */
export async function sweep(root: string, isReferenced: IsReferenced, cutoffMs: number): Promise<Swept> {
  let removed = 0;
  let bytes = 0;
  const count = (size: number | null) => {
    if (size === null) return;
    removed += 1;
    bytes += size;
  };
  let batch: Old[] = [];
  const judge = async () => {
    const asked = batch;
    batch = [];
    const wanted = await isReferenced(asked.map(({ digest }) => digest));
    for (const { digest, path } of asked) if (!wanted.has(digest)) count(await discard(path, cutoffMs));
  };
  const visit = async (folder: string, name: string) => {
    const path = join(root, folder, name);
    if (name.endsWith(GOING)) return putBack(path);
    const digest = digestAt(folder, name);
    if (digest === null && !name.endsWith(UNFINISHED)) return;
    if (!(await isOld(path, cutoffMs))) return;
    if (digest === null) return count(await unlinkOf(path));
    batch.push({ digest, path });
    if (batch.length >= BATCH) await judge();
  };
  try {
    for (const folder of FOLDERS) {
      for (const name of (await unlessMissing(readdir(join(root, folder)))) ?? []) await visit(folder, name);
    }
    if (batch.length > 0) await judge();
  } catch (error) {
    throw storeFailure(error);
  }
  return { removed, bytes };
}

async function isOld(path: string, cutoffMs: number): Promise<boolean> {
  const file = await unlessMissing(stat(path));
  return file !== null && file.mtimeMs < cutoffMs;
}

/**
 * Between the question to the store and the deletion somebody may store the same bytes again, and touches the
 * file for it. So it is moved aside first: a touch before that shows in its age and it is moved back, a touch
 * after that fails and the bytes are written anew. Either way the writer's bytes stay.
 *
 * @returns how large it was, or null when it stays
 */
async function discard(path: string, cutoffMs: number): Promise<number | null> {
  const aside = path + GOING;
  if ((await unlessMissing(rename(path, aside).then(() => true))) === null) return null;
  if (await isOld(aside, cutoffMs)) return unlinkOf(aside);
  await unlessMissing(rename(aside, path));
  return null;
}

/** A sweep was cut off here; the next one decides again. Same name, same bytes, so nothing is overwritten. */
async function putBack(aside: string): Promise<void> {
  await unlessMissing(rename(aside, aside.slice(0, -GOING.length)));
}

async function unlinkOf(path: string): Promise<number | null> {
  const file = await unlessMissing(stat(path));
  if (file === null) return null;
  return (await unlessMissing(unlink(path).then(() => true))) === null ? null : file.size;
}
