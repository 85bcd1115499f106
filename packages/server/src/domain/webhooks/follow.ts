import type { Change, EventName } from '@roost/protocol';
import { z } from 'zod';
import { defineCommand, defineQuery } from '../../commands/index.ts';
import { isAmongMembers, namedEvents, type ToldEvent } from '../events/index.ts';

/** Entries of the log read at once. */
const ENTRIES_MAX_COUNT = 200;

/** Organisations whose log goes further than it was read for their webhooks. */
export interface Behind {
  readonly orgs: readonly string[];
  /** False where nobody has a webhook. */
  readonly isAny: boolean;
}

export const webhooksBehind = defineQuery({
  name: 'webhook.behind',
  input: z.object({}),
  may: { roles: [] },
  async run({ tx }): Promise<Behind> {
    const found = await tx.all<{ org: string; behind: number }>(
      `select webhook_position.org as org, case when head."offset" > webhook_position."offset" then 1 else 0 end as behind
         from webhook_position join head on head.org = webhook_position.org`,
    );
    return {
      orgs: found.filter(({ behind }) => behind === 1).map(({ org }) => org),
      isAny: found.length > 0,
    };
  },
});

const delivery = z.object({
  webhook_id: z.string(),
  id: z.string(),
  offset: z.int(),
  place: z.int(),
  event: z.string(),
  body: z.string(),
});
type NewDelivery = z.infer<typeof delivery>;

export interface Upcoming {
  readonly from: number;
  readonly to: number;
  readonly deliveries: readonly NewDelivery[];
  /** Entries that were trimmed from the log before anybody read them. */
  readonly lostCount: number;
  readonly isMore: boolean;
}

/** What the next entries of the log give the webhooks of an organisation; null where there is nothing to read. */
export const upcomingDeliveries = defineQuery({
  name: 'webhook.upcoming',
  input: z.object({}),
  may: { roles: [] },
  async run({ tx, org }): Promise<Upcoming | null> {
    const at = await tx.get<{ epoch: string; head: number; oldest: number; position: number }>(
      `select epoch, head."offset" as head, oldest, webhook_position."offset" as position
         from webhook_position join head on head.org = webhook_position.org where webhook_position.org = ?`,
      org,
    );
    if (!at || at.head <= at.position) return null;
    const entries = await tx.all<{ offset: number; at: number; changes: string }>(
      `select "offset", at, changes from log where org = ? and "offset" > ? order by "offset" limit ?`,
      org,
      at.position,
      ENTRIES_MAX_COUNT,
    );
    const stored = await tx.all<{ id: string; since_offset: number; events: string; inbox_ids: string }>(
      'select id, since_offset, events, inbox_ids from webhook where org = ? and active = 1 and paused_at is null',
      org,
    );
    const webhooks = stored.map(filterOf);
    const deliveries = entries.flatMap((entry) => deliveriesOf(org, at.epoch, entry, webhooks));
    const to = entries.at(-1)?.offset ?? at.head;
    const lostCount = Math.max(0, at.oldest - 1 - at.position);
    return { from: at.position, to, deliveries, lostCount, isMore: to < at.head };
  },
});

/**
 * Notes what is to be sent, and that the log was read as far as `to`. Both or neither, and only by whoever read from
 * where the log was read to: whatever stops or runs twice, each event is noted once.
 *
 * @returns false when somebody else was first
 */
export const noteDeliveries = defineCommand({
  name: 'webhook.note',
  input: z.object({ from: z.int(), to: z.int(), deliveries: z.array(delivery) }),
  may: { roles: [] },
  async run({ tx, org, now }, { from, to, deliveries }): Promise<boolean> {
    const position = await tx.get<{ offset: number }>(
      'select "offset" from webhook_position where org = ?',
      org,
    );
    if (position?.offset !== from) return false;
    await tx.run('update webhook_position set "offset" = ? where org = ?', to, org);
    if (deliveries.length === 0) return true;
    const there = new Set(
      (await tx.all<{ id: string }>('select id from webhook where org = ?', org)).map(({ id }) => id),
    );
    await tx.insertMany(
      'webhook_delivery',
      [
        'org',
        'webhook_id',
        'id',
        'offset',
        'place',
        'event',
        'body',
        'state',
        'attempts',
        'next_at',
        'begun_at',
        'created_at',
      ],
      deliveries
        .filter(({ webhook_id }) => there.has(webhook_id))
        .map((one) => [
          org,
          one.webhook_id,
          one.id,
          one.offset,
          one.place,
          one.event,
          one.body,
          'waiting',
          0,
          now,
          now,
          now,
        ]),
    );
    return true;
  },
});

interface Filter {
  readonly id: string;
  readonly since_offset: number;
  /** Empty for all. */
  readonly events: ReadonlySet<EventName>;
  readonly inboxes: ReadonlySet<string>;
}

function filterOf(of: { id: string; since_offset: number; events: string; inbox_ids: string }): Filter {
  return {
    id: of.id,
    since_offset: of.since_offset,
    events: new Set(JSON.parse(of.events)),
    inboxes: new Set(JSON.parse(of.inbox_ids)),
  };
}

function deliveriesOf(
  org: string,
  epoch: string,
  { offset, at, changes }: { offset: number; at: number; changes: string },
  webhooks: readonly Filter[],
): NewDelivery[] {
  const listening = webhooks.filter(({ since_offset }) => offset > since_offset);
  if (listening.length === 0) return [];
  const events = namedEvents({ at, changes: JSON.parse(changes) as Change[] });
  return events.flatMap((told, place) => {
    const wanted = listening.filter((filter) => wants(filter, told));
    if (wanted.length === 0) return [];
    const { event, data } = told.event;
    // The epoch is part of it: a restored store takes offsets again that it had taken before.
    const id = `${org}.${epoch}.${offset}.${place}`;
    const body = JSON.stringify({ id, event, offset, timestamp: new Date(at).toISOString(), data });
    return wanted.map(({ id: webhook_id }) => ({ webhook_id, id, offset, place, event, body }));
  });
}

function wants({ events, inboxes }: Filter, { event, audience }: ToldEvent): boolean {
  if (isAmongMembers(audience)) return false;
  if (events.size > 0 && !events.has(event.event)) return false;
  return inboxes.size === 0 || (audience.inbox_id !== null && inboxes.has(audience.inbox_id));
}
