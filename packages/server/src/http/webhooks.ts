import { eventName } from '@roost/protocol/schema';
import { z } from 'zod';
import {
  commands,
  type Delivery,
  deliveryState,
  queries,
  type Webhook,
  webhookFields,
} from '../domain/index.ts';
import type { HttpNeeds } from './needs.ts';
import { isoTime } from './opened.ts';
import { idParam, type Route, route } from './route.ts';

const time = z.iso.datetime();
const webhook = z.object({
  id: z.string(),
  name: z.string(),
  url: z.string(),
  events: z.array(eventName).describe('Empty for all.'),
  inbox_ids: z.array(z.string()).describe('Empty for everything; otherwise events of these inboxes only.'),
  active: z.boolean(),
  created_at: time,
  failing_since: time.nullable(),
  paused_at: time.nullable().describe('Nothing is sent since then. Set `active` to go on.'),
  problem: z.string().nullable().describe('What is wrong with it, in words.'),
});
const secret = z.string().describe('`whsec_…`, told this once: the receiver checks signatures with it.');
const newWebhook = z.object({
  name: webhookFields.name,
  url: webhookFields.url,
  events: webhookFields.events.default([]),
  inbox_ids: webhookFields.inbox_ids.default([]),
});
const change = z.object(webhookFields).partial().extend({ active: z.boolean().optional() });
const delivery = z.object({
  id: z.string().describe('The header `webhook-id`: the same for every attempt.'),
  offset: z.int().describe('Place in the log of what it tells of.'),
  event: z.string(),
  state: deliveryState,
  attempts: z.int(),
  next_at: time.nullable().describe('When it is tried again.'),
  created_at: time,
  settled_at: time.nullable(),
  answered: z.int().nullable().describe('Status of the last answer; null where none came.'),
  says: z.string().nullable().describe('What the receiver said, or why it could not be reached.'),
  body: z.record(z.string(), z.unknown()),
});
const deliveries = z.object({ rows: z.array(delivery), next: z.string().nullable(), has_more: z.boolean() });
const HOW = `Each delivery is a POST of \`{id, event, offset, timestamp, data}\`, signed as
[Standard Webhooks](https://www.standardwebhooks.com) ask: headers \`webhook-id\`, \`webhook-timestamp\`,
\`webhook-signature\`. It is tried for three days until it is answered with 2xx, and may come more than once, with the
same id. Order is not promised; \`offset\` tells it. What members say among themselves is never sent.`;

