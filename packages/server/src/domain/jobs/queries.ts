import { Failure, type JobRow } from '@roost/protocol';
import { z } from 'zod';
import { defineQuery, EVERY_ROLE } from '../../commands/index.ts';
import { readAccess } from '../access/hidden.ts';
import { knownJob } from './job.ts';

const DUE_MAX_COUNT = 20;

/** Jobs of every organisation that nobody is at, those begun first first. */
export const dueJobs = defineQuery({
  name: 'job.due',
  input: z.object({ now: z.int() }),
  may: { roles: [] },
  run: ({ tx }, { now }) =>
    tx.all<{ org: string; id: string }>(
      `select org, id from job where state in ('waiting', 'running') and lease_until <= ?
        order by begun_at, id limit ?`,
      now,
      DUE_MAX_COUNT,
    ),
});

/** Which of these jobs still need a file of theirs: one they read from, or one that is to be fetched. */
export const jobsWithFiles = defineQuery({
  name: 'job.with_files',
  input: z.object({ job_ids: z.array(z.string().max(64)).max(500) }),
  may: { roles: [] },
  async run({ tx }, { job_ids }): Promise<string[]> {
    if (job_ids.length === 0) return [];
    const marks = job_ids.map(() => '?').join(', ');
    const found = await tx.all<{ id: string; row: string }>(
      `select id, "row" from job where id in (${marks})`,
      ...job_ids,
    );
    const isNeeded = ({ has_file, ended_at }: JobRow) => has_file || ended_at === null;
    return found.filter(({ row }) => isNeeded(JSON.parse(row))).map(({ id }) => id);
  },
});

/** @throws job.unknown  also for whoever it is not shown to */
export const findJob = defineQuery({
  name: 'job.find',
  input: z.object({ job_id: z.string().max(200) }),
  may: { roles: EVERY_ROLE, scope: 'read' },
  async run({ tx, org, actor }, { job_id }): Promise<JobRow> {
    const { row } = await knownJob(tx, org, job_id);
    if (actor.kind !== 'system' && row.user_id !== actor.user_id) {
      if (!(await readAccess(tx, org, actor.user_id)).admin) throw new Failure('job.unknown');
    }
    return row;
  },
});

/** What a job left to be fetched. */
export interface JobFile {
  readonly name: string;
  readonly content_type: string;
}

const exported = z.object({ file: z.object({ name: z.string(), content_type: z.string() }) });
const reached = z.object({ inbox_ids: z.array(z.string()) });

/** @throws job.unknown  also where there is no file any more, or one holds mail of an inbox that is now kept from whoever asks */
export const findJobFile = defineQuery({
  name: 'job.file',
  input: z.object({ job_id: z.string().max(200) }),
  may: { roles: EVERY_ROLE, scope: 'read' },
  async run({ tx, org, actor }, { job_id }): Promise<JobFile> {
    const { row, work, stand } = await knownJob(tx, org, job_id);
    const { file } = exported.safeParse(work).data ?? {};
    if (!row.has_file || !file)
      throw new Failure('job.unknown', 'This job left no file, or it is gone by now.');
    if (actor.kind === 'system') return file;
    const { admin, hidden } = await readAccess(tx, org, actor.user_id);
    if (!admin && row.user_id !== actor.user_id) throw new Failure('job.unknown');
    const inboxes = reached.safeParse(stand.position).data?.inbox_ids ?? [];
    if (inboxes.some((id) => hidden.includes(id))) throw new Failure('job.unknown');
    return file;
  },
});
