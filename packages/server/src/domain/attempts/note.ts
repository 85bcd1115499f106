import { domainPart } from '@roost/protocol';
import { z } from 'zod';
import { type CommandContext, defineCommand } from '../../commands/index.ts';

export const ATTEMPTS_AT_ONCE = 500;
/** Told apart within one hour; the rest is one. Senders make up domains at will. */
const SENDER_DOMAINS_MAX = 1_000;
const OTHERS = '';
const HOUR_MS = 60 * 60_000;

export const attempt = z.object({
  /** ms since 1970. */
  at: z.int(),
  way: z.enum(['smtp', 'http', 'pipe']),
  /** '' where none was named. */
  sender: z.string().max(320),
  recipients: z.array(z.string().max(320)).max(100),
  size_bytes: z.int().min(0),
  outcome: z.enum(['stored', 'repeated', 'quarantined', 'dropped', 'refused']),
  /** Failure that it was refused with. */
  code: z.string().max(100).nullable(),
  /** Why, as its sender was told. */
  says: z.string().max(1_000).nullable(),
});
export type Attempt = z.output<typeof attempt>;

/** Keeps what came to the door, after what became of it is done. */
export const noteAttempts = defineCommand({
  name: 'ingest_attempt.note',
  input: z.object({ attempts: z.array(attempt).min(1).max(ATTEMPTS_AT_ONCE) }),
  may: { roles: [] },
  async run(context, { attempts }): Promise<void> {
    const { tx, org } = context;
    await tx.insertMany(
      'ingest_attempt',
      ['org', 'at', 'id', 'way', 'sender', 'recipients', 'size_bytes', 'outcome', 'code', 'says'],
      attempts.map(({ at, way, sender, recipients, size_bytes, outcome, code, says }) => [
        org,
        at,
        context.newId(),
        way,
        sender,
        recipients.join(' '),
        size_bytes,
        outcome,
        code,
        says,
      ]),
    );
    await countHours(context, attempts);
    await countSenders(context, attempts);
  },
});

export function hourOf(ms: number): number {
  return Math.floor(ms / HOUR_MS);
}

async function countHours({ tx, org }: CommandContext, attempts: readonly Attempt[]): Promise<void> {
  for (const { hour, key, count, size_bytes } of summed(attempts, (one) => `${one.way} ${one.outcome}`)) {
    const [way = '', outcome = ''] = key.split(' ');
    await tx.run(
      `insert into ingest_hour (org, hour, way, outcome, count, size_bytes) values (?, ?, ?, ?, ?, ?)
         on conflict (org, hour, way, outcome) do update
         set count = ingest_hour.count + excluded.count, size_bytes = ingest_hour.size_bytes + excluded.size_bytes`,
      org,
      hour,
      way,
      outcome,
      count,
      size_bytes,
    );
  }
}

async function countSenders({ tx, org }: CommandContext, attempts: readonly Attempt[]): Promise<void> {
  for (const { hour, key, count, size_bytes } of summed(attempts, ({ sender }) => domainPart(sender))) {
    const domain = (await isToldApart({ tx, org }, hour, key)) ? key : OTHERS;
    await tx.run(
      `insert into ingest_sender (org, hour, domain, count, size_bytes) values (?, ?, ?, ?, ?)
         on conflict (org, hour, domain) do update
         set count = ingest_sender.count + excluded.count, size_bytes = ingest_sender.size_bytes + excluded.size_bytes`,
      org,
      hour,
      domain,
      count,
      size_bytes,
    );
  }
}

async function isToldApart(
  { tx, org }: Pick<CommandContext, 'tx' | 'org'>,
  hour: number,
  domain: string,
): Promise<boolean> {
  const known = await tx.get(
    'select 1 as one from ingest_sender where org = ? and hour = ? and domain = ?',
    org,
    hour,
    domain,
  );
  if (known) return true;
  const full = await tx.get(
    'select 1 as one from ingest_sender where org = ? and hour = ? limit 1 offset ?',
    org,
    hour,
    SENDER_DOMAINS_MAX,
  );
  return full === undefined;
}

interface Sum {
  readonly hour: number;
  readonly key: string;
  count: number;
  size_bytes: number;
}

/** In an order that two writers share, so that neither waits for a row the other holds. */
function summed(attempts: readonly Attempt[], keyOf: (one: Attempt) => string): Sum[] {
  const sums = new Map<string, Sum>();
  for (const one of attempts) {
    const [hour, key] = [hourOf(one.at), keyOf(one)];
    const sum = sums.get(`${hour} ${key}`) ?? { hour, key, count: 0, size_bytes: 0 };
    sum.count += 1;
    sum.size_bytes += one.size_bytes;
    sums.set(`${hour} ${key}`, sum);
  }
  return [...sums.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum);
}
