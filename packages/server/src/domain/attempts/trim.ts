import { z } from 'zod';
import { defineCommand } from '../../commands/index.ts';
import { hourOf } from './note.ts';

/** An organisation keeps no more, however young they are. */
export const ATTEMPTS_KEPT_COUNT = 100_000;
/** Dropped by one call, so that a trim never holds the store for long. */
const TRIM_MAX_COUNT = 5_000;
const FIGURES_KEPT_HOURS = 48;

/** Forgets attempts from before `before` (ms since 1970), and those past what is kept. @returns whether there is more */
export const trimAttempts = defineCommand({
  name: 'ingest_attempt.trim',
  input: z.object({ before: z.int(), keep: z.int().min(0).default(ATTEMPTS_KEPT_COUNT) }),
  may: { roles: [] },
  async run({ tx, org, now }, { before, keep }): Promise<boolean> {
    for (const table of ['ingest_hour', 'ingest_sender'])
      await tx.run(`delete from ${table} where org = ? and hour < ?`, org, hourOf(now) - FIGURES_KEPT_HOURS);
    const newestPast = await tx.get<{ at: number }>(
      'select at from ingest_attempt where org = ? order by at desc, id desc limit 1 offset ?',
      org,
      keep,
    );
    // Those of one instant go together: a few more than must.
    const until = Math.max(before, newestPast ? newestPast.at + 1 : before);
    const last = await tx.get<{ at: number; id: string }>(
      'select at, id from ingest_attempt where org = ? and at < ? order by at, id limit 1 offset ?',
      org,
      until,
      TRIM_MAX_COUNT,
    );
    if (last)
      await tx.run('delete from ingest_attempt where org = ? and (at, id) <= (?, ?)', org, last.at, last.id);
    else await tx.run('delete from ingest_attempt where org = ? and at < ?', org, until);
    return last !== undefined;
  },
});
