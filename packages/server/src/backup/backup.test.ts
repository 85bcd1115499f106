import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { systemClock, systemRandom } from '../clock.ts';
import { commands } from '../domain/index.ts';
import { type Blobs, openBlobs } from '../store/blobs/index.ts';
import { placeOf } from '../store/blobs/place.ts';
import type { Database } from '../store/database.ts';
import { openPostgres } from '../store/postgres/postgres.ts';
import { openSqlite } from '../store/sqlite/sqlite.ts';
import { type FreshDatabase, freshPostgres, postgresMissing } from '../store/testing/postgres.ts';
import { backup } from './backup.ts';
import { restore } from './restore.ts';
import type { Row } from './tables.ts';
import { contentsOf, FilledStore, SAID_COUNT } from './testing/filled-store.ts';

const postgresUrl = inject('postgresUrl');
const making = { clock: systemClock, version: '1.2.3', tell: () => {} };
const filling = { random: systemRandom, tell: () => {} };

let folder: string;
let closing: (() => Promise<unknown>)[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'roost-backup-'));
  closing = [];
});
afterEach(async () => {
  for (const close of closing.reverse()) await close();
  await rm(folder, { recursive: true, force: true });
});

const stores = {
  async sqlite(name: string): Promise<Database> {
    const database = await openSqlite(join(folder, name, 'roost.db'));
    closing.push(() => database.close());
    return database;
  },
  async postgres(): Promise<Database> {
    const fresh = await freshPostgres(postgresUrl as string);
    const database = await openPostgres(fresh.url);
    closing.push(
      () => fresh.drop(),
      () => database.close(),
    );
    return database;
  },
};

const blobsIn = (name: string): Promise<Blobs> => openBlobs(join(folder, name, 'blobs'));

async function filled(kind: keyof typeof stores = 'sqlite', messageCount = 5): Promise<FilledStore> {
  const store = new FilledStore(await stores[kind]('old'), await blobsIn('old'));
  await store.fill(messageCount);
  return store;
}

/** An empty store, and what came of restoring `from` into it. */
async function restored(from: string, kind: keyof typeof stores = 'sqlite') {
  const database = await stores[kind]('new');
  const blobs = await blobsIn('new');
  return { database, blobs, done: restore(database, blobs, from, filling) };
}

const backupFolder = () => join(folder, 'backup');

/** Whatever waited is taken for handed over: only a person can find out. */
function asOnItsWay(row: Row): Row {
  return row.state === 'waiting' || row.state === 'sending'
    ? { ...row, state: 'sending', lease_until: 0 }
    : row;
}

function moves(from: keyof typeof stores, to: keyof typeof stores): void {
  test(`from ${from} to ${to} moves every row and blob, and begins a new epoch`, async () => {
    const old = await filled(from, 70);
    const said = await backup(old.database, old.blobs, backupFolder(), making);
    expect(said).toMatchObject({ version: '1.2.3', blobs: { count: 71, lost: 0 } });
    const fresh = await restored(backupFolder(), to);
    await fresh.done;

    const before = await contentsOf(old.database);
    const after = await contentsOf(fresh.database);
    const empty = Object.keys(before).filter((table) => before[table]?.length === 0);
    expect(empty).toEqual([]);
    const { head: heads, ...rows } = before;
    const { head: newHeads, ...newRows } = after;
    expect(newRows).toEqual({ ...rows, outbox: rows.outbox?.map(asOnItsWay) });
    expect(newHeads).toEqual(heads?.map((head) => ({ ...head, epoch: expect.any(String) })));
    expect(newHeads?.[0]?.epoch).not.toBe(heads?.[0]?.epoch);
    for (const { digest } of rows.blob_reference ?? []) {
      const bytes = await fresh.blobs.get(String(digest));
      expect(bytes).toEqual(await old.blobs.get(String(digest)));
      expect(bytes).not.toBeNull();
    }
    // What was answered before the backup is still answered from memory; what is new takes the next offset.
    await new FilledStore(fresh.database, fresh.blobs).deliver();
    expect((await contentsOf(fresh.database)).head).toEqual(newHeads);
    await new FilledStore(fresh.database, fresh.blobs, 70).deliver();
    const { head, message } = await contentsOf(fresh.database);
    expect(head?.[0]?.offset).toBe(Number(heads?.[0]?.offset) + 1);
    expect(message).toHaveLength(71 + SAID_COUNT);
  });
}

