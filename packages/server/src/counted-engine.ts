import type { Call, Engine, GroupOutcome, QueryCall, QueryOutcome } from './commands/index.ts';

/** An engine that tells how large its groups are and how long they take. */
export class CountedEngine implements Engine {
  constructor(
    private readonly engine: Engine,
    private readonly counts: { committed(callCount: number, ms: number): void },
    /** ms since any fixed moment, with fractions; never steps back. */
    private readonly monotonicMs: () => number,
  ) {}

  async run(calls: readonly Call[]): Promise<GroupOutcome> {
    const startedAt = this.monotonicMs();
    const outcome = await this.engine.run(calls);
    this.counts.committed(calls.length, this.monotonicMs() - startedAt);
    return outcome;
  }

  query(call: QueryCall): Promise<QueryOutcome> {
    return this.engine.query(call);
  }

  close(): Promise<void> {
    return this.engine.close();
  }
}
