import { Failure, type JobRow } from '@roost/protocol';
import type { CommandContext } from '../../commands/index.ts';
import type { Tx } from '../../store/database.ts';

/** Screens are told of progress so often at most; where a job stands is stored with every step all the same. */
const TOLD_EVERY_MS = 500;
/** Problems a job keeps, the last line telling how many more there were. */
export const PROBLEMS_MAX_COUNT = 100;
const PROBLEM_MAX_CHARS = 300;
const AND_MORE = /^and (\d+) more$/;

/** How far a job has come. What people see of it, its row, may lag behind by {@link TOLD_EVERY_MS}. */
export interface Stand {
  /** Where it goes on after a stop, as its worker reads it; null at its beginning. */
  readonly position: unknown;
  readonly done: number;
  readonly total: number | null;
  readonly problems: readonly string[];
}

export interface StoredJob {
  /** As the log has told it. */
  readonly row: JobRow;
  /** What it is to do, as its worker reads it. */
  readonly work: unknown;
  readonly stand: Stand;
  readonly held_by: string | null;
  readonly told_at: number;
}

/** What a step adds to where the job stands. */
export type Advance = Partial<Pick<Stand, 'position' | 'done' | 'total' | 'problems'>>;

const COLUMNS = [
  'org',
  'id',
  'version',
  'state',
  'user_id',
  'begun_at',
  'ended_at',
  'told_at',
  'held_by',
  'lease_until',
  'attempts',
  'work',
  'stand',
  'row',
] as const;

/** Begins long work; a node that has nothing else to do takes it up. */
export async function newJob(
  context: CommandContext,
  { kind, says, work }: { kind: JobRow['kind']; says: string; work: unknown },
): Promise<JobRow> {
  const { actor, org, offset, now } = context;
  const row: JobRow = {
    id: context.newId(),
    version: offset,
    kind,
    user_id: actor.kind === 'system' ? null : actor.user_id,
    says: says.slice(0, PROBLEM_MAX_CHARS),
    state: 'waiting',
    done: 0,
    total: null,
    problems: [],
    has_file: false,
    started_at: null,
    ended_at: null,
  };
  const stand: Stand = { position: null, done: 0, total: null, problems: [] };
  const values = [org, row.id, offset, row.state, row.user_id ?? '', now, null, now, null, 0, 0];
  await context.tx.insertMany('job', COLUMNS, [
    [...values, JSON.stringify(work), JSON.stringify(stand), JSON.stringify(row)],
  ]);
  context.changed('job', row.id, null, row);
  return row;
}

/** @throws job.unknown */
export async function knownJob(tx: Tx, org: string, id: string): Promise<StoredJob> {
  const job = await findJob(tx, org, id);
  if (!job) throw new Failure('job.unknown');
  return job;
}

async function findJob(tx: Tx, org: string, id: string): Promise<StoredJob | null> {
  const found = await tx.get<{
    row: string;
    work: string;
    stand: string;
    held_by: string | null;
    told_at: number;
  }>('select "row", work, stand, held_by, told_at from job where org = ? and id = ?', org, id);
  if (!found) return null;
  const { row, work, stand, ...rest } = found;
  return { row: JSON.parse(row), work: JSON.parse(work), stand: JSON.parse(stand), ...rest };
}

/** The job, where it still runs and `holder` holds it; null where it was cancelled, or another node has taken it. */
export async function heldJob(
  { tx, org }: Pick<CommandContext, 'tx' | 'org'>,
  id: string,
  holder: string,
): Promise<StoredJob | null> {
  const job = await findJob(tx, org, id);
  return job?.row.state === 'running' && job.held_by === holder ? job : null;
}

/**
 * Stores where a job stands, in the transaction of the step that brought it there: a crash loses nothing and nothing
 * is done twice. The log tells of it now and then.
 */
export async function advanceJob(context: CommandContext, job: StoredJob, step: Advance): Promise<void> {
  const { tx, org, now, offset } = context;
  const stand: Stand = {
    ...job.stand,
    ...step,
    problems: withProblems(job.stand.problems, step.problems ?? []),
  };
  const isTold = job.row.total !== stand.total || now - job.told_at >= TOLD_EVERY_MS || now < job.told_at;
  const row = isTold ? { ...withStand(job.row, stand), version: offset } : job.row;
  await tx.run(
    'update job set attempts = 0, stand = ?, version = ?, told_at = ?, "row" = ? where org = ? and id = ?',
    JSON.stringify(stand),
    row.version,
    isTold ? now : job.told_at,
    JSON.stringify(row),
    org,
    row.id,
  );
  if (isTold) context.changed('job', row.id, job.row, row);
}

/** Stores that a job is in another state, or has a file, with all that is known of how far it came. */
export async function rewriteJob(
  context: CommandContext,
  job: StoredJob,
  some: Partial<Pick<JobRow, 'state' | 'has_file' | 'started_at' | 'ended_at'>>,
  stand: Stand = job.stand,
): Promise<JobRow> {
  const row: JobRow = { ...withStand(job.row, stand), ...some, version: context.offset };
  await context.tx.run(
    'update job set state = ?, version = ?, ended_at = ?, told_at = ?, stand = ?, "row" = ? where org = ? and id = ?',
    row.state,
    row.version,
    row.ended_at === null ? null : Date.parse(row.ended_at),
    context.now,
    JSON.stringify(stand),
    JSON.stringify(row),
    context.org,
    row.id,
  );
  context.changed('job', row.id, job.row, row);
  return row;
}

function withStand(row: JobRow, { done, total, problems }: Stand): JobRow {
  return { ...row, done, total, problems: [...problems] };
}

/** What does not fit any more is counted in the last line. */
export function withProblems(known: readonly string[], more: readonly string[]): string[] {
  const told = known.filter((line) => !AND_MORE.test(line));
  const untold = Number(AND_MORE.exec(known.at(-1) ?? '')?.[1] ?? 0);
  const all = [...told, ...more.map((problem) => problem.slice(0, PROBLEM_MAX_CHARS))];
  if (all.length + untold <= PROBLEMS_MAX_COUNT && untold === 0) return all;
  const kept = all.slice(0, PROBLEMS_MAX_COUNT - 1);
  return [...kept, `and ${all.length - kept.length + untold} more`];
}
