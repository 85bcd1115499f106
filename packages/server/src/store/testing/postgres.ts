import { randomBytes } from 'node:crypto';
import pg from 'pg';

export interface FreshDatabase {
  readonly url: string;
  /** Also ends connections left open. */
  drop(): Promise<void>;
}

/** An empty database of its own in the cluster behind `url`. */
export async function freshPostgres(url: string): Promise<FreshDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  await execute(url, `create database ${name}`);
  const own = new URL(url);
  own.pathname = `/${name}`;
  return {
    url: own.href,
    drop: async () => void (await execute(url, `drop database if exists ${name} with (force)`)),
  };
}

/** One statement on a connection of its own. */
export async function execute(url: string, sql: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return await client.query(sql);
  } finally {
    await client.end();
  }
}

/** For suites that need PostgreSQL: says why they are skipped where there is none. */
export function postgresMissing(url: string | null): boolean {
  if (url === null) console.log('PostgreSQL is not there: its suites are skipped.');
  return url === null;
}
