import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Failure } from '@roost/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Blobs, openBlobs, SWEEP_MIN_AGE_MS } from './blobs.ts';
import { type Disk, localDisk } from './disk.ts';

let root: string;
let blobs: Blobs;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'roost-blobs-'));
  blobs = await openBlobs(root);
});
afterEach(() => rm(root, { recursive: true, force: true }));

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const pathOf = (digest: string) => join(root, digest.slice(0, 2), digest.slice(2));
const age = (path: string, at: number) => utimes(path, new Date(at), new Date(at));
const filesLeft = async () => (await readdir(root, { recursive: true })).filter((name) => name.length > 2);

/** The local disk, writing down what was done, with failures on demand. */
class WatchedDisk implements Disk {
  readonly steps: string[] = [];
  failing: Partial<Record<keyof Disk, NodeJS.ErrnoException>> = {};

  async create(path: string, bytes: Uint8Array) {
    await this.step('create', () => localDisk.create(path, bytes));
  }
  async rename(from: string, to: string) {
    await this.step('rename', () => localDisk.rename(from, to));
  }
  async syncFolder(folder: string) {
    await this.step('syncFolder', () => localDisk.syncFolder(folder));
  }
  private async step(name: keyof Disk, run: () => Promise<void>) {
    this.steps.push(name);
    const failure = this.failing[name];
    if (failure) throw failure;
    await run();
  }
}

const osError = (code: string) => Object.assign(new Error(code), { code });

describe('put and get', () => {
  test('what was put comes back under the digest of its bytes', async () => {
    const bytes = Buffer.from('Hello, Ann');
    const digest = await blobs.put(bytes);
    expect(digest).toBe(sha256(bytes));
    expect(await blobs.get(digest)).toEqual(bytes);
    expect(await text(blobs.stream(digest))).toBe('Hello, Ann');
    expect(await readFile(pathOf(digest))).toEqual(bytes);
  });

  test('no bytes at all and many bytes are blobs like any other', async () => {
    const large = Buffer.alloc(3 * 1024 * 1024, 'roost');
    for (const bytes of [Buffer.alloc(0), large]) {
      const digest = await blobs.put(bytes);
      expect(digest).toBe(sha256(bytes));
      expect((await blobs.get(digest))?.equals(bytes)).toBe(true);
    }
  });

  test('a blob that is not there is null, and an error event on a stream', async () => {
    const digest = sha256(Buffer.from('never stored'));
    expect(await blobs.get(digest)).toBeNull();
    const stream = blobs.stream(digest);
    const error = await new Promise((resolve) => stream.once('error', resolve));
    expect(error).toMatchObject({ code: 'ENOENT' });
    await expect(blobs.remove(digest)).resolves.toBeUndefined();
  });

  test('a name that is not a digest never becomes a path', async () => {
    await writeFile(join(root, 'secret'), 'x');
    for (const name of [
      '../secret',
      '..%2fsecret',
      '',
      'A'.repeat(64),
      `${'a'.repeat(62)}/x`,
      'a'.repeat(65),
    ]) {
      await expect(blobs.get(name)).rejects.toThrow(RangeError);
      await expect(blobs.remove(name)).rejects.toThrow(RangeError);
      expect(() => blobs.stream(name)).toThrow(RangeError);
    }
  });

  test('bytes are synced before they get their name, and the name before the promise resolves', async () => {
    const disk = new WatchedDisk();
    const watched = await openBlobs(root, disk);
    await watched.put(Buffer.from('durable'));
    expect(disk.steps).toEqual(['create', 'rename', 'syncFolder']);
  });

  test('the same bytes from several at once are written once', async () => {
    const disk = new WatchedDisk();
    const watched = await openBlobs(root, disk);
    const digests = await Promise.all(Array.from({ length: 20 }, () => watched.put(Buffer.from('same'))));
    expect(new Set(digests).size).toBe(1);
    expect(disk.steps.filter((step) => step === 'create')).toHaveLength(1);
    expect(await filesLeft()).toHaveLength(1);
  });

  test('bytes that are there already become young and are not written again', async () => {
    const disk = new WatchedDisk();
    const watched = await openBlobs(root, disk, { now: () => 5_000_000_000 });
    const digest = await watched.put(Buffer.from('again'));
    await age(pathOf(digest), 1_000_000_000);
    disk.steps.length = 0;
    await watched.put(Buffer.from('again'));
    expect(disk.steps).toEqual(['syncFolder']);
    expect((await stat(pathOf(digest))).mtimeMs).toBe(5_000_000_000);
  });

  test('a file of the wrong size is replaced by the whole bytes', async () => {
    const digest = await blobs.put(Buffer.from('whole'));
    await writeFile(pathOf(digest), 'who');
    await blobs.put(Buffer.from('whole'));
    expect(await blobs.get(digest)).toEqual(Buffer.from('whole'));
  });

  test('several puts into one folder share its sync', async () => {
    const disk = new WatchedDisk();
    const watched = await openBlobs(root, disk);
    // 40 different blobs whose digest begins alike.
    const alike: Buffer[] = [];
    for (let i = 0; alike.length < 40; i++) {
      const bytes = Buffer.from(`blob ${i}`);
      if (sha256(bytes).startsWith('00')) alike.push(bytes);
    }
    await Promise.all(alike.map((bytes) => watched.put(bytes)));
    expect(disk.steps.filter((step) => step === 'create')).toHaveLength(40);
    expect(disk.steps.filter((step) => step === 'syncFolder').length).toBeLessThan(40);
    for (const bytes of alike) expect(await watched.get(sha256(bytes))).toEqual(bytes);
  });

  test('more puts than files may be open all end', async () => {
    const all = Array.from({ length: 500 }, (_, i) => Buffer.from(`many ${i}`));
    const digests = await Promise.all(all.map((bytes) => blobs.put(bytes)));
    expect(digests).toEqual(all.map(sha256));
    expect(await filesLeft()).toHaveLength(500);
  });

  test('there is room, and it is told in bytes', async () => {
    expect(await blobs.freeBytes()).toBeGreaterThan(1024 * 1024);
  });
});

