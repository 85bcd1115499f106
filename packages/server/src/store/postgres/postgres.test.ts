import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { databaseContract } from '../testing/database-contract.ts';
import { execute, type FreshDatabase, freshPostgres, postgresMissing } from '../testing/postgres.ts';
import { openPostgres, type PostgresDatabase } from './postgres.ts';

const server = inject('postgresUrl');

describe.skipIf(postgresMissing(server))('PostgreSQL', () => {
  let own: FreshDatabase;
  beforeAll(async () => {
    own = await freshPostgres(server as string);
  });
  afterAll(() => own.drop());

  databaseContract(() => openPostgres(own.url));

  describe('a connection that breaks', () => {
    let database: PostgresDatabase;
    beforeAll(async () => {
      database = await openPostgres(own.url);
    });
    afterAll(() => database.close());

    const pidOf = async (tx: { get<R>(sql: string): Promise<R | undefined> }) =>
      (await tx.get<{ pid: number }>('select pg_backend_pid() as pid'))?.pid;

    test('in a transaction fails that one, and the next gets another', async () => {
      const broken = database.write(async (tx) => {
        await tx.run(`insert into setting (name, value) values ('lost', '')`);
        await execute(own.url, `select pg_terminate_backend(${await pidOf(tx)})`);
        await tx.get('select 1 as one');
      });
      await expect(broken).rejects.toMatchObject({ code: 'store.unavailable' });
      expect(
        await database.read((tx) => tx.get(`select 1 as one from setting where name = 'lost'`)),
      ).toBeUndefined();
    });

    test('just before the commit is told as such', async () => {
      const broken = database.write(async (tx) => {
        await execute(own.url, `select pg_terminate_backend(${await pidOf(tx)})`);
        await tx.run(`insert into setting (name, value) values ('unsure', '')`);
      });
      await expect(broken).rejects.toMatchObject({ code: 'store.unavailable' });
    });

    test('while idle is noticed by nobody', async () => {
      const pids = await Promise.all([database.read(pidOf), database.read(pidOf), database.read(pidOf)]);
      for (const pid of new Set(pids)) await execute(own.url, `select pg_terminate_backend(${pid})`);
      const after = await Promise.allSettled([
        database.read(pidOf),
        database.read(pidOf),
        database.read(pidOf),
      ]);
      // One whose end was not yet heard of may fail; none may hang, and then all is well again.
      for (const read of after) {
        if (read.status === 'rejected') expect(read.reason).toMatchObject({ code: 'store.unavailable' });
      }
      expect(await database.read(pidOf)).toBeTypeOf('number');
    });
  });

  test('statements that do not wait for each other leave together: the driver was told so in its words', async () => {
    const database = await openPostgres(own.url);
    const client = await database.pool.connect();
    expect(client.pipeline).toBe(true);
    client.release();
    await database.close();
  });

  test('many nodes that start at once migrate once', async () => {
    const empty = await freshPostgres(server as string);
    const nodes = await Promise.all(Array.from({ length: 4 }, () => openPostgres(empty.url)));
    const migrations = await nodes[0]?.read((tx) => tx.all('select name from kysely_migration'));
    expect(new Set(migrations?.map((row) => JSON.stringify(row))).size).toBe(migrations?.length);
    await Promise.all(nodes.map((node) => node.close()));
    await empty.drop();
  });

  test('what cannot be opened is told in one sentence, without the password', async () => {
    const url = new URL(own.url);
    url.password = 'hunter2';
    url.pathname = '/no_such_database';
    const opening = openPostgres(url.href);
    await expect(opening).rejects.toThrow(/check account, password and database name.*no_such_database/);
    await expect(opening).rejects.not.toThrow(/hunter2/);
    await expect(openPostgres('postgres://nobody:hunter2@127.0.0.1:1/x')).rejects.toThrow(
      /127\.0\.0\.1:1.*ECONNREFUSED/,
    );
  });

  test('a store of a newer version is left alone, and told so', async () => {
    const newer = await freshPostgres(server as string);
    await (await openPostgres(newer.url)).close();
    await execute(newer.url, `insert into kysely_migration values ('9999-from-the-future', '2040-01-01')`);
    await expect(openPostgres(newer.url)).rejects.toThrow(/written by a newer version/);
    await newer.drop();
  });
});
