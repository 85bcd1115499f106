import { createHash, randomBytes, webcrypto } from 'node:crypto';
import { createReadStream, type ReadStream } from 'node:fs';
import { mkdir, readdir, readFile, stat, statfs, unlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, systemClock } from '../../clock.ts';
import { type Disk, FolderSyncs, localDisk, unlessMissing } from './disk.ts';
import { storeFailure } from './failure.ts';
import { type Digest, FOLDERS, GOING, type Place, placeOf, UNFINISHED } from './place.ts';
import { type IsReferenced, type Swept, sweep } from './sweep.ts';

/** Hashing more than this would hold up the event loop, so it goes to a thread. */
const HASH_HERE_MAX_BYTES = 256 * 1024;
/** Files open for writing at once; more wait. The disk is not faster with more. */
const WRITES_MAX = 64;
/** Younger blobs may belong to a message that is about to be committed. */
export const SWEEP_MIN_AGE_MS = 60 * 60 * 1000;

/** Bytes on disk under their own digest: written and synced before the row that names them is. */
export interface Blobs {
  /**
   * Resolves once the bytes survive a power cut. Bytes that are there already are not written again, only
   * marked as young. The caller leaves `bytes` unchanged meanwhile.
   * @throws store.full, store.unavailable
   */
  put(bytes: Uint8Array): Promise<Digest>;
  /** Null when there is none. @throws store.unavailable */
  get(digest: Digest): Promise<Buffer | null>;
  /** A missing blob is an `error` event with code ENOENT. */
  stream(digest: Digest): ReadStream;
  /**
   * Deletes a blob whoever refers to it. Bytes stored again at this very moment may go too, so what merely
   * became unused is left to `sweep`.
   */
  remove(digest: Digest): Promise<void>;
  /** Deletes what nothing refers to and what a crash left half written, if older than `minAgeMs`. */
  sweep(isReferenced: IsReferenced, now: number, minAgeMs?: number): Promise<Swept>;
  /** What the file system still has room for. */
  freeBytes(): Promise<number>;
}

/** @throws store.full, store.unavailable  the folder cannot be made */
export async function openBlobs(
  root: string,
  disk: Disk = localDisk,
  clock: Pick<Clock, 'now'> = systemClock,
): Promise<Blobs> {
  await makeFolders(root, disk).catch((error) => {
    throw storeFailure(error);
  });
  return new FolderOfBlobs(root, disk, clock);
}

async function makeFolders(root: string, disk: Disk): Promise<void> {
  await mkdir(root, { recursive: true });
  const there = new Set(await readdir(root));
  const missing = FOLDERS.filter((folder) => !there.has(folder));
  if (missing.length === 0) return;
  await Promise.all(missing.map((folder) => mkdir(join(root, folder), { recursive: true })));
  await disk.syncFolder(root);
}

class FolderOfBlobs implements Blobs {
  private readonly syncs: FolderSyncs;
  private readonly puts = new Map<Digest, Promise<void>>();
  private readonly instance = randomBytes(6).toString('hex');
  private written = 0;
  private writing = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly root: string,
    private readonly disk: Disk,
    private readonly clock: Pick<Clock, 'now'>,
  ) {
    this.syncs = new FolderSyncs(disk);
  }

  async put(bytes: Uint8Array): Promise<Digest> {
    const digest = await digestOf(bytes);
    let running = this.puts.get(digest);
    if (!running) {
      running = this.store(placeOf(this.root, digest), bytes).finally(() => this.puts.delete(digest));
      this.puts.set(digest, running);
    }
    await running.catch((error) => {
      throw storeFailure(error);
    });
    return digest;
  }

  private async store(place: Place, bytes: Uint8Array): Promise<void> {
    await this.turn();
    try {
      if (!(await this.touch(place, bytes.byteLength))) await this.write(place, bytes);
      // Also for bytes that were there: whoever renamed them may have died before this step.
      await this.syncs.sync(place.folder);
    } finally {
      this.writing -= 1;
      this.waiting.shift()?.();
    }
  }

  private async turn(): Promise<void> {
    while (this.writing >= WRITES_MAX) await new Promise<void>((resume) => this.waiting.push(resume));
    this.writing += 1;
  }

  /** False when the bytes are not there, not whole, or were just swept away. */
  private async touch({ path }: Place, size: number): Promise<boolean> {
    const there = await unlessMissing(stat(path));
    if (there?.size !== size) return false;
    const at = new Date(this.clock.now());
    return (await unlessMissing(utimes(path, at, at).then(() => true))) ?? false;
  }

  private async write({ folder, path }: Place, bytes: Uint8Array): Promise<void> {
    this.written += 1;
    const unfinished = join(folder, `.${this.instance}-${this.written}${UNFINISHED}`);
    try {
      await this.disk.create(unfinished, bytes);
      await this.disk.rename(unfinished, path);
    } catch (error) {
      await unlink(unfinished).catch(() => {});
      throw error;
    }
  }

  async get(digest: Digest): Promise<Buffer | null> {
    const { path } = placeOf(this.root, digest);
    try {
      // A sweep that finds a blob young again has it under the other name for an instant.
      return (await unlessMissing(readFile(path))) ?? (await unlessMissing(readFile(path + GOING)));
    } catch (error) {
      throw storeFailure(error);
    }
  }

  stream(digest: Digest): ReadStream {
    return createReadStream(placeOf(this.root, digest).path);
  }

  async remove(digest: Digest): Promise<void> {
    await unlessMissing(unlink(placeOf(this.root, digest).path)).catch((error) => {
      throw storeFailure(error);
    });
  }

  sweep(isReferenced: IsReferenced, now: number, minAgeMs = SWEEP_MIN_AGE_MS): Promise<Swept> {
    return sweep(this.root, isReferenced, now - minAgeMs);
  }

  async freeBytes(): Promise<number> {
    try {
      const { bavail, bsize } = await statfs(this.root);
      return bavail * bsize;
    } catch (error) {
      throw storeFailure(error);
    }
  }
}

async function digestOf(bytes: Uint8Array): Promise<Digest> {
  if (bytes.byteLength <= HASH_HERE_MAX_BYTES) return createHash('sha256').update(bytes).digest('hex');
  return Buffer.from(await webcrypto.subtle.digest('SHA-256', bytes)).toString('hex');
}
