import { type DecidedBy, Failure } from '@roost/protocol';
import { z } from 'zod';
import { ADMINS, defineQuery } from '../../commands/index.ts';
import { PAST_EVERY_ID } from '../views/page.ts';

const PAGE_MAX_ROWS = 200;

/** All that is kept of a mail that was dropped. */
export interface Dropped {
  readonly id: string;
  /** ms since 1970. */
  readonly at: number;
  readonly inbox_id: string;
  readonly sender: string;
  readonly recipients: readonly string[];
  readonly subject: string;
  readonly size_bytes: number;
  readonly decided_by: DecidedBy | null;
}

/** Mail that was dropped, newest first, with what decided so. */
export const listDropped = defineQuery({
  name: 'dropped.list',
  input: z.object({
    /** `next` of the page above. */
    before: z.string().max(64).nullable().default(null),
    limit: z.int().min(1).max(PAGE_MAX_ROWS).default(50),
  }),
  may: { roles: ADMINS, scope: 'read' },
  async run({ tx, org }, { before, limit }): Promise<{ rows: Dropped[]; next: string | null }> {
    if (before !== null && !/^[\w-]+$/.test(before)) throw new Failure('cursor.malformed');
    const found = await tx.all<Omit<Dropped, 'recipients' | 'decided_by'> & Stored>(
      `select id, at, inbox_id, sender, recipients, subject, size_bytes, decided_by from dropped
        where org = ? and id < ? order by id desc limit ?`,
      org,
      before ?? PAST_EVERY_ID,
      limit + 1,
    );
    const rows = found.slice(0, limit).map(({ recipients, decided_by, ...row }) => ({
      ...row,
      recipients: recipients.split(' ').filter((address) => address !== ''),
      decided_by: JSON.parse(decided_by),
    }));
    return { rows, next: found.length > limit ? (rows.at(-1)?.id ?? null) : null };
  },
});

interface Stored {
  readonly recipients: string;
  readonly decided_by: string;
}
