import { domainPart, type MessageRow } from '@roost/protocol';
import { z } from 'zod';
import { ADMINS, defineQuery } from '../../commands/index.ts';
import { authorOf } from '../messages/author.ts';
import { PAST_EVERY_ID } from '../views/page.ts';

/** Rows that one page goes through, however few of them fit. */
const LOOKED_AT_MAX_COUNT = 2_000;
const PAGE_MAX_ROWS = 200;

const text = z.string().trim().toLowerCase().max(320).nullable().default(null);

export const quarantineFilter = z.object({
  /** Domain of a recipient. */
  domain: text,
  sender_domain: text,
  /** Found in the part of a recipient's address before the `@`. */
  recipient: text,
  /** ms since 1970; `from` counts, `until` does not. */
  from: z.int().nullable().default(null),
  until: z.int().nullable().default(null),
  /** `next` of the page above. */
  before: z.string().max(64).nullable().default(null),
  limit: z.int().min(1).max(PAGE_MAX_ROWS).default(50),
});
type Filter = z.output<typeof quarantineFilter>;

export interface QuarantinePage {
  readonly rows: readonly MessageRow[];
  /** Where to go on, also where a page is short because much was looked at in vain. */
  readonly next: string | null;
}

/** Mail in quarantine that fits, newest first. */
export const findQuarantined = defineQuery({
  name: 'quarantine.find',
  input: quarantineFilter,
  may: { roles: ADMINS, scope: 'read' },
  async run({ tx, org }, filter): Promise<QuarantinePage> {
    const looked = await tx.all<{ id: string; row: string }>(
      `select id, "row" from message where org = ? and decision = 'QUARANTINE' and id < ? order by id desc limit ?`,
      org,
      filter.before ?? PAST_EVERY_ID,
      LOOKED_AT_MAX_COUNT,
    );
    const rows: MessageRow[] = [];
    for (const { row } of looked) {
      const message = JSON.parse(row) as MessageRow;
      if (!fits(message, filter)) continue;
      if (rows.length === filter.limit) return { rows, next: rows.at(-1)?.id ?? null };
      rows.push(message);
    }
    return { rows, next: looked.length === LOOKED_AT_MAX_COUNT ? (looked.at(-1)?.id ?? null) : null };
  },
});

function fits({ to, from, received_at }: MessageRow, filter: Filter): boolean {
  const { domain, sender_domain, recipient } = filter;
  const at = Date.parse(received_at);
  if (filter.from !== null && at < filter.from) return false;
  if (filter.until !== null && at >= filter.until) return false;
  if (domain !== null && !to.some((address) => domainPart(address) === domain)) return false;
  if (sender_domain !== null && domainPart(authorOf(from).address) !== sender_domain) return false;
  return (
    recipient === null ||
    to.some((address) => address.slice(0, Math.max(0, address.lastIndexOf('@'))).includes(recipient))
  );
}
