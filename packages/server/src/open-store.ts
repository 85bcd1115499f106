import { join } from 'node:path';
import { type Clock, systemClock, systemRandom } from './clock.ts';
import { CommandBus, type Engine, StoreEngine } from './commands/index.ts';
import { WorkerEngine } from './commands/worker-engine.ts';
import type { Config } from './config.ts';
import { registry } from './domain/index.ts';
import { type Blobs, openBlobs } from './store/blobs/index.ts';
import type { Database } from './store/database.ts';
import { openPostgres } from './store/postgres/postgres.ts';
import { openSqlite, type SqliteOptions } from './store/sqlite/sqlite.ts';

export type StorePlace = Pick<Config, 'data' | 'databaseUrl'>;

export function sqliteFile({ data }: StorePlace): string {
  return join(data, 'roost.db');
}

export function blobFolder({ data }: StorePlace): string {
  return join(data, 'blobs');
}

/** Commands of one partition share transactions: SQLite has one writer, PostgreSQL one for each organisation. */
export function partitionOf({ databaseUrl }: StorePlace): (org: string) => string {
  return databaseUrl === null ? () => 'all' : (org) => org;
}

/**
 * The engine of a server: SQLite in threads of its own, or PostgreSQL over a pool.
 *
 * @param onTrouble  hears of store threads that end and start again
 * @throws OpeningError
 */
export async function openServerEngine(
  place: StorePlace,
  clock: Clock,
  onTrouble: (says: string, cause: unknown) => void,
): Promise<Engine> {
  if (place.databaseUrl !== null) return openEngineHere(place);
  return WorkerEngine.open({
    entry: new URL('./worker.js', import.meta.url),
    file: sqliteFile(place),
    clock,
    random: systemRandom,
    onTrouble,
  });
}

/** The engine on this very thread, for a command that is done in a moment. @throws OpeningError */
export async function openEngineHere(place: StorePlace): Promise<Engine> {
  return new StoreEngine(await openDatabase(place), registry, systemClock, systemRandom);
}

/** The bare store, for what moves it as a whole. @param options  mean SQLite alone @throws OpeningError */
export function openDatabase(place: StorePlace, options: SqliteOptions = {}): Promise<Database> {
  return place.databaseUrl === null
    ? openSqlite(sqliteFile(place), options)
    : openPostgres(place.databaseUrl);
}

/** What a command-line tool works with. It may run beside the server, which sees its changes in the log. */
export interface OpenedStore {
  readonly bus: CommandBus;
  openBlobs(): Promise<Blobs>;
  close(): Promise<void>;
}

/** @throws OpeningError */
export async function openStore(
  place: StorePlace,
  onUnexpected: (name: string, detail: string) => void,
): Promise<OpenedStore> {
  const engine = await openEngineHere(place);
  const bus = new CommandBus(engine, partitionOf(place), () => {}, onUnexpected);
  return {
    bus,
    openBlobs: () => openBlobs(blobFolder(place)),
    async close() {
      await bus.idle();
      await engine.close();
    },
  };
}
