import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Database, Tx, WriteTx } from '../database.ts';
import { migrate } from '../migrations/index.ts';
import { openingError } from '../opening-error.ts';
import { asFailure } from './failure.ts';
import { PostgresTx } from './tx.ts';

const POOL_MAX_CONNECTIONS = 10;
/** How long a transaction waits for a connection, a new one or one that others use. */
const CONNECT_TIMEOUT_MS = 5_000;
/** The server gives up a statement that runs longer; commands are short. */
const STATEMENT_TIMEOUT_MS = 30_000;
/** We give up on a server that says nothing, such as one behind a cut network. */
const ANSWER_TIMEOUT_MS = STATEMENT_TIMEOUT_MS + 5_000;
/** A node that stops in the middle of a transaction, frozen or cut off, holds an organisation's log this long. */
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 10_000;
const KEEP_ALIVE_AFTER_MS = 10_000;
const INT8 = 20;

/** Connects to and migrates the database at `url`. @throws OpeningError */
export async function openPostgres(url: string): Promise<PostgresDatabase> {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: 'roost',
    max: POOL_MAX_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    query_timeout: ANSWER_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS,
    // Statements that do not wait for each other leave in one packet.
    pipeline: true,
    // Offsets and times fit a JavaScript number; as text they would only invite mistakes.
    types: { getTypeParser: (oid, format) => (oid === INT8 ? Number : pg.types.getTypeParser(oid, format)) },
  } as pg.PoolConfig);
  // A connection that breaks is replaced by the pool, and whoever used it hears of it from their own statement;
  // without a listener for both, idle and in use, it would end the process.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  try {
    await migrate(new Kysely({ dialect: new PostgresDialect({ pool }) }), 'postgres');
  } catch (error) {
    await pool.end();
    throw openingError(withoutPassword(url), error);
  }
  return new PostgresDatabase(pool);
}

export class PostgresDatabase implements Database {
  readonly dialect = 'postgres';

  constructor(readonly pool: pg.Pool) {}

  write<T>(run: (tx: WriteTx) => Promise<T>): Promise<T> {
    return this.transaction('begin', run);
  }

  read<T>(run: (tx: Tx) => Promise<T>): Promise<T> {
    return this.transaction('begin isolation level repeatable read read only', run);
  }

  async close(): Promise<void> {
    await this.pool.end();
  }

  private async transaction<T>(begin: string, run: (tx: WriteTx) => Promise<T>): Promise<T> {
    const client = await this.pool.connect().catch((error: unknown) => {
      throw asFailure(error);
    });
    let broken: Error | undefined;
    try {
      const tx = new PostgresTx(client, begin);
      const result = await run(tx);
      await tx.commit();
      return result;
    } catch (error) {
      // Also after a commit that failed: whatever state the connection is in, it comes back clean or not at all.
      await client.query('rollback').catch((rollbackError: Error) => {
        broken = rollbackError;
      });
      throw asFailure(error);
    } finally {
      client.release(broken);
    }
  }
}

function withoutPassword(url: string): string {
  try {
    const { protocol, hostname, port, pathname } = new URL(url);
    return `${protocol}//${hostname}${port ? `:${port}` : ''}${pathname}`;
  } catch {
    return 'at the configured address';
  }
}
