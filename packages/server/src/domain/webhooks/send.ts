import { z } from 'zod';
import { type CommandContext, defineCommand, defineQuery } from '../../commands/index.ts';
import type { Tables } from '../../store/tables.ts';

/** Trying is over after it, and the delivery has failed. */
export const TRIED_MAX_MS = 3 * 24 * 3_600_000;
/** A webhook that took nothing for so long is paused. */
export const FAILING_MAX_MS = 3 * 24 * 3_600_000;

export interface DueDelivery {
  readonly org: string;
  readonly webhook_id: string;
  readonly id: string;
}

/** What may be sent now, of all organisations, the longest waiting first; also what somebody began to send and never settled. */
export const dueDeliveries = defineQuery({
  name: 'webhook.due',
  input: z.object({
    now: z.int(),
    /** Webhooks that have all they may have at once. */
    without: z.array(z.string()).max(500),
    limit: z.int().min(1).max(500),
  }),
  may: { roles: [] },
  async run({ tx }, { now, without, limit }): Promise<DueDelivery[]> {
    const elsewhere =
      without.length === 0 ? '' : `and d.webhook_id not in (${without.map(() => '?').join(', ')})`;
    return tx.all<DueDelivery>(
      `select d.org, d.webhook_id, d.id from webhook_delivery d
         join webhook w on w.org = d.org and w.id = d.webhook_id
        where d.state in ('waiting', 'sending') and d.next_at <= ? and w.active = 1 and w.paused_at is null ${elsewhere}
        order by d.next_at, d."offset", d.place limit ?`,
      now,
      ...without,
      limit,
    );
  },
});

const whichDelivery = z.object({ webhook_id: z.string(), id: z.string() });

export interface ClaimedDelivery {
  readonly org: string;
  readonly webhook_id: string;
  readonly id: string;
  readonly url: string;
  readonly secret: string;
  readonly body: string;
  /** This one counts; names it when its outcome is told. */
  readonly attempts: number;
}

/** Takes deliveries for an attempt, for `lease_ms`: of several nodes one gets each. */
export const claimDeliveries = defineCommand({
  name: 'webhook.claim',
  input: z.object({ deliveries: z.array(whichDelivery).min(1).max(500), lease_ms: z.int().min(1) }),
  may: { roles: [] },
  async run(context, { deliveries, lease_ms }): Promise<ClaimedDelivery[]> {
    const { tx, org, now } = context;
    const claimed: ClaimedDelivery[] = [];
    for (const { webhook_id, id } of deliveries) {
      const row = await tx.get<{ url: string; secret: string; body: string; attempts: number }>(
        `select url, secret, body, attempts from webhook_delivery d join webhook w on w.org = d.org and w.id = webhook_id
          where d.org = ? and webhook_id = ? and d.id = ? and state in ('waiting', 'sending') and next_at <= ?
            and active = 1 and paused_at is null`,
        org,
        webhook_id,
        id,
        now,
      );
      if (!row) continue;
      const attempts = row.attempts + 1;
      await tx.run(
        `update webhook_delivery set state = 'sending', attempts = ?, next_at = ? where org = ? and webhook_id = ? and id = ?`,
        attempts,
        now + lease_ms,
        org,
        webhook_id,
        id,
      );
      claimed.push({ org, webhook_id, id, url: row.url, secret: row.secret, body: row.body, attempts });
    }
    return claimed;
  },
});

const outcome = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('delivered'), answered: z.int(), says: z.string().nullable() }),
  z.object({
    kind: z.literal('refused'),
    answered: z.int().nullable(),
    says: z.string(),
    /** When it is tried again. */
    after_ms: z.int().min(0),
    /** The receiver wants nothing of this webhook any more. */
    is_gone: z.boolean(),
  }),
  /** The attempt was broken off by us: it is nobody's failure. */
  z.object({ kind: z.literal('broken_off') }),
]);
export type DeliveryOutcome = z.infer<typeof outcome>;

/** Records what became of an attempt, unless a newer one replaced it. @returns whether the delivery is over */
export const settleDelivery = defineCommand({
  name: 'webhook.settle',
  input: whichDelivery.extend({ attempts: z.int(), outcome }),
  may: { roles: [] },
  async run(context, { webhook_id, id, attempts, outcome }): Promise<boolean> {
    const { tx, org, now } = context;
    const row = await tx.get<Pick<Tables['webhook_delivery'], 'state' | 'attempts' | 'begun_at'>>(
      'select state, attempts, begun_at from webhook_delivery where org = ? and webhook_id = ? and id = ?',
      org,
      webhook_id,
      id,
    );
    if (row?.state !== 'sending' || row.attempts !== attempts) return false;
    const move = mover(context, webhook_id, id);
    if (outcome.kind === 'broken_off') {
      await move({ state: 'waiting', next_at: now, attempts: attempts - 1 });
      return false;
    }
    const { answered, says } = outcome;
    if (outcome.kind === 'delivered') {
      await move({ state: 'delivered', answered, says, settled_at: now });
      await tx.run(
        'update webhook set failing_since = null, problem = null where org = ? and id = ? and failing_since is not null',
        org,
        webhook_id,
      );
      return true;
    }
    const isOver = now + outcome.after_ms >= row.begun_at + TRIED_MAX_MS;
    if (isOver) await move({ state: 'failed', answered, says, settled_at: now });
    else await move({ state: 'waiting', next_at: now + outcome.after_ms, answered, says });
    await noteFailure(context, webhook_id, says ?? '', outcome.is_gone);
    return isOver;
  },
});

function mover({ tx, org }: CommandContext, webhookId: string, id: string) {
  return (to: Partial<Tables['webhook_delivery']>): Promise<void> => {
    const set = Object.keys(to).map((column) => `${column} = ?`);
    return tx.run(
      `update webhook_delivery set ${set.join(', ')} where org = ? and webhook_id = ? and id = ?`,
      ...Object.values(to),
      org,
      webhookId,
      id,
    );
  };
}

/** A webhook that takes nothing is paused in the end, and says why. */
async function noteFailure(
  { tx, org, now }: CommandContext,
  webhookId: string,
  says: string,
  isGone: boolean,
): Promise<void> {
  const webhook = await tx.get<{ failing_since: number | null }>(
    'select failing_since from webhook where org = ? and id = ?',
    org,
    webhookId,
  );
  const since = webhook?.failing_since ?? now;
  const isPaused = isGone || now - since >= FAILING_MAX_MS;
  const why = isGone
    ? 'Paused: the receiver answered 410, it wants no more of this.'
    : `Paused: nothing was taken since ${new Date(since).toISOString()}. At last: ${says}`;
  await tx.run(
    'update webhook set failing_since = ?, paused_at = ?, problem = ? where org = ? and id = ?',
    since,
    isPaused ? now : null,
    isPaused ? why : says,
    org,
    webhookId,
  );
}
