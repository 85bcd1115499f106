import { describe, expect, inject, test } from 'vitest';
import { openPostgres } from '../store/postgres/postgres.ts';
import { openSqlite } from '../store/sqlite/sqlite.ts';
import { freshPostgres, postgresMissing } from '../store/testing/postgres.ts';
import { deeds } from './audit/sentence.ts';
import { commands } from './index.ts';
import { peopleContract } from './testing/people-contract.ts';

describe('over SQLite', () => {
  peopleContract(async () => ({ database: await openSqlite(':memory:'), close: async () => {} }));
});

const server = inject('postgresUrl');

describe.skipIf(postgresMissing(server))('over PostgreSQL', () => {
  peopleContract(async () => {
    const own = await freshPostgres(server as string);
    return { database: await openPostgres(own.url), close: async () => void (await own.drop()) };
  });
});

test('every audited command can be told in a sentence', () => {
  const audited = Object.values(commands)
    .filter((command) => 'audited' in command && command.audited)
    .map(({ name }) => name);
  expect(Object.keys(deeds).sort()).toEqual(audited.sort());
});
