import { describe, inject } from 'vitest';
import { openPostgres } from '../../store/postgres/postgres.ts';
import { openSqlite } from '../../store/sqlite/sqlite.ts';
import { freshPostgres, postgresMissing } from '../../store/testing/postgres.ts';
import { autoReplyContract } from './testing/contract.ts';

describe('over SQLite', () => {
  autoReplyContract(async () => ({ database: await openSqlite(':memory:'), close: async () => {} }));
});

const server = inject('postgresUrl');

describe.skipIf(postgresMissing(server))('over PostgreSQL', () => {
  autoReplyContract(async () => {
    const own = await freshPostgres(server as string);
    return { database: await openPostgres(own.url), close: async () => void (await own.drop()) };
  });
});
