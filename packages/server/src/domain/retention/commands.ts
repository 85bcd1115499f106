import { z } from 'zod';
import { ADMINS, type CommandContext, defineCommand, defineQuery } from '../../commands/index.ts';
import { type Retention, retentionOf } from './ages.ts';

/** Rows dropped by one call, so that a trim never holds the store for long. */
const TRIM_MAX_COUNT = 1_000;

const days = z.int().min(1).max(36_500).nullable();

/** How long the organisation keeps mail where neither inbox nor mailbox says so, and mail in quarantine. */
export const keepRetention = defineCommand({
  name: 'retention.keep',
  input: z.object({ mail_days: days, quarantine_days: days }),
  may: { roles: ADMINS, scope: 'admin' },
  audited: ({ mail_days, quarantine_days }) => ({ mail_days, quarantine_days }),
  async run({ tx, org }, { mail_days, quarantine_days }): Promise<Retention> {
    await tx.run('delete from retention where org = ?', org);
    await tx.insertMany(
      'retention',
      ['org', 'mail_days', 'quarantine_days'],
      [[org, mail_days, quarantine_days]],
    );
    return { mail_days, quarantine_days };
  },
});

export const readRetention = defineQuery({
  name: 'retention.read',
  input: z.object({}),
  may: { roles: ADMINS, scope: 'admin' },
  run: ({ tx, org }): Promise<Retention> => retentionOf(tx, org),
});

/** Drops what the audit holds from before `before` (ms since 1970). @returns whether there is more */
export const trimAudit = defineCommand({
  name: 'audit.trim',
  input: z.object({ before: z.int() }),
  may: { roles: [] },
  async run(context, { before }): Promise<boolean> {
    const { tx, org } = context;
    // By offset, which several rows may share: all of one command go together.
    const last = await tx.get<{ offset: number }>(
      'select "offset" from audit where org = ? and at < ? order by at limit 1 offset ?',
      org,
      before,
      TRIM_MAX_COUNT,
    );
    if (!last) {
      await tx.run('delete from audit where org = ? and at < ?', org, before);
      return false;
    }
    await tx.run('delete from audit where org = ? and at < ? and "offset" <= ?', org, before, last.offset);
    return true;
  },
});

/** Drops the records of mail that was dropped before `before` (ms since 1970). @returns whether there is more */
export const trimDropped = defineCommand({
  name: 'dropped.trim',
  input: z.object({ before: z.int() }),
  may: { roles: [] },
  run: (context, { before }): Promise<boolean> => trimById(context, 'dropped', before),
});

async function trimById({ tx, org }: CommandContext, table: 'dropped', before: number): Promise<boolean> {
  await tx.run(
    `delete from ${table} where org = ? and id in
       (select id from ${table} where org = ? and at < ? order by at limit ${TRIM_MAX_COUNT})`,
    org,
    org,
    before,
  );
  const left = await tx.get(`select 1 as one from ${table} where org = ? and at < ? limit 1`, org, before);
  return left !== undefined;
}
