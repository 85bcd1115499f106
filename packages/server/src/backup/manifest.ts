import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { localDisk } from '../store/blobs/disk.ts';
import { asBackupError, BackupError } from './error.ts';
import { type TableName, tableNames } from './tables.ts';

/** Grows when an older program could not read the folder. */
const FORMAT = 1;
const FILE = 'manifest.json';

const lines = z.object({ count: z.int().min(0), sha256: z.string().length(64) });

const manifest = z.object({
  format: z.literal(FORMAT),
  /** The program that made it. */
  version: z.string(),
  /** Name of the newest migration of the store. */
  schema: z.string(),
  /** RFC 3339, UTC. */
  made_at: z.string(),
  tables: z.object(Object.fromEntries(tableNames.map((name) => [name, lines]))),
  /** The list of them. `lost` are those that messages name and that were not there, or damaged. */
  blobs: lines.extend({ lost: z.int().min(0) }),
});

/** What a backup says of itself. Written last: a folder that has it is complete. */
export type Manifest = Omit<z.infer<typeof manifest>, 'tables'> & {
  readonly tables: Readonly<Record<TableName, z.infer<typeof lines>>>;
};

export const tableFile = (folder: string, table: TableName) => join(folder, `${table}.ndjson`);
/** One digest a line, for each blob in the backup. */
export const blobList = (folder: string) => join(folder, 'blobs.ndjson');
export const blobRoot = (folder: string) => join(folder, 'blobs');

export async function writeManifest(folder: string, said: Omit<Manifest, 'format'>): Promise<Manifest> {
  const complete = { format: FORMAT, ...said } as const;
  await localDisk.create(join(folder, FILE), Buffer.from(`${JSON.stringify(complete, null, 2)}\n`));
  return complete;
}

/** @throws BackupError  there is no backup in the folder, or one this program cannot read */
export async function readManifest(folder: string): Promise<Manifest> {
  const path = join(folder, FILE);
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT')
      throw new BackupError(`${folder} holds no backup: there is no ${FILE} in it.`);
    throw asBackupError(error, path);
  });
  const said = parse(text);
  const format = (said as { format?: unknown } | null)?.format;
  if (typeof format === 'number' && format > FORMAT) {
    throw new BackupError(`${path} is of a newer version of this program: restore with that version.`);
  }
  const read = manifest.safeParse(said);
  if (!read.success) throw new BackupError(`${path} is not that of a backup, or is damaged.`);
  return read.data as Manifest;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