/** Other programs that hear of events. */
export function webhookRoutes({ bus, webhookSecret }: HttpNeeds): Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/v1/webhooks',
      tag: 'Webhooks',
      summary: 'Webhooks of the organisation',
      description: HOW,
      may: queries.listWebhooks.may,
      answers: { 200: z.object({ rows: z.array(webhook) }) },
      errors: [],
      async handle({ caller: { org, actor } }) {
        return { rows: (await bus.query(queries.listWebhooks, { org, actor, input: {} })).map(shown) };
      },
    }),

    route({
      method: 'POST',
      path: '/api/v1/webhooks',
      tag: 'Webhooks',
      summary: 'Add a webhook',
      description: HOW,
      may: commands.addWebhook.may,
      body: newWebhook,
      answers: { 201: webhook.extend({ secret }) },
      errors: ['inbox.unknown'],
      // The answer holds a secret, which is told nowhere again: the same again adds another.
      write: false,
      async handle({ caller: { org, actor }, body, reply }) {
        const made = webhookSecret();
        const input = { ...body, secret: made };
        const { result } = await bus.execute(commands.addWebhook, { org, actor, input });
        reply.header('cache-control', 'no-store');
        return { ...shown(result), secret: made };
      },
    }),

    route({
      method: 'GET',
      path: '/api/v1/webhooks/:id',
      tag: 'Webhooks',
      summary: 'A webhook',
      may: queries.readWebhook.may,
      params: idParam,
      answers: { 200: webhook },
      errors: ['webhook.unknown'],
      async handle({ caller: { org, actor }, params }) {
        return shown(await bus.query(queries.readWebhook, { org, actor, input: { webhook_id: params.id } }));
      },
    }),

    route({
      method: 'PATCH',
      path: '/api/v1/webhooks/:id',
      tag: 'Webhooks',
      summary: 'Change a webhook, stop it, or go on',
      description: 'What happened while it was stopped or paused is not sent.',
      may: commands.updateWebhook.may,
      params: idParam,
      body: change,
      answers: { 200: webhook },
      errors: ['webhook.unknown', 'inbox.unknown'],
      write: true,
      async handle({ caller: { org, actor }, params, body, writeId }) {
        const input = { webhook_id: params.id, ...body };
        const { result } = await bus.execute(commands.updateWebhook, { org, actor, input, id: writeId });
        return shown(result);
      },
    }),

    route({
      method: 'DELETE',
      path: '/api/v1/webhooks/:id',
      tag: 'Webhooks',
      summary: 'Remove a webhook and what is known of its deliveries',
      may: commands.removeWebhook.may,
      params: idParam,
      answers: { 204: null },
      errors: ['webhook.unknown'],
      write: false,
      async handle({ caller: { org, actor }, params }) {
        await bus.execute(commands.removeWebhook, { org, actor, input: { webhook_id: params.id } });
      },
    }),

    route({
      method: 'POST',
      path: '/api/v1/webhooks/:id/secret',
      tag: 'Webhooks',
      summary: 'Make a new secret',
      description: 'The one before signs nothing any more, from the next delivery on.',
      may: commands.rotateWebhookSecret.may,
      params: idParam,
      answers: { 200: z.object({ secret }) },
      errors: ['webhook.unknown'],
      write: false,
      async handle({ caller: { org, actor }, params, reply }) {
        const made = webhookSecret();
        const input = { webhook_id: params.id, secret: made };
        await bus.execute(commands.rotateWebhookSecret, { org, actor, input });
        reply.header('cache-control', 'no-store');
        return { secret: made };
      },
    }),

    route({
      method: 'GET',
      path: '/api/v1/webhooks/:id/deliveries',
      tag: 'Webhooks',
      summary: 'What was sent, and what became of it',
      description: 'The newest first, of the last seven days.',
      may: queries.listDeliveries.may,
      params: idParam,
      query: z.object({
        state: deliveryState.optional(),
        before: z.string().max(100).optional().describe('`next` of the page above.'),
        limit: z.coerce.number().int().min(1).max(200).default(50),
      }),
      answers: { 200: deliveries },
      errors: ['webhook.unknown', 'cursor.malformed'],
      async handle({ caller: { org, actor }, params, query }) {
        const { state = null, before = null, limit } = query;
        const input = { webhook_id: params.id, state, before, limit };
        const { rows, next } = await bus.query(queries.listDeliveries, { org, actor, input });
        return { rows: rows.map(shownDelivery), next, has_more: next !== null };
      },
    }),

    route({
      method: 'POST',
      path: '/api/v1/webhooks/:id/deliveries/:delivery/redeliver',
      tag: 'Webhooks',
      summary: 'Send it once more',
      description: 'With the same id and the same body.',
      may: commands.redeliver.may,
      params: idParam.extend({ delivery: z.string().min(1).max(200) }),
      answers: { 204: null },
      errors: ['webhook.unknown', 'delivery.unknown'],
      write: false,
      async handle({ caller: { org, actor }, params }) {
        const input = { webhook_id: params.id, delivery_id: params.delivery };
        await bus.execute(commands.redeliver, { org, actor, input });
      },
    }),
  ];
}

function shown({ created_at, failing_since, paused_at, ...one }: Webhook) {
  return {
    ...one,
    created_at: isoTime(created_at),
    failing_since: timeOrNot(failing_since),
    paused_at: timeOrNot(paused_at),
  };
}

function shownDelivery({ next_at, created_at, settled_at, body, ...one }: Delivery) {
  return {
    ...one,
    next_at: one.state === 'waiting' ? isoTime(next_at) : null,
    created_at: isoTime(created_at),
    settled_at: timeOrNot(settled_at),
    body: JSON.parse(body),
  };
}

function timeOrNot(ms: number | null): string | null {
  return ms === null ? null : isoTime(ms);
}
