import { Failure, type JobRow } from '@roost/protocol';
import { z } from 'zod';
import { defineCommand, EVERY_ROLE } from '../../commands/index.ts';
import { readAccess } from '../access/hidden.ts';
import { advanceJob, heldJob, knownJob, rewriteJob, type StoredJob } from './job.ts';

/** A job that was taken up so often without coming any further is what ends its nodes, and ends itself. */
const ATTEMPTS_MAX = 5;
/** A file waits so long to be fetched. */
export const FILE_KEPT_MS = 24 * 3_600_000;
/** What was done is told for so long. */
const JOB_KEPT_MS = 30 * 24 * 3_600_000;
const CLEAR_MAX_COUNT = 100;

const held = { job_id: z.string().max(64), holder: z.string().max(64) };

/** A job as its worker gets it. */
export interface ClaimedJob {
  readonly id: string;
  readonly kind: JobRow['kind'];
  readonly user_id: string | null;
  readonly work: unknown;
  readonly stand: StoredJob['stand'];
}

/** Takes a job up, or over from a node that has been silent for longer than its lease. */
export const claimJob = defineCommand({
  name: 'job.claim',
  input: z.object({ ...held, lease_ms: z.int().min(1) }),
  may: { roles: [] },
  async run(context, { job_id, holder, lease_ms }): Promise<ClaimedJob | null> {
    const { tx, org, now } = context;
    const found = await tx.get<{ lease_until: number; attempts: number }>(
      `select lease_until, attempts from job where org = ? and id = ? and state in ('waiting', 'running')`,
      org,
      job_id,
    );
    if (!found || found.lease_until > now) return null;
    const job = await knownJob(tx, org, job_id);
    if (found.attempts >= ATTEMPTS_MAX) {
      const problem = `It was begun ${ATTEMPTS_MAX} times and came no further.`;
      const stand = { ...job.stand, problems: [problem, ...job.stand.problems] };
      await rewriteJob(context, job, { state: 'failed', ended_at: new Date(now).toISOString() }, stand);
      return null;
    }
    await tx.run(
      'update job set held_by = ?, lease_until = ?, attempts = attempts + 1 where org = ? and id = ?',
      holder,
      now + lease_ms,
      org,
      job_id,
    );
    const started_at = job.row.started_at ?? new Date(now).toISOString();
    if (job.row.state === 'waiting') await rewriteJob(context, job, { state: 'running', started_at });
    const { kind, user_id } = job.row;
    return { id: job_id, kind, user_id, work: job.work, stand: job.stand };
  },
});

/** Holds a job for longer, or for 0 ms gives it back. @returns whether it still is to go on */
export const renewJob = defineCommand({
  name: 'job.renew',
  input: z.object({ ...held, lease_ms: z.int().min(0) }),
  may: { roles: [] },
  async run(context, { job_id, holder, lease_ms }): Promise<boolean> {
    if ((await heldJob(context, job_id, holder)) === null) return false;
    const { tx, org, now } = context;
    await tx.run('update job set lease_until = ? where org = ? and id = ?', now + lease_ms, org, job_id);
    // Whoever gives a job back of its own will was not ended by it.
    if (lease_ms === 0) await tx.run('update job set attempts = 0 where org = ? and id = ?', org, job_id);
    return true;
  },
});

/** Tells how far a job has come whose steps are no commands of their own. @returns whether it is to go on */
export const advanceJobCommand = defineCommand({
  name: 'job.progress',
  input: z.object({
    ...held,
    position: z.unknown(),
    done: z.int().min(0),
    total: z.int().min(0).nullable(),
    problems: z.array(z.string()).default([]),
  }),
  may: { roles: [] },
  async run(context, { job_id, holder, position, ...step }): Promise<boolean> {
    const job = await heldJob(context, job_id, holder);
    if (job === null) return false;
    await advanceJob(context, job, { position: position ?? null, ...step });
    return true;
  },
});

/** @returns false where it was cancelled meanwhile, or another node has taken it */
export const endJob = defineCommand({
  name: 'job.end',
  input: z.object({
    ...held,
    state: z.enum(['done', 'failed']),
    problems: z.array(z.string()).default([]),
    has_file: z.boolean().default(false),
  }),
  may: { roles: [] },
  async run(context, { job_id, holder, state, problems, has_file }): Promise<boolean> {
    const job = await heldJob(context, job_id, holder);
    if (job === null) return false;
    const ended_at = new Date(context.now).toISOString();
    // Why all of it failed stands before what did not work of its parts.
    const stand = { ...job.stand, problems: [...problems, ...job.stand.problems] };
    await rewriteJob(context, job, { state, has_file, ended_at }, stand);
    return true;
  },
});

/** Stops a job; what it has done stays done. One that has ended already is left as it is. @throws job.unknown */
export const cancelJob = defineCommand({
  name: 'job.cancel',
  input: z.object({ job_id: z.string().max(200) }),
  may: { roles: EVERY_ROLE, scope: 'write' },
  async run(context, { job_id }): Promise<JobRow> {
    const { tx, org, actor, now } = context;
    const job = await knownJob(tx, org, job_id);
    if (actor.kind !== 'system' && job.row.user_id !== actor.user_id) {
      if (!(await readAccess(tx, org, actor.user_id)).admin) throw new Failure('job.unknown');
    }
    if (job.row.ended_at !== null) return job.row;
    return rewriteJob(context, job, { state: 'cancelled', ended_at: new Date(now).toISOString() });
  },
});

/** Takes files back that nobody fetched for a day, and forgets jobs of long ago. @returns whether there is more */
export const clearJobs = defineCommand({
  name: 'job.clear',
  input: z.object({}),
  may: { roles: [] },
  async run(context): Promise<boolean> {
    const { tx, org, now } = context;
    const old = await tx.all<{ id: string; ended_at: number }>(
      'select id, ended_at from job where org = ? and ended_at < ? order by ended_at limit ?',
      org,
      now - JOB_KEPT_MS,
      CLEAR_MAX_COUNT,
    );
    for (const { id } of old) {
      const { row } = await knownJob(tx, org, id);
      await tx.run('delete from job where org = ? and id = ?', org, id);
      context.changed('job', id, row, null);
    }
    const stale = await tx.all<{ id: string }>(
      'select id from job where org = ? and ended_at >= ? and ended_at < ?',
      org,
      now - JOB_KEPT_MS,
      now - FILE_KEPT_MS,
    );
    for (const { id } of stale) {
      const job = await knownJob(tx, org, id);
      if (job.row.has_file) await rewriteJob(context, job, { has_file: false });
    }
    return old.length === CLEAR_MAX_COUNT;
  },
});
