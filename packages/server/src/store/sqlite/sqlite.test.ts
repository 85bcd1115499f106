import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe } from 'vitest';
import { databaseContract } from '../testing/database-contract.ts';
import { openSqlite } from './sqlite.ts';

const folder = mkdtempSync(join(tmpdir(), 'roost-sqlite-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;

describe('SQLite in a file', () => {
  databaseContract(() => {
    files += 1;
    return openSqlite(join(folder, `${files}.db`));
  });
});

describe('SQLite in memory', () => {
  databaseContract(() => openSqlite(':memory:'));
});