describe('a backup', () => {
  moves('sqlite', 'sqlite');

  test('is of one moment, whatever is written meanwhile', async () => {
    const old = await filled();
    const before = await contentsOf(old.database);
    const reader = await openSqlite(join(folder, 'old', 'roost.db'), { readOnly: true });
    closing.push(() => reader.close());
    let isWritten = false;
    const interrupted: Pick<Database, 'dialect' | 'read'> = {
      dialect: 'sqlite',
      read: (run) =>
        reader.read((tx) =>
          run(
            new Proxy(tx, {
              get: (target, name) =>
                name === 'all'
                  ? async (sql: string, ...params: []) => {
                      const rows = await target.all(sql, ...params);
                      if (!isWritten) await old.deliver();
                      isWritten = true;
                      return rows;
                    }
                  : Reflect.get(target, name, target),
            }),
          ),
        ),
    };
    await backup(interrupted, old.blobs, backupFolder(), making);
    expect((await contentsOf(old.database)).message).toHaveLength(6 + SAID_COUNT);
    const fresh = await restored(backupFolder());
    await fresh.done;
    const { head: _, ...rows } = await contentsOf(fresh.database);
    const { head: __, ...expected } = before;
    expect(rows).toEqual({ ...expected, outbox: expected.outbox?.map(asOnItsWay) });
  });

  test('does not have what was on its way sent again: it may have gone out since', async () => {
    const old = await filled();
    await backup(old.database, old.blobs, backupFolder(), making);
    const fresh = await restored(backupFolder());
    await fresh.done;
    const { bus } = new FilledStore(fresh.database, fresh.blobs);
    const system = { kind: 'system', name: 'test' } as const;
    const [row] = (await contentsOf(fresh.database)).outbox ?? [];
    const { org, message_id } = row as { org: string; message_id: string };
    const input = { message_ids: [message_id], lease_before: systemClock.now() };
    expect((await bus.execute(commands.giveUpOutgoing, { org, actor: system, input })).result).toBe(1);
    const message = (await contentsOf(fresh.database)).message?.find(({ id }) => id === message_id);
    expect(JSON.parse(String(message?.row))).toMatchObject({
      status: 'unknown',
      error: expect.stringContaining('when the backup was made'),
    });
  });

  test('is nobody else’s to read', async () => {
    const old = await filled();
    await backup(old.database, old.blobs, backupFolder(), making);
    expect((await stat(backupFolder())).mode & 0o077).toBe(0);
    expect((await stat(join(backupFolder(), 'setting.ndjson'))).mode & 0o077).toBe(0);
  });

  test('goes on without a blob that is missing or damaged, and counts it', async () => {
    const old = await filled();
    const { blob_reference: references = [] } = await contentsOf(old.database);
    const [gone, bad] = [...new Set(references.map(({ digest }) => String(digest)))] as [string, string];
    await unlink(placeOf(join(folder, 'old', 'blobs'), gone).path);
    await writeFile(placeOf(join(folder, 'old', 'blobs'), bad).path, 'something else');
    const { blobs } = await backup(old.database, old.blobs, backupFolder(), making);
    expect(blobs).toMatchObject({ count: 4, lost: 2 });
    const fresh = await restored(backupFolder());
    await fresh.done;
    expect(await fresh.blobs.get(gone)).toBeNull();
  });

  test('does not count as lost what was removed with its message meanwhile', async () => {
    const old = await filled();
    const { blob_reference: references = [] } = await contentsOf(old.database);
    const removed = String(references[0]?.digest);
    const blobs = {
      async get(digest: string) {
        if (digest !== removed) return old.blobs.get(digest);
        await old.database.write((tx) => tx.run('delete from blob_reference where digest = ?', digest));
        return null;
      },
    };
    expect((await backup(old.database, blobs, backupFolder(), making)).blobs).toMatchObject({ lost: 0 });
  });

  test('that fails leaves nothing behind', async () => {
    const old = await filled();
    const blobs = { get: () => Promise.reject(new Error('The disk is on fire')) };
    await expect(backup(old.database, blobs, backupFolder(), making)).rejects.toThrow('The disk is on fire');
    expect(await readdir(folder)).toEqual(['old']);
  });

  test('never touches a folder that is there, nor one that another backup writes', async () => {
    const old = await filled();
    await mkdir(backupFolder());
    await expect(backup(old.database, old.blobs, backupFolder(), making)).rejects.toThrow(
      `${backupFolder()} is there already`,
    );
    await mkdir(`${folder}/next.partial`);
    await expect(backup(old.database, old.blobs, `${folder}/next`, making)).rejects.toThrow(
      `${folder}/next.partial is left from a backup`,
    );
    expect((await readdir(folder)).sort()).toEqual(['backup', 'next.partial', 'old']);
  });

  test('that cannot be written says where and why', async () => {
    const old = await filled();
    await expect(backup(old.database, old.blobs, '/dev/null/backup', making)).rejects.toThrow(
      '/dev/null/backup: a part of the path is no folder.',
    );
  });
});

