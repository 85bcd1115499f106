import type SqliteConnection from 'better-sqlite3';
import type { Kysely } from 'kysely';
import type { Value, WriteTx } from '../database.ts';
import { kyselyOver } from '../one-connection.ts';
import type { Tables } from '../tables.ts';
import { asFailure } from './failure.ts';

/** Statements kept prepared. Commands use far fewer; lists of many lengths may not. */
const PREPARED_MAX_STATEMENTS = 500;

/** What runs inside a transaction of the one connection. Every statement has run when its promise is made. */
export class SqliteTx implements WriteTx {
  readonly dialect = 'sqlite';
  writeCount = 0;
  readonly kysely: Kysely<Tables>;
  private readonly prepared = new Map<string, SqliteConnection.Statement>();

  constructor(private readonly connection: SqliteConnection.Database) {
    this.kysely = kyselyOver('sqlite', async (query) => {
      const statement = this.statement(query.sql);
      if (query.query.kind !== 'SelectQueryNode') this.writeCount += 1;
      return guarded(() => {
        if (statement.reader) return { rows: statement.all(...query.parameters) };
        const { changes } = statement.run(...query.parameters);
        return { rows: [], numAffectedRows: BigInt(changes) };
      });
    });
  }

  async all<R>(sql: string, ...params: readonly Value[]): Promise<R[]> {
    return guarded(() => this.statement(sql).all(params.map(storable)) as R[]);
  }

  async get<R>(sql: string, ...params: readonly Value[]): Promise<R | undefined> {
    return guarded(() => this.statement(sql).get(params.map(storable)) as R | undefined);
  }

  async run(sql: string, ...params: readonly Value[]): Promise<void> {
    this.writeCount += 1;
    guarded(() => this.statement(sql).run(params.map(storable)));
  }

  async insertMany(
    table: string,
    columns: readonly string[],
    rows: readonly (readonly Value[])[],
  ): Promise<void> {
    this.writeCount += 1;
    const names = columns.map((name) => `"${name}"`).join(', ');
    guarded(() => {
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
      this.execute('release command');
      return result;
    } catch (error) {
      // A full disk may have ended the whole transaction already, and with it the savepoint.
      if (this.connection.inTransaction) {
        this.execute('rollback to command');
        this.execute('release command');
      }
      throw error;
    }
  }

  execute(sql: string): void {
    guarded(() => this.statement(sql).run());
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

/** Inside a command as well: one that hears of a full disk as such does not take it for a fault of its own. */
function guarded<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw asFailure(error);
  }
}

/** As PostgreSQL has it; and SQLite's own `like` would stop at a NUL. */
function storable(value: Value): Value {
  return typeof value === 'string' && value.includes('\0') ? value.replaceAll('\0', '\u{FFFD}') : value;
}
