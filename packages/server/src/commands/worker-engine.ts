import { Worker } from 'node:worker_threads';
import { Failure } from '@roost/protocol';
import type { Clock, Random } from '../clock.ts';
import type { Call, Engine, GroupOutcome, QueryCall, QueryOutcome } from './engine.ts';
import { StoreThread } from './store-thread.ts';
import type { ThreadTask } from './thread-messages.ts';

/** A thread that has not finished its work by then is ended; what it had not committed is not done. */
const CLOSE_DEADLINE_MS = 5_000;
/** Queries that look through much; see domain/search. */
const SEARCHES = 'search.';

export interface WorkerEngineOptions {
  /** The threads' entry, built from `worker.ts`. */
  readonly entry: URL | string;
  /** The SQLite file. Not `:memory:`, which two connections cannot share. */
  readonly file: string;
  readonly clock: Clock;
  readonly random: Random;
  /** Hears of threads that end and start again; `cause` is null where nothing more is known. */
  readonly onTrouble: (says: string, cause: unknown) => void;
}

/**
 * The engine on the main thread: commands go to a thread that owns the database, queries to another that reads the
 * same file, searches to a third, so that neither the event loop nor a commit ever waits for a read, nor a screen for a
 * search.
 */
export class WorkerEngine implements Engine {
  private searcherStarted: Promise<void> | null = null;

  private constructor(
    private readonly writer: StoreThread,
    private readonly reader: StoreThread,
    private readonly searcher: StoreThread,
  ) {}

  /** @throws OpeningError */
  static async open(options: WorkerEngineOptions): Promise<WorkerEngine> {
    const thread = (role: ThreadTask['role']) =>
      new StoreThread(
        role,
        () => new Worker(options.entry, { workerData: { file: options.file, role } satisfies ThreadTask }),
        options.clock,
        options.random,
        options.onTrouble,
      );
    const writer = thread('writer');
    const reader = thread('reader');
    await writer.start();
    try {
      // Only now: the reader may not create or migrate what it reads.
      await reader.start();
    } catch (error) {
      await writer.close(CLOSE_DEADLINE_MS);
      throw error;
    }
    return new WorkerEngine(writer, reader, thread('reader'));
  }

  run(calls: readonly Call[]): Promise<GroupOutcome> {
    return this.writer.run(calls);
  }

  query(call: QueryCall): Promise<QueryOutcome> {
    return call.name.startsWith(SEARCHES) ? this.search(call) : this.reader.query(call);
  }

  /** A thread of its own, from the first search on: what it looks through keeps no screen waiting. */
  private async search(call: QueryCall): Promise<QueryOutcome> {
    this.searcherStarted ??= this.searcher.start().catch((error: unknown) => {
      this.searcherStarted = null;
      throw new Failure('store.unavailable', undefined, { cause: error });
    });
    await this.searcherStarted;
    return this.searcher.query(call);
  }

  async close(): Promise<void> {
    // The writer last: whoever closes last folds the write-ahead log into the file.
    await Promise.all([this.reader.close(CLOSE_DEADLINE_MS), this.searcher.close(CLOSE_DEADLINE_MS)]);
    await this.writer.close(CLOSE_DEADLINE_MS);
  }
}
