import { resolve } from 'node:path';
import { newEpoch } from '../commands/index.ts';
import type { Tx, Value, WriteTx } from '../store/database.ts';
import { forEach } from './blobs.ts';
import { blobsIn, checkBackup, readBlob } from './check.ts';
import { BackupError } from './error.ts';
import { readLines } from './lines.ts';
import { type Manifest, tableFile } from './manifest.ts';
import type { BlobTarget, RestoreOptions, Target, Tell } from './needs.ts';
import { columns, readRow, type TableName, tableNames, takeTime } from './tables.ts';

/** Rows sent to the store together, at most. */
const BATCH_ROWS = 500;
const BATCH_CHARS = 4 << 20;
const TELL_EVERY_BLOBS = 1_000;

/**
 * Fills an empty store, and its blobs, from a backup; the store it was made of may have been of the other kind.
 * The backup is checked as a whole first, and the tables come in one transaction. Every organisation's log goes on
 * at its offset under a new epoch: cursors from before are void, because what they saw may not have been backed up.
 *
 * @throws BackupError  the store is not empty, or the backup damaged; nothing was changed
 * @throws store.full, store.unavailable  blobs may have been copied, which do no harm
 */
export async function restore(
  database: Target,
  blobs: BlobTarget,
  folder: string,
  { random, tell }: RestoreOptions,
): Promise<Manifest> {
  const place = resolve(folder);
  await database.read(checkEmpty);
  const said = await checkBackup(place);
  tell(`The backup of ${said.made_at} is whole.`);
  await copyBlobs(blobs, place, said, tell);
  await database.write(async (tx) => {
    await takeTime(tx);
    await checkEmpty(tx);
    // A server that was cut off at its first start leaves some of its own.
    await tx.run('delete from setting');
    for (const table of tableNames) {
      await fill(tx, table, tableFile(place, table));
      await checkCount(tx, table, said.tables[table].count);
      tell(`${table}: ${said.tables[table].count}`);
    }
    // What was on its way may have gone out since the backup was made: that only a person can find out.
    await tx.run(
      `update outbox set state = 'sending', lease_until = 0 where state in ('waiting', 'sending')`,
    );
    for (const { org } of await tx.all<{ org: string }>('select org from head')) {
      await tx.run('update head set epoch = ? where org = ?', newEpoch(random), org);
    }
  });
  return said;
}

async function checkEmpty(tx: Tx): Promise<void> {
  for (const table of tableNames.filter((name) => name !== 'setting')) {
    if (await tx.get(`select 1 as one from ${table} limit 1`)) {
      throw new BackupError('The store is not empty: a backup is restored into an empty one only.');
    }
  }
}

/** Before the rows that name them, as with every mail. */
async function copyBlobs(blobs: BlobTarget, folder: string, said: Manifest, tell: Tell): Promise<void> {
  const { count } = said.blobs;
  let done = 0;
  await forEach(blobsIn(folder), async (digest) => {
    await blobs.put(await readBlob(folder, digest));
    done += 1;
    if (done % TELL_EVERY_BLOBS === 0 || done === count) tell(`blobs: ${done} of ${count}`);
  });
}

async function fill(tx: WriteTx, table: TableName, path: string): Promise<void> {
  let batch: Value[][] = [];
  let chars = 0;
  let line = 0;
  const send = async () => {
    await tx.insertMany(table, Object.keys(columns[table]), batch);
    // Writes are not waited for; without a question now and then all of the table would wait in memory.
    await tx.get('select 1 as one');
    batch = [];
    chars = 0;
  };
  for await (const text of readLines(path)) {
    line += 1;
    batch.push(rowAt(table, text, `${path} line ${line}`));
    chars += text.length;
    if (batch.length >= BATCH_ROWS || chars >= BATCH_CHARS) await send();
  }
  if (batch.length > 0) await send();
}

function rowAt(table: TableName, text: string, where: string): Value[] {
  try {
    return readRow(table, text);
  } catch (error) {
    throw new BackupError(`${where}: ${(error as Error).message}.`, { cause: error });
  }
}

async function checkCount(tx: Tx, table: TableName, count: number): Promise<void> {
  const found = await tx.get<{ count: number }>(`select count(*) as count from ${table}`);
  if (found?.count !== count) {
    throw new BackupError(
      `The backup says that ${table} has ${count} rows, and ${found?.count} came of it: it is damaged, or somebody writes to this store.`,
    );
  }
}
