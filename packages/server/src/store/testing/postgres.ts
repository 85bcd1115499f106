import pg from 'pg';

export { createDatabase as freshPostgres } from '../../../../../scripts/services/postgres.mjs';

export interface FreshDatabase {
  readonly url: string;
  /** Also ends connections left open. */
  drop(): Promise<unknown>;
}

/** One statement on a connection of its own. */
export async function execute(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** For suites that need PostgreSQL: says why they are skipped where there is none. */
export function postgresMissing(url: string | null): boolean {
  if (url === null) console.log('PostgreSQL is not there: its suites are skipped.');
  return url === null;
}
