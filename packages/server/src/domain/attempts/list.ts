import { Failure } from '@roost/protocol';
import { z } from 'zod';
import { ADMINS, defineQuery } from '../../commands/index.ts';
import type { Value } from '../../store/database.ts';
import type { Attempt } from './note.ts';

const PAGE_MAX_ROWS = 200;
/** Rows that one page goes through, however few of them fit. */
const LOOKED_AT_MAX_COUNT = 5_000;

export const attemptOutcome = z.enum(['stored', 'repeated', 'quarantined', 'dropped', 'refused']);
export const attemptWay = z.enum(['smtp', 'http', 'pipe']);

export type AttemptListed = Attempt & { readonly id: string };

/** What came to the door and what became of it, newest first. @throws cursor.malformed */
export const listAttempts = defineQuery({
  name: 'ingest_attempt.list',
  input: z.object({
    outcome: attemptOutcome.nullable().default(null),
    way: attemptWay.nullable().default(null),
    /** Found in the sender's address. */
    sender: z.string().trim().toLowerCase().max(320).nullable().default(null),
    /** Found in a recipient's address. */
    recipient: z.string().trim().toLowerCase().max(320).nullable().default(null),
    /** `next` of the page above. */
    before: z.string().max(100).nullable().default(null),
    limit: z.int().min(1).max(PAGE_MAX_ROWS).default(50),
  }),
  may: { roles: ADMINS, scope: 'admin' },
  async run({ tx, org }, filter): Promise<{ rows: AttemptListed[]; next: string | null }> {
    const below = filter.before === null ? null : placeOf(filter.before);
    const looked = await tx.all<Omit<AttemptListed, 'recipients'> & { recipients: string }>(
      `select at, id, way, sender, recipients, size_bytes, outcome, code, says from ingest_attempt
        where org = ? ${below ? 'and (at, id) < (?, ?)' : ''} order by at desc, id desc limit ?`,
      org,
      ...((below ?? []) as Value[]),
      LOOKED_AT_MAX_COUNT,
    );
    const { outcome, way, sender, recipient, limit } = filter;
    const rows: AttemptListed[] = [];
    for (const { recipients, ...one } of looked) {
      if (outcome !== null && one.outcome !== outcome) continue;
      if (way !== null && one.way !== way) continue;
      if (sender !== null && !one.sender.toLowerCase().includes(sender)) continue;
      if (recipient !== null && !recipients.includes(recipient)) continue;
      if (rows.length === limit) return { rows, next: cursorOf(rows.at(-1)) };
      rows.push({ ...one, recipients: recipients.split(' ').filter((address) => address !== '') });
    }
    return { rows, next: looked.length === LOOKED_AT_MAX_COUNT ? cursorOf(looked.at(-1)) : null };
  },
});

function cursorOf(last: { readonly at: number; readonly id: string } | undefined): string | null {
  return last ? `${last.at}.${last.id}` : null;
}

function placeOf(before: string): [number, string] {
  const [, at, id] = /^(\d{1,15})\.(\w{1,64})$/.exec(before) ?? [];
  if (at === undefined || id === undefined) throw new Failure('cursor.malformed');
  return [Number(at), id];
}
