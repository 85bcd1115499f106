import { createHash, type Hash } from 'node:crypto';
import { createReadStream, type ReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rename, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '@roost/protocol';
import { unlessMissing } from './blobs/disk.ts';
import { storeFailure } from './blobs/failure.ts';

const UPLOAD = /^in-[a-z0-9]{1,60}$/;
const OUTPUT = /^out-([a-z0-9]{1,64})$/;
/** An upload whose job nobody took up, or that was cancelled before, goes after so long. */
const UPLOAD_KEPT_MS = 7 * 24 * 3_600_000;
/** A file so young may be one whose job is just being stored. */
const YOUNG_MS = 3_600_000;
const ASKED_MAX_COUNT = 500;

/** Files that jobs read from, and what they leave to be fetched: too large for memory, and of one job each. */
export class JobFiles {
  private constructor(
    private readonly folder: string,
    private readonly newName: () => string,
  ) {}

  /** @param newName  letters and digits, never the same twice @throws store.full, store.unavailable */
  static async open(folder: string, newName: () => string): Promise<JobFiles> {
    await mkdir(folder, { recursive: true }).catch((error) => {
      throw storeFailure(error);
    });
    return new JobFiles(folder, newName);
  }

  /**
   * Stores what a request sends, piece by piece.
   *
   * @param key  of the request, under which the same bytes sent again get the same name
   * @returns its name, and how large it is
   * @throws request.too_big, request.malformed  it broke off; store.full, store.unavailable. Nothing is kept then
   */
  async receive(
    body: AsyncIterable<Uint8Array>,
    maxBytes: number,
    key: string | null,
  ): Promise<{ readonly upload: string; readonly size_bytes: number }> {
    const unfinished = join(this.folder, `in-${this.newName()}`);
    const hash = createHash('sha256').update(`${key ?? this.newName()}\n`);
    try {
      const size_bytes = await this.write(unfinished, body, maxBytes, hash);
      const upload = `in-${hash.digest('hex').slice(0, 60)}`;
      await rename(unfinished, join(this.folder, upload));
      return { upload, size_bytes };
    } catch (error) {
      await unlink(unfinished).catch(() => {});
      throw error;
    }
  }

  private async write(
    path: string,
    body: AsyncIterable<Uint8Array>,
    maxBytes: number,
    hash: Hash,
  ): Promise<number> {
    const file = await open(path, 'wx').catch((error) => {
      throw storeFailure(error);
    });
    let size = 0;
    try {
      for await (const chunk of whole(body)) {
        size += chunk.byteLength;
        if (size > maxBytes)
          throw new Failure('request.too_big', `The file is larger than ${maxBytes} bytes.`);
        hash.update(chunk);
        await writeAll(file, chunk);
      }
      await file.sync().catch((error) => {
        throw storeFailure(error);
      });
    } finally {
      await file.close();
    }
    return size;
  }

  /** Where an upload lies. */
  uploadPath(upload: string): string {
    if (!UPLOAD.test(upload)) throw new Failure('job.unknown');
    return join(this.folder, upload);
  }

  /** Where a job writes what is to be fetched. */
  outputPath(jobId: string): string {
    const name = `out-${jobId}`;
    if (!OUTPUT.test(name)) throw new Failure('job.unknown');
    return join(this.folder, name);
  }

  /** A missing file is an `error` event with code ENOENT. */
  stream(jobId: string): ReadStream {
    return createReadStream(this.outputPath(jobId));
  }

  async removeUpload(upload: string): Promise<void> {
    await unlessMissing(unlink(this.uploadPath(upload)));
  }

  async removeOutput(jobId: string): Promise<void> {
    await unlessMissing(unlink(this.outputPath(jobId)));
  }

  /** Deletes what no job needs any more. @returns how many files */
  async sweep(stillNeeded: (jobIds: string[]) => Promise<readonly string[]>, now: number): Promise<number> {
    const names = await readdir(this.folder);
    let removed = 0;
    const remove = async (name: string, minAgeMs: number) => {
      const path = join(this.folder, name);
      const file = await unlessMissing(stat(path));
      if (file === null || now - file.mtimeMs < minAgeMs) return;
      if ((await unlessMissing(unlink(path).then(() => true))) !== null) removed += 1;
    };
    for (const name of names) if (UPLOAD.test(name)) await remove(name, UPLOAD_KEPT_MS);
    const jobIds = names.map((name) => OUTPUT.exec(name)?.[1]).filter((id) => id !== undefined);
    for (let at = 0; at < jobIds.length; at += ASKED_MAX_COUNT) {
      const asked = jobIds.slice(at, at + ASKED_MAX_COUNT);
      const needed = new Set(await stillNeeded(asked));
      for (const id of asked) if (!needed.has(id)) await remove(`out-${id}`, YOUNG_MS);
    }
    return removed;
  }
}

/** What a client breaks off is its own failure, not ours. */
async function* whole(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure('request.malformed', 'The file broke off before its end.', { cause: error });
  }
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  try {
    for (let at = 0; at < bytes.byteLength; ) at += (await file.write(bytes, at)).bytesWritten;
  } catch (error) {
    throw storeFailure(error);
  }
}
