import { Failure } from '@roost/protocol';
import { type Kysely, Kysely as KyselyRoot, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Database, Tx, Value, WriteTx } from '../database.ts';
import { migrate } from '../migrations/index.ts';
import { kyselyOver } from '../one-connection.ts';
import type { Tables } from '../tables.ts';

const POOL_MAX_CONNECTIONS = 10;
const CONNECT_TIMEOUT_MS = 5_000;
/** A statement that runs longer is given up; commands are short. */
const STATEMENT_TIMEOUT_MS = 30_000;
/** PostgreSQL takes at most 65,535 parameters in a statement. */
const INSERT_MAX_PARAMETERS = 30_000;
const INT8 = 20;

/** Connects to and migrates the database at `url`. */
export async function openPostgres(url: string): Promise<PostgresDatabase> {
  const pool = new pg.Pool({
    connectionString: url,
    max: POOL_MAX_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    // Statements that do not wait for each other leave in one packet.
    pipelining: true,
    // Offsets and times fit a JavaScript number; as text they would only invite mistakes.
    types: { getTypeParser: (oid, format) => (oid === INT8 ? Number : pg.types.getTypeParser(oid, format)) },
  } as pg.PoolConfig);
  // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => {});
  await migrate(new KyselyRoot({ dialect: new PostgresDialect({ pool }) }));
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
      throw new Failure('store.unavailable', undefined, { cause: error });
    });
    let broken: Error | undefined;
    try {
      await client.query(begin);
      const result = await run(new PostgresTx(client));
      await client.query('commit');
      return result;
    } catch (error) {
      await client.query('rollback').catch((rollbackError: Error) => {
        broken = rollbackError;
      });
      throw asFailure(error);
    } finally {
      client.release(broken);
    }
  }
}

class PostgresTx implements WriteTx {
  readonly dialect = 'postgres';
  readonly kysely: Kysely<Tables>;

  constructor(private readonly client: pg.PoolClient) {
    this.kysely = kyselyOver('postgres', async (query) => {
      const { rows, rowCount } = await client.query(query.sql, [...query.parameters]);
      return { rows, numAffectedRows: BigInt(rowCount ?? 0) };
    });
  }

  async all<R>(sql: string, ...params: readonly Value[]): Promise<R[]> {
    return (await this.client.query(prepared(sql, params))).rows;
  }

  async get<R>(sql: string, ...params: readonly Value[]): Promise<R | undefined> {
    return (await this.client.query(prepared(sql, params))).rows[0];
  }

  async run(sql: string, ...params: readonly Value[]): Promise<void> {
    await this.client.query(prepared(sql, params));
  }

  async insertMany(
    table: string,
    columns: readonly string[],
    rows: readonly (readonly Value[])[],
  ): Promise<void> {
    const names = columns.map((name) => `"${name}"`).join(', ');
    const rowsPerStatement = Math.floor(INSERT_MAX_PARAMETERS / columns.length);
    for (let at = 0; at < rows.length; at += rowsPerStatement) {
      const part = rows.slice(at, at + rowsPerStatement);
      const one = `(${columns.map(() => '?').join(', ')})`;
      const text = `insert into ${table} (${names}) values ${part.map(() => one).join(', ')}`;
      const values = part.flat();
      // Only the common sizes are worth a prepared statement for the life of the connection.
      await this.client.query(part.length === 1 ? prepared(text, values) : { text: numbered(text), values });
    }
  }

  async savepoint<T>(run: () => Promise<T>): Promise<T> {
    await this.client.query('savepoint command');
    try {
      const result = await run();
      await this.client.query('release savepoint command');
      return result;
    } catch (error) {
      await this.client.query('rollback to savepoint command');
      throw error;
    }
  }
}

const names = new Map<string, { name: string; text: string }>();

function prepared(sql: string, values: readonly Value[]): pg.QueryConfig {
  let known = names.get(sql);
  if (!known) {
    known = { name: `s${names.size}`, text: numbered(sql) };
    names.set(sql, known);
  }
  return { ...known, values: [...values] };
}

function numbered(sql: string): string {
  let count = 0;
  return sql.replaceAll('?', () => {
    count += 1;
    return `$${count}`;
  });
}

/** Disk full, connection lost, server going down; anything else is a fault of ours and goes on as it is. */
function asFailure(error: unknown): unknown {
  const code = (error as { code?: unknown } | null)?.code;
  if (code === '53100') return new Failure('store.full', undefined, { cause: error });
  const lost =
    typeof code === 'string'
      ? /^(08|57P|53|40|ECONN|EPIPE|ETIMEDOUT)/.test(code)
      : /terminated/i.test(String(error));
  return lost ? new Failure('store.unavailable', undefined, { cause: error }) : error;
}
