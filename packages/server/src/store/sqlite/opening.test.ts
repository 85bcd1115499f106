import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteConnection from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSqlite } from './sqlite.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'roost-opening-'));
  file = join(folder, 'inner', 'roost.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('the first opening makes folder and tables, and the next finds them', async () => {
  const first = await openSqlite(file);
  await first.write((tx) => tx.run(`insert into setting (name, value) values ('a', '1')`));
  await first.close();
  expect(statSync(join(folder, 'inner')).mode & 0o077).toBe(0);
  const second = await openSqlite(file);
  expect(await second.read((tx) => tx.get('select value from setting'))).toEqual({ value: '1' });
  await second.close();
});

test('every commit reaches the disk before it is told', async () => {
  const database = await openSqlite(file);
  expect(database.connection.pragma('journal_mode', { simple: true })).toBe('wal');
  expect(database.connection.pragma('synchronous', { simple: true })).toBe(2);
  await database.close();
});

test('a reader beside the writer sees what was committed, and may not write', async () => {
  const writer = await openSqlite(file);
  const reader = await openSqlite(file, { readOnly: true });
  await writer.write((tx) => tx.run(`insert into setting (name, value) values ('a', '1')`));
  expect(await reader.read((tx) => tx.get('select value from setting'))).toEqual({ value: '1' });
  const refused = reader.write((tx) => tx.run(`insert into setting (name, value) values ('b', '1')`));
  await expect(refused).rejects.toMatchObject({ code: 'store.unavailable' });
  await reader.close();
  await writer.close();
});

test('what cannot be opened is told in one sentence that names the place', async () => {
  writeFileSync(join(folder, 'note.txt'), 'This is not a database. '.repeat(100));
  writeFileSync(join(folder, 'file'), '');
  await expect(openSqlite(join(folder, 'note.txt'))).rejects.toThrow(
    /note\.txt is not a database, or is damaged/,
  );
  await expect(openSqlite(join(folder, 'file', 'roost.db'))).rejects.toThrow(/check that its folder exists/);
  await expect(openSqlite(join(folder, 'missing.db'), { readOnly: true })).rejects.toThrow(
    /missing\.db cannot be opened/,
  );
});

test('a store of a newer version is left alone, and told so', async () => {
  await (await openSqlite(file)).close();
  const connection = new SqliteConnection(file);
  connection.exec(
    `insert into kysely_migration (name, timestamp) values ('9999-from-the-future', '2040-01-01')`,
  );
  connection.close();
  await expect(openSqlite(file)).rejects.toThrow(/written by a newer version/);
});

test('a migration that breaks off half-way leaves nothing behind', async () => {
  // A table that is in the way of one of the last statements.
  await (await openSqlite(join(folder, 'other.db'))).close();
  const connection = new SqliteConnection(join(folder, 'half.db'));
  connection.exec('create table setting (anything text)');
  connection.close();
  await expect(openSqlite(join(folder, 'half.db'))).rejects.toThrow(/setting already exists/);
  const after = new SqliteConnection(join(folder, 'half.db'));
  const tables = after.prepare(`select name from sqlite_master where type = 'table'`).pluck().all();
  after.close();
  expect(tables).toEqual(['setting']);
});
