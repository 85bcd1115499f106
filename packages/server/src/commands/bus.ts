import { Failure } from '@roost/protocol';
import type { Actor } from './actor.ts';
import type { AnyCommand, AnyQuery, InputOf, ResultOf } from './command.ts';
import type { Call, Engine, GroupOutcome, LogEntry, Outcome } from './engine.ts';
import type { ToldFailure } from './outcome.ts';

/** Calls of one group: more would make the first wait long for its answer. */
const GROUP_MAX_CALLS = 256;
/** Weight of one group, in messages: a group of large calls ends once it has reached this. */
const GROUP_MAX_WEIGHT = 512;
/** Calls that may wait; past this the caller is told to try later, and nothing was changed. */
const WAITING_MAX_CALLS = 20_000;

export interface Request<I> {
  readonly org: string;
  readonly actor: Actor;
  readonly input: I;
  /** The client's id for this write; the same id again is answered from memory. */
  readonly id?: string | null;
}

export interface Answer<O> {
  readonly offset: number;
  readonly result: O;
}

interface Waiting {
  readonly call: Call;
  readonly weight: number;
  readonly settle: (outcome: Outcome) => void;
  readonly fail: (error: unknown) => void;
}

/**
 * The one way in. Calls that arrive while a group commits form the next group: no timer, so that a lone call
 * starts at once, and the busier the server, the larger the groups. Groups of different partitions run side by side.
 */
export class CommandBus {
  private readonly partitions = new Map<string, Partition>();

  /**
   * @param partitionOf  calls of one partition share transactions and keep their order
   * @param onCommitted  hears of every appended log entry, before the callers hear of their outcomes
   * @param onUnexpected  hears of failures that are our fault, for the log
   */
  constructor(
    private readonly engine: Engine,
    private readonly partitionOf: (org: string) => string,
    private readonly onCommitted: (entries: readonly LogEntry[]) => void,
    private readonly onUnexpected: (name: string, detail: string) => void,
  ) {}

  /**
   * Runs a command.
   *
   * @throws Failure  with the command's code; `store.unavailable` when too many wait or the engine is gone
   */
  async execute<C extends AnyCommand>(
    command: C,
    request: Request<InputOf<C>>,
  ): Promise<Answer<ResultOf<C>>> {
    const call: Call = {
      org: request.org,
      actor: request.actor,
      name: command.name,
      input: request.input,
      id: request.id ?? null,
    };
    const outcome = await this.wait(call, command.weight?.(request.input) ?? 1);
    if (outcome.ok) return { offset: outcome.offset, result: outcome.result as ResultOf<C> };
    if (outcome.detail) this.onUnexpected(call.name, outcome.detail);
    throw failureOf(outcome);
  }

  /** Runs a query over one consistent moment. @throws Failure */
  async query<Q extends AnyQuery>(query: Q, request: Omit<Request<InputOf<Q>>, 'id'>): Promise<ResultOf<Q>> {
    const outcome = await this.engine.query({
      org: request.org,
      actor: request.actor,
      name: query.name,
      input: request.input,
    });
    if (outcome.ok) return outcome.result as ResultOf<Q>;
    if (outcome.detail) this.onUnexpected(query.name, outcome.detail);
    throw failureOf(outcome);
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    while (this.partitions.size > 0)
      await Promise.all([...this.partitions.values()].map((partition) => partition.running));
  }

  private wait(call: Call, weight: number): Promise<Outcome> {
    const key = this.partitionOf(call.org);
    let partition = this.partitions.get(key);
    if (!partition) {
      partition = { waiting: [], running: null };
      this.partitions.set(key, partition);
    }
    if (partition.waiting.length >= WAITING_MAX_CALLS) {
      throw new Failure('store.unavailable', 'The store cannot keep up; nothing was changed. Try later.');
    }
    const { waiting } = partition;
    const settled = new Promise<Outcome>((settle, fail) => waiting.push({ call, weight, settle, fail }));
    partition.running ??= this.drain(key, partition);
    return settled;
  }

  private async drain(key: string, partition: Partition): Promise<void> {
    // One turn of the event loop, so that calls which arrived in the same packet share the first group.
    await new Promise(setImmediate);
    let running = this.start(partition);
    while (running) {
      const { group, outcome } = running;
      const result = await outcome;
      // The next group is under way before this one is told about: the store never waits for the readers.
      running = this.start(partition);
      if (result instanceof Failure) {
        for (const { fail } of group) fail(result);
        continue;
      }
      this.tell(result.entries);
      group.forEach(({ settle }, at) => {
        settle(result.outcomes[at] as Outcome);
      });
      running ??= this.start(partition);
    }
    this.partitions.delete(key);
  }

  /** A listener that fails must not keep the callers from their answers, nor the partition from going on. */
  private tell(entries: readonly LogEntry[]): void {
    try {
      if (entries.length > 0) this.onCommitted(entries);
    } catch (error) {
      this.onUnexpected(
        'log.committed',
        error instanceof Error ? (error.stack ?? error.message) : String(error),
      );
    }
  }

  private start(partition: Partition): Running | null {
    const group = partition.waiting.splice(0, groupSize(partition.waiting));
    if (group.length === 0) return null;
    const outcome = this.engine
      .run(group.map(({ call }) => call))
      .catch((error: unknown) => new Failure('store.unavailable', undefined, { cause: error }));
    return { group, outcome };
  }
}

function groupSize(waiting: readonly Waiting[]): number {
  let size = 0;
  let weight = 0;
  for (const call of waiting) {
    if (size === GROUP_MAX_CALLS || weight >= GROUP_MAX_WEIGHT) break;
    size += 1;
    weight += call.weight;
  }
  return size;
}

interface Running {
  readonly group: readonly Waiting[];
  readonly outcome: Promise<GroupOutcome | Failure>;
}

interface Partition {
  readonly waiting: Waiting[];
  running: Promise<void> | null;
}

function failureOf({ code, says, about }: ToldFailure): Failure {
  return new Failure(code, says, about ? { about } : {});
}
