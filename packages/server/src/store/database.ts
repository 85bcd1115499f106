import type { Kysely } from 'kysely';
import type { Tables } from './tables.ts';

export type Value = string | number | Uint8Array | null;

/**
 * A transaction, the same on every store. SQL is written with `?` for each parameter (and no other `?`);
 * statements are prepared once and kept by their text, so the text must not hold values. Statements take effect
 * in the order in which they were asked for. Text is well-formed Unicode without NUL, which PostgreSQL cannot
 * hold: a NUL is stored, and looked for, as U+FFFD.
 */
export interface Tx {
  readonly dialect: Dialect;
  all<R>(sql: string, ...params: readonly Value[]): Promise<R[]>;
  get<R>(sql: string, ...params: readonly Value[]): Promise<R | undefined>;
  /**
   * Writes. May resolve before the store has answered, so that a transaction need not wait for the network at
   * every step: reads that follow see what was written, and a statement that fails makes its savepoint or
   * transaction fail, at the latest at its end.
   */
  run(sql: string, ...params: readonly Value[]): Promise<void>;
  /** The same rows one by one, and no answer waited for either. */
  insertMany(
    table: keyof Tables & string,
    columns: readonly string[],
    rows: readonly (readonly Value[])[],
  ): Promise<void>;
  /** For what is not hot: composed, typed queries inside this transaction. */
  readonly kysely: Kysely<Tables>;
}

export interface WriteTx extends Tx {
  /** Statements so far that may have changed something. */
  readonly writeCount: number;
  /** Undoes what `run` wrote when it rejects, and rejects the same way. */
  savepoint<T>(run: () => Promise<T>): Promise<T>;
}

export type Dialect = 'sqlite' | 'postgres';

/** The contract of a store. The contract suite in `testing/` runs on every implementation. */
export interface Database {
  readonly dialect: Dialect;
  /**
   * One durable transaction: when the promise resolves, what `run` wrote survives a crash. When it rejects nothing
   * was changed, except where the connection to PostgreSQL broke during the commit itself: then nobody knows, and
   * the log must be read to find out.
   *
   * @throws store.full, store.unavailable  the machine failed us; anything else is what `run` rejected with
   */
  write<T>(run: (tx: WriteTx) => Promise<T>): Promise<T>;
  /** One consistent moment of the store. */
  read<T>(run: (tx: Tx) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}
