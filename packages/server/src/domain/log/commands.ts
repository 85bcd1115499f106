import { z } from 'zod';
import { defineCommand } from '../../commands/index.ts';

/** Entries dropped by one call, so that a trim never holds the log for long. */
const TRIM_MAX_ENTRIES = 5_000;

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
  async run({ tx, org }, { before }): Promise<boolean> {
    const kept = await tx.get<{ first: number | null }>(
      'select min("offset") as first from log where org = ? and (at >= ? or "offset" = (select "offset" from head where org = ?))',
      org,
      before,
      org,
    );
    const head = await tx.get<{ oldest: number }>('select oldest from head where org = ?', org);
    await tx.run('delete from answer where org = ? and at < ?', org, before);
    if (!head || !kept?.first || kept.first <= head.oldest) return false;
    const oldest = Math.min(kept.first, head.oldest + TRIM_MAX_ENTRIES);
    await tx.run('delete from log where org = ? and "offset" < ?', org, oldest);
    await tx.run('update head set oldest = ? where org = ?', oldest, org);
    return oldest < kept.first;
  },
});
