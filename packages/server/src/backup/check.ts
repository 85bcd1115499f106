import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { placeOf } from '../store/blobs/place.ts';
import { SCHEMA_VERSION } from '../store/migrations/index.ts';
import { forEach, isDigestOf } from './blobs.ts';
import { asBackupError, BackupError } from './error.ts';
import { digestOfFile, readLines } from './lines.ts';
import { blobList, blobRoot, type Manifest, readManifest, tableFile } from './manifest.ts';
import { tableNames } from './tables.ts';

const DIGEST = /^[0-9a-f]{64}$/;

/**
 * Reads a whole backup and compares it with what its manifest says, before anything is changed anywhere.
 *
 * @throws BackupError  what is wrong, and in which file
 */
export async function checkBackup(folder: string): Promise<Manifest> {
  const place = resolve(folder);
  const said = await readManifest(place);
  if (said.schema !== SCHEMA_VERSION) {
    throw new BackupError(
      `${place} has the tables of ${said.schema}, this program those of ${SCHEMA_VERSION}: restore it with version ${said.version}, then go on to this one.`,
    );
  }
  for (const table of tableNames) await checkFile(tableFile(place, table), said.tables[table].sha256);
  await checkFile(blobList(place), said.blobs.sha256);
  await forEach(blobsIn(place), async (digest) => {
    await readBlob(place, digest);
  });
  return said;
}

async function checkFile(path: string, sha256: string): Promise<void> {
  const found = await digestOfFile(path).catch((error) => {
    throw asBackupError(error, path);
  });
  if (found !== sha256) throw new BackupError(`${path} is damaged: it is not what the manifest says.`);
}

/** The digests of all blobs in a backup. @throws BackupError */
export async function* blobsIn(folder: string): AsyncGenerator<string> {
  let count = 0;
  for await (const line of readLines(blobList(folder))) {
    count += 1;
    const digest = line.slice(1, -1);
    if (!DIGEST.test(digest)) throw new BackupError(`${blobList(folder)} line ${count}: that is no digest.`);
    yield digest;
  }
}

/** @throws BackupError  it is missing or damaged */
export async function readBlob(folder: string, digest: string): Promise<Buffer> {
  const { path } = placeOf(blobRoot(folder), digest);
  const bytes = await readFile(path).catch((error) => {
    throw asBackupError(error, path);
  });
  if (!isDigestOf(digest, bytes)) throw new BackupError(`${path} is damaged: its bytes have another digest.`);
  return bytes;
}
