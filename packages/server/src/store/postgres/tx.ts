import type { Kysely } from 'kysely';
import type pg from 'pg';
import type { Value, WriteTx } from '../database.ts';
import { kyselyOver } from '../one-connection.ts';
import type { Tables } from '../tables.ts';
import { asFailure } from './failure.ts';
import { prepared, unprepared } from './statement.ts';

/** PostgreSQL takes at most 65,535 parameters in a statement. */
const INSERT_MAX_PARAMETERS = 30_000;

/**
 * A transaction on one connection. Statements whose answer nobody needs are sent and not waited for: the server
 * takes them in order, and after one that fails refuses all others until its savepoint or transaction is undone.
 */
export class PostgresTx implements WriteTx {
  readonly dialect = 'postgres';
  writeCount = 0;
  private lazyKysely: Kysely<Tables> | null = null;
  /** The first failure among statements that nobody waited for: the cause of all that follow. */
  private failure: { readonly error: unknown } | null = null;

  constructor(
    private readonly client: pg.PoolClient,
    begin: string,
  ) {
    this.send({ text: begin });
  }

  async all<R>(sql: string, ...params: readonly Value[]): Promise<R[]> {
    return (await this.ask(prepared(sql, params))).rows;
  }

  async get<R>(sql: string, ...params: readonly Value[]): Promise<R | undefined> {
    return (await this.ask(prepared(sql, params))).rows[0];
  }

  async run(sql: string, ...params: readonly Value[]): Promise<void> {
    this.writeCount += 1;
    this.send(prepared(sql, params));
  }

  async insertMany(
    table: string,
    columns: readonly string[],
    rows: readonly (readonly Value[])[],
  ): Promise<void> {
    const names = columns.map((name) => `"${name}"`).join(', ');
    const one = `(${columns.map(() => '?').join(', ')})`;
    const rowsPerStatement = Math.floor(INSERT_MAX_PARAMETERS / columns.length);
    for (let at = 0; at < rows.length; at += rowsPerStatement) {
      const part = rows.slice(at, at + rowsPerStatement);
      const sql = `insert into ${table} (${names}) values ${part.map(() => one).join(', ')}`;
      this.writeCount += 1;
      // Only one row is common enough to be worth a prepared statement for the life of the connection.
      this.send(part.length === 1 ? prepared(sql, part.flat()) : unprepared(sql, part.flat()));
    }
  }

  get kysely(): Kysely<Tables> {
    this.lazyKysely ??= kyselyOver('postgres', async (query) => {
      if (query.query.kind !== 'SelectQueryNode') this.writeCount += 1;
      const { rows, rowCount } = await this.ask({ text: query.sql, values: [...query.parameters] });
      return { rows, numAffectedRows: BigInt(rowCount ?? 0) };
    });
    return this.lazyKysely;
  }

  async savepoint<T>(run: () => Promise<T>): Promise<T> {
    this.send({ text: 'savepoint command' });
    try {
      const result = await run();
      await this.ask({ text: 'release savepoint command' });
      return result;
    } catch (error) {
      await this.client.query('rollback to savepoint command').catch((lost: unknown) => {
        throw asFailure(lost);
      });
      // Only now has every statement before been answered.
      const cause = this.failure ? this.failure.error : error;
      this.failure = null;
      throw cause;
    }
  }

  /** @throws when any statement failed; nothing was then changed */
  async commit(): Promise<void> {
    const { command } = await this.ask({ text: 'commit' });
    if (this.failure) throw this.failure.error;
    // PostgreSQL answers a commit after a failed statement by rolling back, and calls that a success.
    if (command !== 'COMMIT')
      throw new Error('A statement failed unnoticed; the transaction was rolled back.');
  }

  private async ask(query: pg.QueryConfig): Promise<pg.QueryResult> {
    try {
      return await this.client.query(query);
    } catch (error) {
      throw this.failure ? this.failure.error : asFailure(error);
    }
  }

  private send(query: pg.QueryConfig): void {
    this.client.query(query, (error: Error | null) => {
      if (error) this.failure ??= { error: asFailure(error) };
    });
  }
}
