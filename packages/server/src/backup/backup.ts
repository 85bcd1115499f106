import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { localDisk } from '../store/blobs/disk.ts';
import { openBlobs } from '../store/blobs/index.ts';
import type { Tx } from '../store/database.ts';
import { SCHEMA_VERSION } from '../store/migrations/index.ts';
import { forEach, isDigestOf } from './blobs.ts';
import { asBackupError, BackupError } from './error.ts';
import { LineWriter, readLines, type Written } from './lines.ts';
import { blobList, blobRoot, type Manifest, tableFile, writeManifest } from './manifest.ts';
import type { BackupOptions, BlobSource, Source, Tell } from './needs.ts';
import { pagesOf, type TableName, tableNames, takeTime } from './tables.ts';

const TELL_EVERY_BLOBS = 1_000;

/**
 * Writes one consistent moment of the store, and the blobs it names, to `folder`, which must not be there yet. It
 * appears complete and durable, or not at all. Works beside a running server and keeps nobody from writing.
 *
 * A blob that is missing or damaged does not fail the backup of all others: the manifest counts it as lost.
 *
 * @throws BackupError; store.unavailable
 */
export async function backup(
  database: Source,
  blobs: BlobSource,
  folder: string,
  { clock, version, tell }: BackupOptions,
): Promise<Manifest> {
  const target = resolve(folder);
  const partial = `${target}.partial`;
  await makePartial(target, partial);
  try {
    const made_at = new Date(clock.now()).toISOString();
    const tables = await copyTables(database, partial, tell);
    const copied = await copyBlobs(database, blobs, partial, tell);
    const manifest = await writeManifest(partial, {
      version,
      schema: SCHEMA_VERSION,
      made_at,
      tables,
      blobs: copied,
    });
    await localDisk.syncFolder(partial);
    await rename(partial, target);
    await localDisk.syncFolder(dirname(target));
    return manifest;
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw asBackupError(error, partial);
  }
}

async function makePartial(target: string, partial: string): Promise<void> {
  try {
    if (await isThere(target)) throw new BackupError(`${target} is there already: name a new folder.`);
    await mkdir(dirname(target), { recursive: true });
    await mkdir(partial, { mode: 0o700 });
  } catch (error) {
    // It may belong to a backup that runs now, so it is not ours to remove.
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
      throw new BackupError(
        `${partial} is left from a backup that was cut off, or one runs: remove it first.`,
      );
    }
    throw asBackupError(error, target);
  }
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );
}

async function copyTables(database: Source, folder: string, tell: Tell): Promise<Manifest['tables']> {
  const writers = new Map<TableName, LineWriter>();
  try {
    for (const table of tableNames) writers.set(table, await LineWriter.create(tableFile(folder, table)));
    await database.read(async (tx) => {
      await takeTime(tx);
      await checkSchema(tx);
      for (const [table, writer] of writers) {
        for await (const rows of pagesOf(tx, table)) await writer.write(rows);
      }
    });
    // Only now, so that the moment is not held open while a slow disk catches up.
    const tables: Partial<Record<TableName, Written>> = {};
    for (const [table, writer] of writers) {
      const written = await writer.finish();
      tables[table] = written;
      tell(`${table}: ${written.count}`);
    }
    return tables as Manifest['tables'];
  } finally {
    for (const writer of writers.values()) await writer.abandon();
  }
}

async function checkSchema(tx: Tx): Promise<void> {
  const newest = await tx.get<{ name: string }>(
    'select name from kysely_migration order by name desc limit 1',
  );
  if (newest?.name !== SCHEMA_VERSION) {
    throw new BackupError(
      `The store has the tables of ${newest?.name ?? 'no version'}, this program those of ${SCHEMA_VERSION}: start the server of this version once, or use the program the store belongs to.`,
    );
  }
}

async function copyBlobs(
  database: Source,
  blobs: BlobSource,
  folder: string,
  tell: Tell,
): Promise<Manifest['blobs']> {
  let wanted = 0;
  for await (const _ of digestsIn(folder)) wanted += 1;
  const target = await openBlobs(blobRoot(folder));
  const list = await LineWriter.create(blobList(folder));
  let done = 0;
  let lost = 0;
  try {
    await forEach(digestsIn(folder), async (digest) => {
      const bytes = await blobs.get(digest);
      if (bytes !== null && isDigestOf(digest, bytes)) {
        await target.put(bytes);
        await list.write([digest]);
      } else if (await isStillWanted(database, digest)) {
        lost += 1;
      }
      done += 1;
      if (done % TELL_EVERY_BLOBS === 0 || done === wanted) tell(`blobs: ${done} of ${wanted}`);
    });
    return { ...(await list.finish()), lost };
  } finally {
    await list.abandon();
  }
}

/** What the tables just written name, each once: they are in order of the digest. */
async function* digestsIn(folder: string): AsyncGenerator<string> {
  let last = '';
  for await (const line of readLines(tableFile(folder, 'blob_reference'))) {
    const { digest } = JSON.parse(line) as { digest: string };
    if (digest !== last) yield digest;
    last = digest;
  }
}

/** Its message may have been removed since the moment of the backup, and the blob with it. */
async function isStillWanted(database: Source, digest: string): Promise<boolean> {
  const found = await database.read((tx) =>
    tx.get('select 1 as one from blob_reference where digest = ? limit 1', digest),
  );
  return found !== undefined;
}
