import { type Random, systemRandom } from '../clock.ts';
import {
  type Call,
  type Engine,
  type GroupOutcome,
  type LogEntry,
  type QueryCall,
  type QueryOutcome,
  StoreEngine,
} from '../commands/index.ts';
import { registry } from '../domain/index.ts';
import type { Database } from '../store/database.ts';
import { between } from './chance.ts';
import type { Traffic } from './store.ts';
import type { ProcessTime } from './time.ts';

/** The real engine of one node, at a distance from the store that is sometimes none and sometimes long. */
export class DistantEngine implements Engine {
  private readonly engine: StoreEngine;

  constructor(
    database: Database,
    private readonly traffic: Traffic,
    /** Hears of what was committed, whether or not anybody lives to tell of it. */
    private readonly committed: (entries: readonly LogEntry[]) => void,
    private readonly time: ProcessTime,
    private readonly random: Random,
  ) {
    // Ids must differ from those of other worlds in the same database; their order does not hang on chance.
    this.engine = new StoreEngine(database, registry, time, systemRandom);
  }

  async run(calls: readonly Call[]): Promise<GroupOutcome> {
    await this.travel();
    const outcome = await this.traffic.track(async () => {
      const result = await this.engine.run(calls);
      this.committed(result.entries);
      return result;
    });
    await this.travel();
    return outcome;
  }

  async query(call: QueryCall): Promise<QueryOutcome> {
    await this.travel();
    const outcome = await this.traffic.track(() => this.engine.query(call));
    await this.travel();
    return outcome;
  }

  async close(): Promise<void> {}

  private async travel(): Promise<void> {
    const draw = this.random();
    if (draw > 0.5) await this.time.sleep(between(this.random, 0, draw > 0.98 ? 700 : 25));
  }
}
