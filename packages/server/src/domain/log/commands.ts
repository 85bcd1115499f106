import { z } from 'zod';
import { type CommandContext, defineCommand } from '../../commands/index.ts';

/** Entries, and remembered answers, dropped by one call, so that a trim never holds the log for long. */
const TRIM_MAX_COUNT = 5_000;

/**
 * Drops log entries older than `before` (ms since 1970), and the answers remembered for as long.
 * The newest entry stays. Cursors from before the oldest entry then get a snapshot.
 *
 * @returns whether there is more to drop
 */
export const trimLog = defineCommand({
  name: 'log.trim',
  input: z.object({ before: z.int() }),
  may: { roles: [] },
  async run(context, { before }): Promise<boolean> {
    const moreEntries = await trimEntries(context, before);
    const moreAnswers = await trimAnswers(context, before);
    return moreEntries || moreAnswers;
  },
});

async function trimEntries({ tx, org }: CommandContext, before: number): Promise<boolean> {
  const head = await tx.get<{ offset: number; oldest: number }>(
    'select "offset", oldest from head where org = ?',
    org,
  );
  if (!head) return false;
  // Never further than this, however old: what lies beyond is not even looked at.
  const reach = Math.min(head.oldest + TRIM_MAX_COUNT, head.offset);
  const young = await tx.get<{ first: number | null }>(
    'select min("offset") as first from log where org = ? and "offset" >= ? and "offset" < ? and at >= ?',
    org,
    head.oldest,
    reach,
    before,
  );
  const oldest = young?.first ?? reach;
  if (oldest <= head.oldest) return false;
  await tx.run('delete from log where org = ? and "offset" < ?', org, oldest);
  await tx.run('update head set oldest = ? where org = ?', oldest, org);
  return oldest === reach && reach < head.offset;
}

async function trimAnswers({ tx, org }: CommandContext, before: number): Promise<boolean> {
  await tx.run(
    `delete from answer where org = ? and id in
       (select id from answer where org = ? and at < ? order by at limit ${TRIM_MAX_COUNT})`,
    org,
    org,
    before,
  );
  const left = await tx.get('select 1 as one from answer where org = ? and at < ? limit 1', org, before);
  return left !== undefined;
}