describe('failing disk', () => {
  const cases = [
    ['create', 'ENOSPC', 'store.full'],
    ['create', 'EDQUOT', 'store.full'],
    ['rename', 'ENOSPC', 'store.full'],
    ['syncFolder', 'EIO', 'store.unavailable'],
    ['create', 'EROFS', 'store.unavailable'],
  ] as const;
  test.each(cases)('%s failing with %s is %s, and leaves nothing half written', async (step, errno, code) => {
    const disk = new WatchedDisk();
    const watched = await openBlobs(root, disk);
    disk.failing = { [step]: osError(errno) };
    const failure = await watched.put(Buffer.from('unlucky')).catch((error) => error);
    expect(failure).toBeInstanceOf(Failure);
    expect(failure.code).toBe(code);
    expect(failure.cause).toMatchObject({ code: errno });
    expect((await filesLeft()).filter((name) => name.endsWith('.tmp'))).toEqual([]);

    disk.failing = {};
    const digest = await watched.put(Buffer.from('unlucky'));
    expect(await watched.get(digest)).toEqual(Buffer.from('unlucky'));
  });

  test('a folder that cannot be made is store.unavailable', async () => {
    await writeFile(join(root, 'file'), '');
    await expect(openBlobs(join(root, 'file'))).rejects.toMatchObject({ code: 'store.unavailable' });
  });
});

describe('sweep', () => {
  const NOW = 1_700_000_000_000;
  const OLD = NOW - SWEEP_MIN_AGE_MS - 1;
  const nothing = async () => new Set<string>();

  test('deletes what nothing refers to, keeps what something does, keeps what is young', async () => {
    const [orphan, used, young] = await Promise.all(
      ['orphan', 'used', 'young'].map((name) => blobs.put(Buffer.from(name))),
    );
    await age(pathOf(orphan as string), OLD);
    await age(pathOf(used as string), OLD);
    await age(pathOf(young as string), NOW - 1000);
    const swept = await blobs.sweep(async () => new Set([used as string]), NOW);
    expect(swept).toEqual({ removed: 1, bytes: 6 });
    expect(await blobs.get(orphan as string)).toBeNull();
    expect(await blobs.get(used as string)).not.toBeNull();
    expect(await blobs.get(young as string)).not.toBeNull();
  });

  test('deletes old unfinished files and leaves young ones to their writer', async () => {
    await writeFile(join(root, 'ab', '.x-1.tmp'), 'half');
    await age(join(root, 'ab', '.x-1.tmp'), OLD);
    await writeFile(join(root, 'ab', '.x-2.tmp'), 'half');
    await age(join(root, 'ab', '.x-2.tmp'), NOW);
    expect(await blobs.sweep(nothing, NOW)).toEqual({ removed: 1, bytes: 4 });
    expect(await filesLeft()).toEqual([join('ab', '.x-2.tmp')]);
  });

  test('leaves files alone that are none of ours', async () => {
    await writeFile(join(root, 'ab', 'README'), 'keep');
    await age(join(root, 'ab', 'README'), OLD);
    await mkdir(join(root, 'other'));
    expect(await blobs.sweep(nothing, NOW)).toEqual({ removed: 0, bytes: 0 });
    expect(await filesLeft()).toContain(join('ab', 'README'));
  });

  test('asks in batches', async () => {
    await Promise.all(Array.from({ length: 1200 }, (_, i) => blobs.put(Buffer.from(`batch ${i}`))));
    const asked: number[] = [];
    const swept = await blobs.sweep(
      async (digests) => {
        asked.push(digests.length);
        return new Set();
      },
      Date.now() + SWEEP_MIN_AGE_MS + 60_000,
    );
    expect(asked).toEqual([500, 500, 200]);
    expect(swept.removed).toBe(1200);
    expect(await filesLeft()).toEqual([]);
  });

  test('bytes stored again while the store is asked stay', async () => {
    const bytes = Buffer.from('wanted again');
    const digest = await blobs.put(bytes);
    await age(pathOf(digest), OLD);
    const swept = await blobs.sweep(async () => {
      await blobs.put(bytes);
      return new Set();
    }, NOW);
    expect(swept.removed).toBe(0);
    expect(await blobs.get(digest)).toEqual(bytes);
  });

  test('whatever the interleaving, a put that resolved during a sweep keeps its bytes', async () => {
    const all = Array.from({ length: 200 }, (_, i) => Buffer.from(`racing ${i}`));
    const digests = await Promise.all(all.map((bytes) => blobs.put(bytes)));
    await Promise.all(digests.map((digest) => age(pathOf(digest), OLD)));
    await Promise.all([
      blobs.sweep(nothing, NOW),
      blobs.sweep(nothing, NOW),
      (async () => {
        for (const bytes of all) await blobs.put(bytes);
      })(),
    ]);
    for (const bytes of all) expect(await blobs.get(sha256(bytes))).toEqual(bytes);
  });

  test('a blob that a sweep was cut off with is back after the next one', async () => {
    const digest = await blobs.put(Buffer.from('cut off'));
    await rename(pathOf(digest), `${pathOf(digest)}.going`);
    expect(await blobs.get(digest)).toEqual(Buffer.from('cut off'));
    await blobs.sweep(nothing, NOW);
    expect(await readFile(pathOf(digest))).toEqual(Buffer.from('cut off'));
  });
});
