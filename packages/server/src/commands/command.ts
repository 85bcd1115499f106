import type { Entities, EntityKind } from '@roost/protocol';
import type { z } from 'zod';
import type { Tx } from '../store/database.ts';
import type { Actor, Permission } from './actor.ts';

/** What a command works with: one transaction, one organisation, one offset. */
export interface CommandContext {
  readonly tx: Tx;
  readonly org: string;
  readonly actor: Actor;
  /** The offset this command takes if it changes anything; new rows carry it as their version. */
  readonly offset: number;
  /** Wall time, ms since 1970 UTC. */
  readonly now: number;
  /** A new id; ids sort as text in the order of the log. */
  newId(): string;
  /** Adds to the log entry: every change of an entity that some reader may see. */
  changed<Kind extends EntityKind>(
    kind: Kind,
    id: string,
    before: Entities[Kind] | null,
    after: Entities[Kind] | null,
  ): void;
  /**
   * Reads once for many commands: as long as nobody else extends the organisation's log, or a command says
   * {@link forget}. For entities whose changes the log carries, and nothing else.
   */
  once<T>(key: string, load: () => Promise<T>): Promise<T>;
  forget(key: string): void;
  /** Reads once for this transaction: at once where {@link Command.foresee} has asked before. */
  foreseen<T>(key: string, load: () => Promise<T>): Promise<T>;
  /** What later commands of this transaction are to find as foreseen, because this one has changed it. */
  learn(key: string, value: unknown): void;
}

export type ForesightContext = Pick<CommandContext, 'tx' | 'org' | 'once' | 'foreseen'>;

/**
 * What the audit keeps of a command besides whose rows it changed. Chosen field by field: never a secret, and
 * nothing of what somebody wrote to somebody.
 */
export type AuditDetail = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

/** A write: a named, typed function over a transaction. Short: waits for nothing but the store. */
export interface Command<I, O, Written = I> {
  readonly name: string;
  /** What it runs with, of what a caller writes: defaults are filled in. */
  readonly input: z.ZodType<I, Written>;
  readonly may: Permission;
  /** Leaves a row in the audit log: always, or with the detail returned, or not at all for null. */
  readonly audited?: true | ((input: I, result: O) => AuditDetail | null);
  /** Founds the organisation it is called for, which must not exist yet. */
  readonly founds?: boolean;
  /** How much of a group it fills, 1 when left out: about the messages it writes. */
  weight?(input: Written): number;
  /**
   * Reads, by `foreseen`, what `run` will ask for. Called for all commands of a group before the first of them runs,
   * and not waited for one by one: a group then waits for the network once instead of once a command. The command
   * must `learn` whatever it changes of it.
   */
  foresee?(context: ForesightContext, input: I): Promise<void>;
  run(context: CommandContext, input: I): Promise<O>;
}

/** A read of one consistent moment. */
export interface Query<I, O> {
  readonly name: string;
  readonly input: z.ZodType<I>;
  readonly may: Permission;
  run(context: QueryContext, input: I): Promise<O>;
}

export interface QueryContext {
  readonly tx: Tx;
  readonly org: string;
  readonly actor: Actor;
}

// biome-ignore lint/suspicious/noExplicitAny: registries hold functions of every input; the schema guards the call
type Any = any;
export type AnyCommand = Command<Any, Any, Any>;
export type AnyQuery = Query<Any, Any>;

/** Keeps what it is made of, so that an edge may take parts of its input. */
export function defineCommand<I, O, Written, Schema extends z.ZodType<I, Written>>(
  command: Command<I, O, Written> & { readonly input: Schema },
): Command<I, O, Written> & { readonly input: Schema } {
  return command;
}

export function defineQuery<I, O>(query: Query<I, O>): Query<I, O> {
  return query;
}

/** As a caller writes it. */
export type InputOf<C> = C extends { input: z.ZodType<unknown, infer Written> } ? Written : never;
export type ResultOf<C> = C extends { run(context: never, input: never): Promise<infer O> } ? O : never;
