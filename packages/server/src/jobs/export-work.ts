import { type FileHandle, open } from 'node:fs/promises';
import { z } from 'zod';
import { maildirEnd, maildirPiece, mboxPiece, type OutgoingMail } from '../archives/index.ts';
import type { CommandBus } from '../commands/index.ts';
import {
  type ArchivedState,
  type ClaimedJob,
  commands,
  type ExportedMail,
  type ExportPage,
  exportWork,
  queries,
} from '../domain/index.ts';
import type { JobFiles } from '../store/job-files.ts';
import type { Ending, Hands, Worker } from './long-work.ts';

const PAGE_COUNT = 50;
/** Of mails in memory at once, beside the one that is too large by itself. */
const PIECE_MAX_BYTES = 8 << 20;

const system = { kind: 'system', name: 'jobs' } as const;

/** Where an export goes on: after a mail, and after so many bytes of the file, which is cut there first. */
const place = z.object({ after: z.string(), bytes: z.int(), inbox_ids: z.array(z.string()) });
type Place = z.output<typeof place>;

export interface ExportNeeds {
  readonly bus: Pick<CommandBus, 'execute' | 'query'>;
  readonly files: Pick<JobFiles, 'outputPath' | 'removeOutput'>;
  readonly blobs: { get(digest: string): Promise<Buffer | null> };
  /** A mail as bytes, of one that came as fields or was written here. */
  compose(mail: ExportedMail): Promise<Buffer>;
}

/** Writes mails into a file with all that is known of them, so that an import brings the same back. */
export class ExportWorker implements Worker {
  constructor(private readonly needs: ExportNeeds) {}

  async run(job: ClaimedJob, hands: Hands): Promise<Ending> {
    const path = this.needs.files.outputPath(job.id);
    const file = await open(path, job.stand.position === null ? 'w' : 'r+');
    try {
      return await this.write(job, hands, file);
    } finally {
      await file.close();
    }
  }

  async clear(job: ClaimedJob, ending: 'done' | 'failed' | 'lost'): Promise<void> {
    // Lost to another node, it may be at work in the very same folder: what a cancelled one left is swept.
    if (ending === 'failed') await this.needs.files.removeOutput(job.id);
  }

  private async write(job: ClaimedJob, hands: Hands, file: FileHandle): Promise<Ending> {
    const { bus } = this.needs;
    const call = { org: hands.org, actor: system };
    const { format } = exportWork.parse(job.work);
    const total =
      job.stand.total ?? (await bus.query(queries.exportTotal, { ...call, input: { job_id: job.id } }));
    let at: Place = place.safeParse(job.stand.position).data ?? { after: '', bytes: 0, inbox_ids: [] };
    let done = job.stand.done;
    await file.truncate(at.bytes);
    for (let after: string | null = at.after; after !== null; ) {
      const input: { job_id: string; after: string; limit: number } = {
        job_id: job.id,
        after,
        limit: PAGE_COUNT,
      };
      const page: ExportPage = await bus.query(queries.exportPage, { ...call, input });
      const problems: string[] = [];
      let bytes = at.bytes;
      for (const mails of await this.pieces(page.mails, problems)) {
        const piece = format === 'mbox' ? mboxPiece(mails) : await maildirPiece(mails);
        await writeAt(file, piece, bytes);
        bytes += piece.length;
        if (hands.signal.aborted) return 'lost';
      }
      done += page.mails.length;
      const met = page.mails.map(({ row }) => row.inbox_id as string);
      at = { after: page.next ?? at.after, bytes, inbox_ids: [...new Set([...at.inbox_ids, ...met])] };
      const isLast = page.next === null;
      if (isLast && format === 'maildir') await writeAt(file, await maildirEnd(), bytes);
      await file.sync();
      if (!(await this.tell(job, hands, { position: at, done, total: isLast ? done : total, problems })))
        return 'lost';
      after = page.next;
    }
    return { state: 'done', has_file: true };
  }

  private async tell(
    job: ClaimedJob,
    { org, holder }: Hands,
    step: { position: Place; done: number; total: number | null; problems: readonly string[] },
  ): Promise<boolean> {
    const input = { job_id: job.id, holder, ...step, problems: [...step.problems] };
    return (await this.needs.bus.execute(commands.advanceJob, { org, actor: system, input })).result;
  }

  /** Read from the blobs, so many at a time as memory is to hold. */
  private async pieces(mails: readonly ExportedMail[], problems: string[]): Promise<OutgoingMail[][]> {
    const pieces: OutgoingMail[][] = [];
    let size = Number.POSITIVE_INFINITY;
    for (const mail of mails) {
      const source =
        mail.source === null ? await this.needs.compose(mail) : await this.needs.blobs.get(mail.source);
      if (source === null) {
        problems.push(
          `Not exported: “${mail.row.subject}” of ${mail.row.received_at}, its source is missing.`,
        );
        continue;
      }
      if (size + source.length > PIECE_MAX_BYTES) {
        pieces.push([]);
        size = 0;
      }
      size += source.length;
      pieces.at(-1)?.push(outgoing(mail, source));
    }
    return pieces;
  }
}

function outgoing({ row, folder }: ExportedMail, source: Buffer): OutgoingMail {
  const { mail } = row;
  const state: ArchivedState = {
    folder,
    seen: mail?.seen ?? row.kind === 'outbound',
    flagged: mail?.flagged ?? false,
    answered: mail?.answered ?? false,
    forwarded: mail?.forwarded ?? false,
    draft: mail?.draft ?? false,
    labels: mail?.labels ?? [],
    to: row.kind === 'inbound' ? row.to : null,
  };
  return { id: row.id, source, state, from: row.from, receivedAt: Date.parse(row.received_at) };
}

async function writeAt(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    at += (await file.write(bytes, at, bytes.length - at, position + at)).bytesWritten;
  }
}
