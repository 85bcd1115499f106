import type { Actor } from './actor.ts';
import type { ToldFailure } from './outcome.ts';

/** A command asked for. `id` is the client's own, when it has one, and makes the command happen at most once. */
export interface Call {
  readonly org: string;
  readonly actor: Actor;
  readonly name: string;
  readonly input: unknown;
  readonly id: string | null;
}

/** `offset` is where the command took effect; for one that changed nothing, the head at that moment. */
export type Outcome = { readonly ok: true; readonly offset: number; readonly result: unknown } | ToldFailure;

/** One entry of an organisation's log: what one command changed. `changes` is JSON text of `Change[]`. */
export interface LogEntry {
  readonly org: string;
  readonly epoch: string;
  readonly offset: number;
  readonly at: number;
  readonly actor: string;
  readonly changes: string;
}

/** What became of a group of calls: an outcome for each, in order, and the log entries they appended. */
export interface GroupOutcome {
  readonly outcomes: readonly Outcome[];
  readonly entries: readonly LogEntry[];
}

export interface QueryCall {
  readonly org: string;
  readonly actor: Actor;
  readonly name: string;
  readonly input: unknown;
}

export type QueryOutcome = { readonly ok: true; readonly result: unknown } | ToldFailure;

/**
 * Runs commands and queries beside the data: in the worker thread that owns SQLite, or on this thread over a pool
 * to PostgreSQL. Never rejects for what a call did; rejects when the engine itself is gone.
 */
export interface Engine {
  /** One transaction for the group; every call succeeds or fails alone. */
  run(calls: readonly Call[]): Promise<GroupOutcome>;
  query(call: QueryCall): Promise<QueryOutcome>;
  close(): Promise<void>;
}
