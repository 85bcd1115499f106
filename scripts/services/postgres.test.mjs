import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { findPostgres } from './find.mjs';
import { createDatabase, startPostgres } from './postgres.mjs';

describe.skipIf(!findPostgres())('PostgreSQL for tests', () => {
  test('starts on a port of its own, holds separate databases, and stops', async () => {
    const cluster = await startPostgres({ fsync: false });
    try {
      const [one, two] = await Promise.all([createDatabase(cluster.url), createDatabase(cluster.url)]);
      await ask(one.url, 'create table only_here (id int)');
      expect(await ask(one.url, "select to_regclass('only_here') is not null as found")).toEqual([
        { found: true },
      ]);
      expect(await ask(two.url, "select to_regclass('only_here') is not null as found")).toEqual([
        { found: false },
      ]);

      // A test file that forgets a connection does not keep its database.
      const forgotten = new pg.Client({ connectionString: one.url });
      const cut = new Promise((resolve) => forgotten.on('error', resolve));
      await forgotten.connect();
      await one.drop();
      expect(await cut).toBeInstanceOf(Error);
      await expect(ask(one.url, 'select 1')).rejects.toThrow(/does not exist/);
    } finally {
      await cluster.stop();
    }
    await expect(ask(cluster.url, 'select 1')).rejects.toThrow(/ECONNREFUSED/);
  });

  test('orders text as people do, so that code counting on byte order fails here', async ({ skip }) => {
    const cluster = await startPostgres({ fsync: false });
    try {
      const [{ server_version_num: version }] = await ask(cluster.url, 'show server_version_num');
      skip(Number(version) < 150_000, 'only PostgreSQL 15 and newer can be told to');
      expect(await ask(cluster.url, "select 'a' < 'B' as linguistic")).toEqual([{ linguistic: true }]);
    } finally {
      await cluster.stop();
    }
  });
});

/**
 * @param {string} url
 * @param {string} sql
 */
async function ask(url, sql) {
  const client = new pg.Client({ connectionString: url });
  try {
    await client.connect();
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
