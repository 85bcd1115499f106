import type { Kysely } from 'kysely';
import type { Tables } from './tables.ts';

export type Value = string | number | Uint8Array | null;

/**
 * A transaction, the same on every store. SQL is written with `?` for each parameter (and no other `?`);
 * statements are prepared once and kept by their text, so the text must not hold values.
 */
export interface Tx {
  readonly dialect: Dialect;
  all<R>(sql: string, ...params: readonly Value[]): Promise<R[]>;
  get<R>(sql: string, ...params: readonly Value[]): Promise<R | undefined>;
  run(sql: string, ...params: readonly Value[]): Promise<void>;
  insertMany(
    table: keyof Tables & string,
    columns: readonly string[],
    rows: readonly (readonly Value[])[],
  ): Promise<void>;
  /** For what is not hot: composed, typed queries inside this transaction. */
  readonly kysely: Kysely<Tables>;
}

export interface WriteTx extends Tx {
  /** Undoes what `run` wrote when it rejects, and rejects the same way. */
  savepoint<T>(run: () => Promise<T>): Promise<T>;
}

export type Dialect = 'sqlite' | 'postgres';

/** The contract of a store. The contract suite in `testing/` runs on every implementation. */
export interface Database {
  readonly dialect: Dialect;
  /**
   * One durable transaction: when the promise resolves, what `run` wrote survives a crash.
   *
   * @throws store.full, store.unavailable  nothing was changed
   */
  write<T>(run: (tx: WriteTx) => Promise<T>): Promise<T>;
  /** One consistent moment of the store. */
  read<T>(run: (tx: Tx) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}
