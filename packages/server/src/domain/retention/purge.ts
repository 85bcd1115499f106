import { arrivalOffset, formatArrival, type MessageRow } from '@roost/protocol';
import { z } from 'zod';
import { defineCommand, defineQuery, type QueryContext } from '../../commands/index.ts';
import type { Tx, Value } from '../../store/database.ts';
import { advanceJob, heldJob, newJob } from '../jobs/job.ts';
import { eraseMessages } from '../messages/remove.ts';
import { isPast, type PurgeScope, purgeScopes } from './ages.ts';

export const PURGE_MAX_COUNT = 200;

const scope = z.union([
  z.object({ kind: z.enum(['mailbox', 'inbox']), id: z.string(), before: z.number() }),
  z.object({
    kind: z.literal('quarantine'),
    before: z.number(),
    days: z.int().nullable(),
    ofDomain: z.record(z.string(), z.int()),
  }),
]) satisfies z.ZodType<PurgeScope>;

export interface PurgePlan {
  readonly scopes: readonly PurgeScope[];
  /** Messages that are to go; of quarantine, at most. */
  readonly count: number;
}

/** Which places hold mail that is past its time, and how much. */
export const planPurge = defineQuery({
  name: 'retention.plan',
  input: z.object({ now: z.int() }),
  may: { roles: [] },
  async run(context, { now }): Promise<PurgePlan> {
    const scopes: PurgeScope[] = [];
    let count = 0;
    for (const scope of await purgeScopes(context.tx, context.org, now)) {
      const old = await countOld(context, scope);
      if (old === 0) continue;
      scopes.push(scope);
      count += old;
    }
    return { scopes, count };
  },
});

/** Begins to delete what is past its time, unless that is under way. */
export const beginPurge = defineCommand({
  name: 'purge.begin',
  input: z.object({}),
  may: { roles: [] },
  async run(context): Promise<void> {
    const open = await context.tx.all<{ row: string }>(
      `select "row" from job where org = ? and state in ('waiting', 'running')`,
      context.org,
    );
    if (open.some(({ row }) => JSON.parse(row).kind === 'purge')) return;
    await newJob(context, { kind: 'purge', says: 'Mail that is past its time is deleted', work: {} });
  },
});

export interface Purged {
  /** False where the job was cancelled, or another node has it: nothing was done. */
  readonly isHeld: boolean;
  readonly removed: number;
  /** Where the next step looks on; null when the place holds nothing more that is old. */
  readonly next: string | null;
}

/**
 * Deletes some of what is old in one place, and tells how far the job is, all in one transaction. What is old is
 * judged here, so what was moved or came meanwhile is never deleted for what it was before.
 */
export const purgeMail = defineCommand({
  name: 'purge.mail',
  input: z.object({
    job_id: z.string(),
    holder: z.string(),
    scope,
    after: z.string().default(''),
    limit: z.int().min(1).max(PURGE_MAX_COUNT),
    total: z.int().nullable(),
  }),
  may: { roles: [] },
  weight: ({ limit }) => limit,
  async run(context, { job_id, holder, scope, after, limit, total }): Promise<Purged> {
    const job = await heldJob(context, job_id, holder);
    if (job === null) return { isHeld: false, removed: 0, next: null };
    const { tx, org, now } = context;
    const { sql, params } = conditionOf(scope);
    const found = await tx.all<{ row: string }>(
      `select "row" from message where org = ? and ${sql} and id > ? order by id limit ?`,
      org,
      ...params,
      after,
      limit,
    );
    const rows = found.map(({ row }) => JSON.parse(row) as MessageRow);
    const old = rows.filter((row) => isPast(scope, row, now));
    await eraseMessages(context, old);
    if (old.length > 0) await advanceJob(context, job, { done: job.stand.done + old.length, total });
    const last = rows.at(-1);
    // Mail lies in the order in which it came: below the first young one nothing is old.
    const isMore = rows.length === limit && last !== undefined && Date.parse(last.received_at) < scope.before;
    return { isHeld: true, removed: old.length, next: isMore ? last.id : null };
  },
});

function conditionOf(scope: PurgeScope): { sql: string; params: Value[] } {
  switch (scope.kind) {
    case 'mailbox':
      return { sql: 'mailbox_id = ?', params: [scope.id] };
    case 'inbox':
      return {
        sql: `inbox_id = ? and via = 'mail' and mailbox_id is null and decision = 'INBOX'`,
        params: [scope.id],
      };
    case 'quarantine':
      return { sql: `decision = 'QUARANTINE'`, params: [] };
  }
}

/** Messages received before the time of their place. Ids are in the order of arrival, so halving finds where they end. */
async function countOld({ tx, org }: QueryContext, scope: PurgeScope): Promise<number> {
  const { sql, params } = conditionOf(scope);
  const firstFrom = (from: string) =>
    tx.get<{ id: string; row: string }>(
      `select id, "row" from message where org = ? and ${sql} and id >= ? order by id limit 1`,
      org,
      ...params,
      from,
    );
  const oldest = await firstFrom('');
  if (!oldest || isYoung(oldest, scope)) return 0;
  let low = arrivalOffset(oldest.id);
  let high = await headOf(tx, org);
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const found = await firstFrom(formatArrival(middle + 1));
    if (!found || isYoung(found, scope)) high = middle;
    else low = middle + 1;
  }
  const counted = await tx.get<{ count: number }>(
    `select count(*) as count from message where org = ? and ${sql} and id < ?`,
    org,
    ...params,
    formatArrival(low + 1),
  );
  return Number(counted?.count ?? 0);
}

function isYoung({ row }: { row: string }, { before }: PurgeScope): boolean {
  return Date.parse((JSON.parse(row) as MessageRow).received_at) >= before;
}

async function headOf(tx: Tx, org: string): Promise<number> {
  const head = await tx.get<{ offset: number }>('select "offset" from head where org = ?', org);
  return head?.offset ?? 0;
}
