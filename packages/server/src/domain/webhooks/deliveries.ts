import { Failure } from '@roost/protocol';
import { z } from 'zod';
import { ADMINS, defineCommand, defineQuery } from '../../commands/index.ts';
import type { Tables } from '../../store/tables.ts';
import { knownWebhook, type StoredWebhook, type Webhook, webhookOf } from './webhook.ts';

const may = { roles: ADMINS, scope: 'admin' } as const;
const PAGE_MAX_ROWS = 200;
const TRIM_MAX_COUNT = 1_000;

export const deliveryState = z.enum(['waiting', 'sending', 'delivered', 'failed']);

/** One event on its way to one webhook, or there. Times are ms since 1970. */
export type Delivery = Pick<
  Tables['webhook_delivery'],
  | 'id'
  | 'offset'
  | 'event'
  | 'state'
  | 'attempts'
  | 'next_at'
  | 'created_at'
  | 'answered'
  | 'says'
  | 'settled_at'
> & {
  /** JSON text, as it is sent. */
  readonly body: string;
};

export const listWebhooks = defineQuery({
  name: 'webhook.list',
  input: z.object({}),
  may,
  async run({ tx, org }): Promise<Webhook[]> {
    const stored = await tx.all<StoredWebhook>('select * from webhook where org = ? order by id', org);
    return stored.map(webhookOf);
  },
});

/** @throws webhook.unknown */
export const readWebhook = defineQuery({
  name: 'webhook.read',
  input: z.object({ webhook_id: z.string() }),
  may,
  run: async ({ tx, org }, { webhook_id }): Promise<Webhook> =>
    webhookOf(await knownWebhook(tx, org, webhook_id)),
});

/** What was sent to a webhook, and is to be: the newest first. @throws webhook.unknown; cursor.malformed */
export const listDeliveries = defineQuery({
  name: 'webhook.deliveries',
  input: z.object({
    webhook_id: z.string(),
    state: deliveryState.nullable(),
    /** `next` of the page above. */
    before: z.string().max(100).nullable(),
    limit: z.int().min(1).max(PAGE_MAX_ROWS),
  }),
  may,
  async run({ tx, org }, { webhook_id, state, before, limit }) {
    await knownWebhook(tx, org, webhook_id);
    const below = before === null ? null : placeOf(before);
    const found = await tx.all<Delivery & { place: number }>(
      `select id, "offset", place, event, body, state, attempts, next_at, created_at, answered, says, settled_at
         from webhook_delivery where org = ? and webhook_id = ? ${state === null ? '' : 'and state = ?'}
         ${below ? 'and ("offset", place) < (?, ?)' : ''} order by "offset" desc, place desc limit ?`,
      org,
      webhook_id,
      ...(state === null ? [] : [state]),
      ...(below ?? []),
      limit + 1,
    );
    const rows = found.slice(0, limit);
    const last = found.length > limit ? rows.at(-1) : undefined;
    return {
      rows: rows.map(({ place: _, ...row }): Delivery => row),
      next: last ? `${last.offset}.${last.place}` : null,
    };
  },
});

/** Sends it once more, with the same id. @throws webhook.unknown, delivery.unknown; request.invalid  it is under way */
export const redeliver = defineCommand({
  name: 'webhook.redeliver',
  input: z.object({ webhook_id: z.string().max(64), delivery_id: z.string().max(200) }),
  may,
  async run({ tx, org, now }, { webhook_id, delivery_id }) {
    await knownWebhook(tx, org, webhook_id);
    const row = await tx.get<{ state: string }>(
      'select state from webhook_delivery where org = ? and webhook_id = ? and id = ?',
      org,
      webhook_id,
      delivery_id,
    );
    if (!row) throw new Failure('delivery.unknown');
    if (row.state === 'sending')
      throw new Failure('request.invalid', 'It is being sent at this moment; look again shortly.');
    await tx.run(
      `update webhook_delivery set state = 'waiting', attempts = 0, next_at = ?, begun_at = ?, settled_at = null
        where org = ? and webhook_id = ? and id = ?`,
      now,
      now,
      org,
      webhook_id,
      delivery_id,
    );
  },
});

/** Forgets what is older than `before`. @returns whether there is more */
export const trimDeliveries = defineCommand({
  name: 'webhook.trim',
  input: z.object({ before: z.int() }),
  may: { roles: [] },
  async run({ tx, org }, { before }): Promise<boolean> {
    const old = await tx.all<{ webhook_id: string; id: string }>(
      `select webhook_id, id from webhook_delivery where org = ? and created_at < ? and state <> 'sending'
        order by created_at limit ?`,
      org,
      before,
      TRIM_MAX_COUNT,
    );
    for (const { webhook_id, id } of old)
      await tx.run(
        'delete from webhook_delivery where org = ? and webhook_id = ? and id = ?',
        org,
        webhook_id,
        id,
      );
    return old.length === TRIM_MAX_COUNT;
  },
});

function placeOf(before: string): [number, number] {
  const [, offset, place] = /^(\d{1,15})\.(\d{1,6})$/.exec(before) ?? [];
  if (offset === undefined || place === undefined) throw new Failure('cursor.malformed');
  return [Number(offset), Number(place)];
}
