import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { Failure } from '@roost/protocol';
import SqliteConnection from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import type { Database, Tx, Value, WriteTx } from '../database.ts';
import { migrate } from '../migrations/index.ts';
import { kyselyOver } from '../one-connection.ts';
import type { Tables } from '../tables.ts';

/** How long a statement waits for another process that writes, such as a command-line tool. */
const BUSY_TIMEOUT_MS = 5_000;
const PAGE_CACHE_KIB = 64 * 1024;

export interface SqliteOptions {
  /** A reader beside the one that writes: opens an existing file and never changes it. */
  readonly readOnly?: boolean;
}

/** Opens (and, unless read-only, creates and migrates) the database in `file`, or in memory for `:memory:`. */
export async function openSqlite(file: string, options: SqliteOptions = {}): Promise<SqliteDatabase> {
  if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const connection = new SqliteConnection(file, {
    readonly: options.readOnly ?? false,
    timeout: BUSY_TIMEOUT_MS,
  });
  if (!options.readOnly) {
    connection.pragma('journal_mode = WAL');
    // Full, not normal: with normal the last acknowledged commits are lost when the machine goes down.
    connection.pragma('synchronous = FULL');
    await migrate(new Kysely({ dialect: new SqliteDialect({ database: connection }) }));
  }
  connection.pragma(`cache_size = -${PAGE_CACHE_KIB}`);
  connection.pragma('temp_store = MEMORY');
  return new SqliteDatabase(connection);
}

export class SqliteDatabase implements Database {
  readonly dialect = 'sqlite';
  private readonly tx: SqliteTx;
  /** One transaction at a time on the one connection. */
  private turn: Promise<unknown> = Promise.resolve();

  constructor(readonly connection: SqliteConnection.Database) {
    this.tx = new SqliteTx(connection);
  }

  write<T>(run: (tx: WriteTx) => Promise<T>): Promise<T> {
    return this.inTurn('begin immediate', run);
  }

  read<T>(run: (tx: Tx) => Promise<T>): Promise<T> {
    return this.inTurn('begin', run);
  }

  async close(): Promise<void> {
    await this.turn;
    this.connection.close();
  }

  private inTurn<T>(begin: string, run: (tx: WriteTx) => Promise<T>): Promise<T> {
    const mine = this.turn.then(() => this.transaction(begin, run));
    this.turn = mine.catch(() => {});
    return mine;
  }

  private async transaction<T>(begin: string, run: (tx: WriteTx) => Promise<T>): Promise<T> {
    try {
      this.tx.execute(begin);
      const result = await run(this.tx);
      this.tx.execute('commit');
      return result;
    } catch (error) {
      if (this.connection.inTransaction) this.connection.exec('rollback');
      throw asFailure(error);
    }
  }
}

class SqliteTx implements WriteTx {
  readonly dialect = 'sqlite';
  readonly kysely: Kysely<Tables>;
  private readonly prepared = new Map<string, SqliteConnection.Statement>();

  constructor(private readonly connection: SqliteConnection.Database) {
    this.kysely = kyselyOver('sqlite', async (query) => {
      const statement = this.statement(query.sql);
      if (statement.reader) return { rows: statement.all(...query.parameters) };
      const { changes } = statement.run(...query.parameters);
      return { rows: [], numAffectedRows: BigInt(changes) };
    });
  }

  async all<R>(sql: string, ...params: readonly Value[]): Promise<R[]> {
    return this.statement(sql).all(...params) as R[];
  }

  async get<R>(sql: string, ...params: readonly Value[]): Promise<R | undefined> {
    return this.statement(sql).get(...params) as R | undefined;
  }

  async run(sql: string, ...params: readonly Value[]): Promise<void> {
    this.statement(sql).run(...params);
  }

  async insertMany(
    table: string,
    columns: readonly string[],
    rows: readonly (readonly Value[])[],
  ): Promise<void> {
    const names = columns.map((name) => `"${name}"`).join(', ');
    const insert = this.statement(
      `insert into ${table} (${names}) values (${columns.map(() => '?').join(', ')})`,
    );
    for (const row of rows) insert.run(...row);
  }

  async savepoint<T>(run: () => Promise<T>): Promise<T> {
    this.execute('savepoint command');
    try {
      const result = await run();
      this.execute('release command');
      return result;
    } catch (error) {
      // A full disk may have ended the whole transaction already.
      if (this.connection.inTransaction) {
        this.execute('rollback to command');
        this.execute('release command');
      }
      throw error;
    }
  }

  execute(sql: string): void {
    this.statement(sql).run();
  }

  private statement(sql: string): SqliteConnection.Statement {
    let statement = this.prepared.get(sql);
    if (!statement) {
      statement = this.connection.prepare(sql);
      this.prepared.set(sql, statement);
    }
    return statement;
  }
}

/** Names what the machine did to us; anything else is a fault of ours and goes on as it is. */
function asFailure(error: unknown): unknown {
  if (!(error instanceof SqliteConnection.SqliteError)) return error;
  if (error.code === 'SQLITE_FULL') return new Failure('store.full', undefined, { cause: error });
  if (/^SQLITE_(BUSY|LOCKED|IOERR|CANTOPEN|READONLY)/.test(error.code)) {
    return new Failure('store.unavailable', undefined, { cause: error });
  }
  return error;
}