describe('a backup is not restored', () => {
  let from: string;
  beforeEach(async () => {
    const old = await filled();
    from = backupFolder();
    await backup(old.database, old.blobs, from, making);
  });

  async function refused(says: RegExp | string): Promise<void> {
    const { database, done } = await restored(from);
    await expect(done).rejects.toThrow(says);
    await expect(done).rejects.toMatchObject({ name: 'BackupError' });
    expect(Object.values(await contentsOf(database)).flat()).toEqual([]);
    const files = await readdir(join(folder, 'new', 'blobs'), { recursive: true, withFileTypes: true });
    expect(files.filter((file) => file.isFile())).toEqual([]);
  }

  const edit = async (name: string, change: (text: string) => string) =>
    writeFile(join(from, name), change(await readFile(join(from, name), 'utf8')));

  test('into a store that holds anything', async () => {
    const used = new FilledStore(await stores.sqlite('new'), await blobsIn('new'));
    await used.fill(1);
    const before = await contentsOf(used.database);
    await expect(restore(used.database, used.blobs, from, filling)).rejects.toThrow('The store is not empty');
    expect(await contentsOf(used.database)).toEqual(before);
  });

  test('from a folder that is none, or holds something else', async () => {
    from = join(folder, 'nowhere');
    await refused(`${from} holds no backup: there is no manifest.json in it.`);
  });

  test('without a manifest that makes sense', async () => {
    await writeFile(join(from, 'manifest.json'), '{"name": "left-pad"}');
    await refused('manifest.json is not that of a backup, or is damaged.');
  });

  test('when a newer version wrote it', async () => {
    await edit('manifest.json', (text) => text.replace('"format": 1', '"format": 2'));
    await refused('is of a newer version of this program');
  });

  test('when its tables are of another version, which is named', async () => {
    await edit('manifest.json', (text) => text.replace(/"schema": ".*"/, '"schema": "0000-before"'));
    await refused(/has the tables of 0000-before, .*restore it with version 1\.2\.3/);
  });

  test('when a table was cut short', async () => {
    await edit('message.ndjson', (text) => text.slice(0, text.length / 2));
    await refused(/message\.ndjson is damaged/);
  });

  test('when a table is missing', async () => {
    await unlink(join(from, 'inbox.ndjson'));
    await refused(/inbox\.ndjson: there is no such file or folder/);
  });

  test('when one character of a row is another', async () => {
    await edit('person.ndjson', (text) => text.replace('o@roost.test', 'x@roost.test'));
    await refused(/person\.ndjson is damaged/);
  });

  test('when the list of blobs grew', async () => {
    await appendFile(join(from, 'blobs.ndjson'), `"${'0'.repeat(64)}"\n`);
    await refused(/blobs\.ndjson is damaged/);
  });

  test.each([
    ['damaged', (path: string) => writeFile(path, 'something else'), 'its bytes have another digest'],
    ['missing', (path: string) => unlink(path), 'there is no such file'],
  ])('when a blob is %s', async (_what, harm, says) => {
    const digests = (await readFile(join(from, 'blobs.ndjson'), 'utf8')).trim().split('\n');
    const { path } = placeOf(join(from, 'blobs'), JSON.parse(digests.at(-1) as string));
    await harm(path);
    await refused(says);
  });
});

describe.skipIf(postgresMissing(postgresUrl))('a backup between stores', () => {
  moves('sqlite', 'postgres');
  moves('postgres', 'sqlite');
  moves('postgres', 'postgres');

  let probe: FreshDatabase;
  beforeAll(async () => {
    probe = await freshPostgres(postgresUrl as string);
  });
  afterAll(() => probe.drop());

  test('that fails half-way leaves PostgreSQL empty', async () => {
    const old = await filled();
    await backup(old.database, old.blobs, backupFolder(), making);
    const database = await openPostgres(probe.url);
    closing.push(() => database.close());
    let told = 0;
    const tell = () => {
      told += 1;
      if (told === 10) throw new Error('Cut off here');
    };
    await expect(
      restore(database, await blobsIn('new'), backupFolder(), { random: systemRandom, tell }),
    ).rejects.toThrow('Cut off here');
    expect(Object.values(await contentsOf(database)).flat()).toEqual([]);
  });
});
