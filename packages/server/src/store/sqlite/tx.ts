import { Failure } from '@roost/protocol';
import type SqliteConnection from 'better-sqlite3';
import type { Kysely } from 'kysely';
import type { Value, WriteTx } from '../database.ts';
import { kyselyOver } from '../one-connection.ts';
import type { Tables } from '../tables.ts';
import { asFailure } from './failure.ts';

/** Statements kept prepared. Commands use far fewer; lists of many lengths may not. */
const PREPARED_MAX_STATEMENTS = 500;

/**
 * The transactions of the one connection, one after the other. Every statement has run when its promise is made;
 * one that failed is remembered all the same, and fails its savepoint or transaction as it would on PostgreSQL.
 */
export class SqliteTx implements WriteTx {
  readonly dialect = 'sqlite';
  writeCount = 0;
  readonly kysely: Kysely<Tables>;
  private readonly prepared = new Map<string, SqliteConnection.Statement>();
  /** The first failure since the transaction or savepoint began. */
  private failure: { readonly error: unknown } | null = null;
  private isBegun = false;

  constructor(private readonly connection: SqliteConnection.Database) {
    this.kysely = kyselyOver('sqlite', async (query) => {
      if (query.query.kind !== 'SelectQueryNode') this.writeCount += 1;
      return this.guarded(() => {
        const statement = this.statement(query.sql);
        if (statement.reader) return { rows: statement.all(...query.parameters) };
        const { changes } = statement.run(...query.parameters);
        return { rows: [], numAffectedRows: BigInt(changes) };
      });
    });
  }

  async all<R>(sql: string, ...params: readonly Value[]): Promise<R[]> {
    return this.guarded(() => this.statement(sql).all(params.map(storable)) as R[]);
  }

  async get<R>(sql: string, ...params: readonly Value[]): Promise<R | undefined> {
    return this.guarded(() => this.statement(sql).get(params.map(storable)) as R | undefined);
  }

  async run(sql: string, ...params: readonly Value[]): Promise<void> {
    this.writeCount += 1;
    this.guarded(() => this.statement(sql).run(params.map(storable)));
  }

  async insertMany(
    table: string,
    columns: readonly string[],
    rows: readonly (readonly Value[])[],
  ): Promise<void> {
    this.writeCount += 1;
    const names = columns.map((name) => `"${name}"`).join(', ');
    this.guarded(() => {
      const insert = this.statement(
        `insert into ${table} (${names}) values (${columns.map(() => '?').join(', ')})`,
      );
      for (const row of rows) insert.run(row.map(storable));
    });
  }

  async savepoint<T>(run: () => Promise<T>): Promise<T> {
    this.execute('savepoint command');
    try {
      const result = await run();
      this.throwFailure();
      this.execute('release command');
      return result;
    } catch (error) {
      // A full disk may have ended the whole transaction already, and with it the savepoint.
      if (this.connection.inTransaction) {
        this.execute('rollback to command');
        this.execute('release command');
        this.failure = null;
      }
      throw error;
    }
  }

  begin(statement: string): void {
    this.failure = null;
    this.isBegun = false;
    this.execute(statement);
    this.isBegun = true;
  }

  /** @throws when any statement failed, and how */
  commit(): void {
    this.throwFailure();
    this.execute('commit');
    this.isBegun = false;
  }

  private throwFailure(): void {
    if (this.failure) throw this.failure.error;
  }

  private execute(sql: string): void {
    this.guarded(() => this.statement(sql).run());
  }

  /** Named as the machine's where it is: a command that hears of a full disk does not take it for its own fault. */
  private guarded<T>(run: () => T): T {
    // A full disk makes SQLite end the transaction by itself; what still runs would then be kept, each for itself.
    if (this.isBegun && !this.connection.inTransaction)
      throw this.failure?.error ?? new Failure('store.unavailable');
    try {
      return run();
    } catch (cause) {
      const error = asFailure(cause);
      this.failure ??= { error };
      throw error;
    }
  }

  private statement(sql: string): SqliteConnection.Statement {
    let statement = this.prepared.get(sql);
    if (!statement) {
      statement = this.connection.prepare(sql);
      if (this.prepared.size < PREPARED_MAX_STATEMENTS) this.prepared.set(sql, statement);
    }
    return statement;
  }
}

/** As PostgreSQL has it; and SQLite's own `like` would stop at a NUL. */
function storable(value: Value): Value {
  return typeof value === 'string' && value.includes('\0') ? value.replaceAll('\0', '\u{FFFD}') : value;
}
