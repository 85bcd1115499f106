import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, inject } from 'vitest';
import { systemClock, systemRandom } from '../clock.ts';
import { registry } from '../domain/index.ts';
import type { Database } from '../store/database.ts';
import { openPostgres } from '../store/postgres/postgres.ts';
import { openSqlite } from '../store/sqlite/sqlite.ts';
import { execute, freshPostgres, postgresMissing } from '../store/testing/postgres.ts';
import { StoreEngine } from './index.ts';
import { engineContract } from './testing/engine-contract.ts';

const engineOver = (database: Database) => new StoreEngine(database, registry, systemClock, systemRandom);

describe('over SQLite in a file', () => {
  engineContract(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'roost-engine-'));
    return {
      open: async () => engineOver(await openSqlite(join(folder, 'roost.db'))),
      nodeCount: 1,
      close: async () => rmSync(folder, { recursive: true }),
    };
  });
});

const server = inject('postgresUrl');

describe.skipIf(postgresMissing(server))('over PostgreSQL, on four nodes', () => {
  engineContract(async () => {
    const own = await freshPostgres(server as string);
    return {
      open: async () => engineOver(await openPostgres(own.url)),
      nodeCount: 4,
      disturb: async (org) => {
        await execute(
          own.url,
          `begin;
           update head set "offset" = "offset" + 1 where org = '${org}';
           insert into log select org, "offset", 0, 'aborted', '[]' from head where org = '${org}';
           select pg_sleep(0.002);
           rollback;`,
        );
      },
      close: async () => void (await own.drop()),
    };
  });
});
