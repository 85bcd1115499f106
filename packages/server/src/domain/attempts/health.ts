import { z } from 'zod';
import { ADMINS, defineQuery, type QueryContext } from '../../commands/index.ts';
import { type Attempt, hourOf } from './note.ts';

const HOURS = 24;
const HOUR_MS = 60 * 60_000;
const SENDERS_SHOWN = 20;

export interface DeliveryHealth {
  /** The last 24 hours, oldest first, also those in which nothing came; `at` is when it began, ms since 1970. */
  readonly hours: readonly { readonly at: number; readonly count: number; readonly refused_count: number }[];
  readonly outcomes: readonly {
    readonly way: Attempt['way'];
    readonly outcome: Attempt['outcome'];
    readonly count: number;
    readonly size_bytes: number;
  }[];
  /** Whose mail came most; '' for the many that were not told apart, and for mail without a sender. */
  readonly senders: readonly {
    readonly domain: string;
    readonly count: number;
    readonly size_bytes: number;
  }[];
  readonly storage: {
    readonly messages: number;
    /** Of mail in mailboxes. */
    readonly mail_bytes: number;
    readonly quarantined: number;
    /** Sources and files, each counted for every message that holds it. */
    readonly blobs: number;
  };
}

interface Sum {
  readonly count: number;
  readonly size_bytes: number;
}

/** How mail came in during the last day, and what it takes up. @param now  ms since 1970 */
export const readDeliveryHealth = defineQuery({
  name: 'ingest_attempt.health',
  input: z.object({ now: z.int() }),
  may: { roles: ADMINS, scope: 'admin' },
  async run(context, { now }): Promise<DeliveryHealth> {
    const { tx, org } = context;
    const first = hourOf(now) - HOURS + 1;
    const found = await tx.all<Pick<Attempt, 'way' | 'outcome'> & Sum & { hour: number }>(
      'select hour, way, outcome, count, size_bytes from ingest_hour where org = ? and hour >= ? order by hour, way, outcome',
      org,
      first,
    );
    const hours = Array.from({ length: HOURS }, (_, at) => {
      const of = found.filter(({ hour }) => hour === first + at);
      const refused = of.filter(({ outcome }) => outcome === 'refused');
      return { at: (first + at) * HOUR_MS, count: total(of).count, refused_count: total(refused).count };
    });
    const kinds = new Map(found.map(({ way, outcome }) => [`${way} ${outcome}`, { way, outcome }]));
    const outcomes = [...kinds.values()].map(({ way, outcome }) => ({
      way,
      outcome,
      ...total(found.filter((one) => one.way === way && one.outcome === outcome)),
    }));
    return { hours, outcomes, senders: await senders(context, first), storage: await storage(context) };
  },
});

async function senders({ tx, org }: QueryContext, first: number): Promise<DeliveryHealth['senders']> {
  const found = await tx.all<Sum & { domain: string }>(
    `select domain, sum(count) as count, sum(size_bytes) as size_bytes from ingest_sender
      where org = ? and hour >= ? group by domain order by sum(count) desc, domain limit ?`,
    org,
    first,
    SENDERS_SHOWN,
  );
  return found.map(({ domain, count, size_bytes }) => ({
    domain,
    count: Number(count),
    size_bytes: Number(size_bytes),
  }));
}

async function storage({ tx, org }: QueryContext): Promise<DeliveryHealth['storage']> {
  const count = async (from: string) => {
    const found = await tx.get<{ count: number }>(`select count(*) as count from ${from} org = ?`, org);
    return Number(found?.count ?? 0);
  };
  // The counters of mailboxes are exact, and there are few of them.
  const mailboxes = await tx.all<{ row: string }>('select "row" from mailbox where org = ?', org);
  return {
    messages: await count('message where'),
    mail_bytes: mailboxes.reduce((sum, { row }) => sum + (JSON.parse(row).size_bytes as number), 0),
    quarantined: await count(`message where decision = 'QUARANTINE' and`),
    blobs: await count('blob_reference where'),
  };
}

function total(sums: readonly Sum[]): Sum {
  return {
    count: sums.reduce((sum, one) => sum + one.count, 0),
    size_bytes: sums.reduce((sum, one) => sum + one.size_bytes, 0),
  };
}
