import type { Clock, Random } from '../clock.ts';
import type { Database, WriteTx } from '../store/database.ts';
import type { Call, Engine, GroupOutcome, QueryCall, QueryOutcome } from './engine.ts';
import { BrokenHalfway, Group } from './group.ts';
import { OrgMemories } from './memory.ts';
import { isStoreFailure, readInput, toldFailure } from './outcome.ts';
import { authorise } from './permission.ts';
import type { Registry } from './registry.ts';

/** The engine itself, beside a database. */
export class StoreEngine implements Engine {
  private readonly memories = new OrgMemories();

  constructor(
    private readonly database: Database,
    private readonly registry: Registry,
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  async run(calls: readonly Call[]): Promise<GroupOutcome> {
    try {
      return await this.commit(calls);
    } catch (error) {
      // The transaction as a whole failed: none of the calls happened.
      const outcome = toldFailure(error instanceof BrokenHalfway ? error.cause : error);
      return { outcomes: calls.map(() => outcome), entries: [] };
    }
  }

  async query(call: QueryCall): Promise<QueryOutcome> {
    try {
      const query = this.registry.queries.get(call.name);
      if (!query) throw new Error(`No query is named ${call.name}`);
      const input = readInput(query.input, call.input);
      const result = await this.database.read(async (tx) => {
        await authorise(tx, call.org, call.actor, query.may, (_, load) => load());
        return query.run({ tx, org: call.org, actor: call.actor }, input);
      });
      return { ok: true, result };
    } catch (error) {
      return toldFailure(error);
    }
  }

  close(): Promise<void> {
    return this.database.close();
  }

  /**
   * A savepoint for each command would cost more than most commands do, so a group is first tried without. Only
   * when something fails in it after it may have written is the group run again, each command on its own savepoint.
   */
  private async commit(calls: readonly Call[]): Promise<GroupOutcome> {
    try {
      return await this.transaction(calls, false);
    } catch (error) {
      if (calls.length === 1 || isStoreFailure(error)) throw error;
      return await this.transaction(calls, true);
    }
  }

  private async transaction(calls: readonly Call[], apart: boolean): Promise<GroupOutcome> {
    let group: Group | undefined;
    const outcome = await this.database.write((tx: WriteTx) => {
      group = new Group(tx, apart, this.registry, this.memories, this.clock.now(), this.random);
      return group.run(calls);
    });
    group?.remember();
    return outcome;
  }
}
