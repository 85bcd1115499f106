import { join } from 'node:path';
import { type Clock, type Secrets, systemClock } from './clock.ts';
import type { CommandBus } from './commands/index.ts';
import type { Config } from './config.ts';
import type { Arrival, ExportedMail } from './domain/index.ts';
import { asImported } from './ingest/imported.ts';
import { ExportWorker, ImportWorker, LongWork, PurgeWorker, Retention } from './jobs/index.ts';
import type { Log } from './log.ts';
import { composeStored } from './outbound/smtp/compose-stored.ts';
import type { Blobs } from './store/blobs/index.ts';
import { JobFiles } from './store/job-files.ts';

export interface LongWorkGround {
  readonly config: Pick<Config, 'mailMaxBytes' | 'auditDays' | 'droppedDays'>;
  readonly bus: CommandBus;
  readonly blobs: Blobs;
  readonly files: JobFiles;
  readonly secrets: Secrets;
  readonly log: Log;
  /** Reads a mail and stores its blobs. */
  readMail(source: Buffer, to: readonly string[]): Promise<Arrival>;
}

/** Beside the blobs: whoever shares them between nodes shares the files of jobs as well. @throws store.full, store.unavailable */
export function openJobFiles({ data }: Pick<Config, 'data'>, secrets: Secrets): Promise<JobFiles> {
  return JobFiles.open(join(data, 'jobs'), () => secrets(12).toString('hex'));
}

/** Imports, exports, and what is deleted with age. */
export function openLongWork(
  { config, bus, blobs, files, secrets, log, readMail }: LongWorkGround,
  clock: Clock = systemClock,
): { readonly work: LongWork; readonly retention: Retention; stop(): Promise<void> } {
  const importing = new ImportWorker({
    bus,
    files,
    readMail: async (source) => asImported(await readMail(source, [])),
    mailMaxBytes: config.mailMaxBytes,
  });
  const exporting = new ExportWorker({ bus, files, blobs, compose: composed });
  const purging = new PurgeWorker({ bus }, clock);
  const work = new LongWork(
    { bus, log, holder: secrets(8).toString('hex') },
    { import: importing, export: exporting, purge: purging },
    clock,
  );
  const retention = new Retention({ bus, files, log }, clock, config);
  return {
    work,
    retention,
    async stop() {
      await Promise.all([work.stop(), retention.stop()]);
    },
  };
}

function composed({ row, text }: ExportedMail): Promise<Buffer> {
  const { id, from, to, subject, received_at, snippet } = row;
  return composeStored({ id, from, to, subject, date: received_at, text: row.text ?? text ?? snippet });
}
