import { z } from 'zod';
import { defineQuery, type LogEntry } from '../../commands/index.ts';

/** Where an organisation's log stands. `oldest` is the first offset that can still be read. */
export interface Head {
  readonly org: string;
  readonly epoch: string;
  readonly offset: number;
  readonly oldest: number;
}

/** The heads of these organisations; those that do not exist are left out. */
export const readHeads = defineQuery({
  name: 'log.heads',
  input: z.object({ orgs: z.array(z.string()) }),
  may: { roles: [] },
  async run({ tx }, { orgs }): Promise<Head[]> {
    if (orgs.length === 0) return [];
    const marks = orgs.map(() => '?').join(', ');
    return tx.all<Head>(`select org, epoch, "offset", oldest from head where org in (${marks})`, ...orgs);
  },
});

/** Entries after `after`, oldest first, at most `limit`, with the head of the same moment. */
export const readLog = defineQuery({
  name: 'log.read',
  input: z.object({ after: z.int().min(0), limit: z.int().min(1) }),
  may: { roles: [] },
  async run({ tx, org }, { after, limit }): Promise<{ head: Head; entries: LogEntry[] } | null> {
    const head = await tx.get<Head>('select org, epoch, "offset", oldest from head where org = ?', org);
    if (!head) return null;
    const entries = await tx.all<LogEntry>(
      'select org, "offset", at, actor, changes from log where org = ? and "offset" > ? order by "offset" limit ?',
      org,
      after,
      limit,
    );
    return { head, entries: entries.map((entry) => ({ ...entry, epoch: head.epoch })) };
  },
});
