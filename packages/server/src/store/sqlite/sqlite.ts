import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { Failure } from '@roost/protocol';
import SqliteConnection from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import type { Database, Tx, WriteTx } from '../database.ts';
import { migrate } from '../migrations/index.ts';
import { openingError } from '../opening-error.ts';
import { asFailure } from './failure.ts';
import { SqliteTx } from './tx.ts';

/** How long a statement waits for another process that writes, such as a command-line tool. */
const BUSY_TIMEOUT_MS = 5_000;
const PAGE_CACHE_KIB = 64 * 1024;
/**
 * Pages of the write-ahead log between two checkpoints, 16 MiB. A checkpoint writes each page once, however often
 * it changed since the last; larger makes writing cheaper and the pause of a checkpoint longer.
 */
const CHECKPOINT_EVERY_PAGES = 4_000;
/** What a burst may leave of the write-ahead log once it is checkpointed. */
const WAL_KEPT_BYTES = 64 * 1024 * 1024;

export interface SqliteOptions {
  /** A reader beside the one that writes: opens an existing file and never changes it. */
  readonly readOnly?: boolean;
}

/**
 * Opens (and, unless read-only, creates and migrates) the database in `file`, or in memory for `:memory:`.
 *
 * @throws OpeningError
 */
export async function openSqlite(file: string, options: SqliteOptions = {}): Promise<SqliteDatabase> {
  let connection: SqliteConnection.Database | null = null;
  try {
    if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    connection = new SqliteConnection(file, {
      readonly: options.readOnly ?? false,
      timeout: BUSY_TIMEOUT_MS,
    });
    if (!options.readOnly) await prepareToWrite(connection);
    connection.pragma(`cache_size = -${PAGE_CACHE_KIB}`);
    connection.pragma('temp_store = MEMORY');
    // Reads a page, so that a file that is no database is found out here.
    connection.pragma('schema_version');
  } catch (error) {
    connection?.close();
    throw openingError(file, error);
  }
  return new SqliteDatabase(connection);
}

async function prepareToWrite(connection: SqliteConnection.Database): Promise<void> {
  connection.pragma('journal_mode = WAL');
  // Full, not normal: with normal the last acknowledged commits are lost when the machine goes down.
  connection.pragma('synchronous = FULL');
  connection.pragma(`wal_autocheckpoint = ${CHECKPOINT_EVERY_PAGES}`);
  connection.pragma(`journal_size_limit = ${WAL_KEPT_BYTES}`);
  // Kysely neither locks SQLite nor migrates it in a transaction. This does both: a second process waits here,
  // and a crash half-way leaves the schema as it was.
  connection.exec('begin immediate');
  try {
    await migrate(new Kysely({ dialect: new SqliteDialect({ database: connection }) }), 'sqlite');
    connection.exec('commit');
  } catch (error) {
    if (connection.inTransaction) connection.exec('rollback');
    throw error;
  }
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
    if (!this.connection.open) return Promise.reject(new Failure('store.unavailable'));
    const mine = this.turn.then(() => this.transaction(begin, run));
    this.turn = mine.catch(() => {});
    return mine;
  }

  private async transaction<T>(begin: string, run: (tx: WriteTx) => Promise<T>): Promise<T> {
    try {
      this.tx.begin(begin);
      const result = await run(this.tx);
      this.tx.commit();
      return result;
    } catch (error) {
      if (this.connection.inTransaction) this.connection.exec('rollback');
      throw asFailure(error);
    }
  }
}
