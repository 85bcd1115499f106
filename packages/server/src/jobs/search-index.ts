import { type Clock, every } from '../clock.ts';
import type { CommandBus } from '../commands/index.ts';
import { commands, queries } from '../domain/index.ts';

/** What came without being indexed is looked for so often. */
const LOOK_EVERY_MS = 1_000;
/** Between two steps it rests so many times as long as the store took for the one before: it takes a tenth of its time at most. */
const REST_FACTOR = 9;
const REST_MIN_MS = 5;
const STOP_MAX_MS = 2_000;

const system = { kind: 'system', name: 'search' } as const;

export interface SearchIndexNeeds {
  readonly bus: Pick<CommandBus, 'execute' | 'query'>;
  readonly log: { error(about: object, says: string): void };
}

/** Indexes what was not indexed as it came: mail of inboxes without conversations, and what a backup brought. */
export class SearchIndexing {
  private readonly stopLooking: () => void;
  private working: Promise<void> | null = null;
  private stopped = false;
  private isTroubled = false;
  private wake = () => {};

  constructor(
    private readonly needs: SearchIndexNeeds,
    private readonly clock: Clock,
  ) {
    this.stopLooking = every(clock, LOOK_EVERY_MS, () => this.run());
  }

  /** Resolves once all is indexed that there was. Never rejects. */
  run(): Promise<void> {
    this.working ??= this.work().finally(() => {
      this.working = null;
    });
    return this.working;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.stopLooking();
    this.wake();
    if (!this.working) return;
    let cancel = () => {};
    const late = new Promise<void>((resolve) => {
      cancel = this.clock.after(STOP_MAX_MS, resolve);
    });
    await Promise.race([this.working, late]);
    cancel();
  }

  private async work(): Promise<void> {
    try {
      const { bus } = this.needs;
      const orgs = await bus.query(queries.searchBehind, { org: '', actor: system, input: {} });
      for (const org of orgs) while (!this.stopped && (await this.step(org)));
      this.isTroubled = false;
    } catch (err) {
      if (!this.isTroubled && !this.stopped)
        this.needs.log.error({ err }, 'What is searched could not be indexed');
      this.isTroubled = true;
    }
  }

  /** @returns whether there is more */
  private async step(org: string): Promise<boolean> {
    const { bus } = this.needs;
    const { documents, from, to, isMore } = await bus.query(queries.unindexed, {
      org,
      actor: system,
      input: {},
    });
    const began = this.clock.now();
    const input = {
      documents: documents.map(({ words, ...one }) => ({ ...one, words: [...words] })),
      from,
      to,
    };
    await bus.execute(commands.indexDocuments, { org, actor: system, input });
    if (documents.length > 0) await this.rest((this.clock.now() - began) * REST_FACTOR);
    return isMore;
  }

  private rest(ms: number): Promise<void> {
    if (this.stopped) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = this.clock.after(Math.max(REST_MIN_MS, ms), resolve);
      this.wake = () => {
        cancel();
        resolve();
      };
    });
  }
}
