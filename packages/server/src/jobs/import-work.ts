import { Failure } from '@roost/protocol';
import { z } from 'zod';
import { type ArchivedMail, readArchive } from '../archives/index.ts';
import type { CommandBus } from '../commands/index.ts';
import { type ArchivedState, type Arrival, type ClaimedJob, commands, importWork } from '../domain/index.ts';
import type { JobFiles } from '../store/job-files.ts';
import type { Ending, Hands, Worker } from './long-work.ts';

/** One step of an import; whichever bound is reached first. */
const STEP_MAX_COUNT = 32;
const STEP_MAX_BYTES = 4 << 20;
/** While mails are only counted, so many pass between two looks at whether it shall go on. */
const COUNTED_AT_ONCE = 1_000;

const system = { kind: 'system', name: 'jobs' } as const;

/** Where an import goes on, and what it has met so far. */
const place = z.object({ next: z.int(), repeated: z.int() });
type Place = z.output<typeof place>;

export interface ImportNeeds {
  readonly bus: Pick<CommandBus, 'execute'>;
  readonly files: Pick<JobFiles, 'uploadPath' | 'removeUpload'>;
  /** Reads a mail and stores its blobs; its recipients are those its header names. @throws store.full … */
  readMail(source: Buffer): Promise<Arrival>;
  readonly mailMaxBytes: number;
}

interface Read {
  readonly arrival: Arrival;
  readonly state: ArchivedState;
  readonly name: string;
}

/** Takes the mails of an uploaded file in. What is broken is told of, and the rest goes on. */
export class ImportWorker implements Worker {
  constructor(private readonly needs: ImportNeeds) {}

  async run(job: ClaimedJob, hands: Hands): Promise<Ending> {
    const { upload } = importWork.parse(job.work);
    const step = new Steps(this.needs.bus, job, hands);
    try {
      if (step.total === null && !(await this.count(upload, step, hands))) return 'lost';
      for await (const mails of this.batches(upload, step.place.next, hands)) {
        if (hands.signal.aborted || !(await this.take(mails, step))) return 'lost';
      }
    } catch (error) {
      if (hands.signal.aborted) return 'lost';
      throw error;
    }
    const { repeated } = step.place;
    const told = repeated === 0 ? [] : [`${repeated} of the mails were there already.`];
    return { state: 'done', problems: told };
  }

  async clear({ work }: ClaimedJob): Promise<void> {
    await this.needs.files.removeUpload(importWork.parse(work).upload);
  }

  /** How many there are, before the first of them is read. */
  private async count(upload: string, step: Steps, hands: Hands): Promise<boolean> {
    let count = 0;
    for await (const _ of this.mailsOf(upload, 0, true, hands)) {
      count += 1;
      if (count % COUNTED_AT_ONCE === 0 && hands.signal.aborted) return false;
    }
    if (count === 0) throw new Failure('request.invalid', 'The file holds no mail.');
    return step.count(count);
  }

  private async *batches(upload: string, from: number, hands: Hands): AsyncGenerator<ArchivedMail[]> {
    let batch: ArchivedMail[] = [];
    let bytes = 0;
    for await (const mail of this.mailsOf(upload, from, false, hands)) {
      batch.push(mail);
      bytes += mail.source?.length ?? 0;
      if (batch.length < STEP_MAX_COUNT && bytes < STEP_MAX_BYTES) continue;
      yield batch;
      batch = [];
      bytes = 0;
    }
    if (batch.length > 0) yield batch;
  }

  private mailsOf(upload: string, from: number, countsOnly: boolean, { signal }: Hands) {
    const { files, mailMaxBytes } = this.needs;
    return readArchive(files.uploadPath(upload), { from, mailMaxBytes, countsOnly, signal });
  }

  private async take(mails: readonly ArchivedMail[], step: Steps): Promise<boolean> {
    const problems: string[] = [];
    const read = await Promise.all(
      mails.map(async (mail): Promise<Read | null> => {
        if (mail.source === null) {
          problems.push(`Not imported: ${mail.name}, ${mail.problem ?? 'it could not be read'}.`);
          return null;
        }
        try {
          return { arrival: await this.needs.readMail(mail.source), state: mail.state, name: mail.name };
        } catch (error) {
          if (!(error instanceof Failure) || !isItsOwn(error)) throw error;
          problems.push(`Not imported: ${mail.name}. ${error.message}`);
          return null;
        }
      }),
    );
    // Only mails count that are mails: a file that is none of them was not counted either.
    const done = mails.filter(({ source, problem }) => source !== null || problem !== 'it is no mail').length;
    const next = mails.at(-1)?.next ?? step.place.next;
    return step.store(
      read.filter((one) => one !== null),
      next,
      done,
      problems,
    );
  }
}

/** Hands mails over to the store, together with where the import then stands. */
class Steps {
  place: Place;
  total: number | null;
  private done: number;

  constructor(
    private readonly bus: Pick<CommandBus, 'execute'>,
    private readonly job: ClaimedJob,
    private readonly hands: Hands,
  ) {
    this.place = place.safeParse(job.stand.position).data ?? { next: 0, repeated: 0 };
    this.total = job.stand.total;
    this.done = job.stand.done;
  }

  count(total: number): Promise<boolean> {
    this.total = total;
    return this.send([], this.place.next, 0, []);
  }

  /** Together; where one of them cannot be stored, one by one, so that it alone is left out. */
  async store(
    mails: readonly Read[],
    next: number,
    done: number,
    problems: readonly string[],
  ): Promise<boolean> {
    try {
      return await this.send(mails, next, done, problems);
    } catch (error) {
      if (!(error instanceof Failure) || !isItsOwn(error) || mails.length === 0) throw error;
      const refused: string[] = [];
      const before = this.place.next;
      for (const mail of mails) {
        try {
          if (!(await this.send([mail], before, 0, []))) return false;
        } catch (failure) {
          if (!(failure instanceof Failure) || !isItsOwn(failure)) throw failure;
          refused.push(`Not imported: ${mail.name}. ${failure.message}`);
        }
      }
      return this.send([], next, done, [...problems, ...refused]);
    }
  }

  private async send(
    mails: readonly Read[],
    next: number,
    done: number,
    problems: readonly string[],
  ): Promise<boolean> {
    const { org, holder } = this.hands;
    const { result } = await this.bus.execute(commands.importMails, {
      org,
      actor: system,
      input: {
        job_id: this.job.id,
        holder,
        position: { next, repeated: this.place.repeated },
        done: this.done + done,
        total: this.total,
        problems: [...problems],
        mails: mails.map(({ arrival, state }) => ({ arrival, state })),
      },
    });
    if (!result.isHeld) return false;
    this.place = { next, repeated: this.place.repeated + result.repeated };
    this.done += done;
    return true;
  }
}

/** The mail cannot be stored, whatever is tried; the store is well. */
function isItsOwn({ code }: Failure): boolean {
  return code === 'request.invalid' || code === 'request.too_big' || code === 'server.failed';
}
