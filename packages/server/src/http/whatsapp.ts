import { templateRow } from '@roost/protocol/schema';
import { z } from 'zod';
import { commands, queries } from '../domain/index.ts';
import { listRoute } from './lists.ts';
import type { HttpNeeds } from './needs.ts';
import { bytes, idParam, type Route, route } from './route.ts';

/** What the platform sends at most. */
const WEBHOOK_MAX_BYTES = 3 << 20;
const LEFTOVERS_MAX = 200;

const verification = z.object({
  'hub.mode': z.string().optional(),
  'hub.verify_token': z.string().optional(),
  'hub.challenge': z.string().optional(),
});
const synced = z.object({
  count: z.int().describe('Templates that the platform has.'),
  changed_count: z.int().describe('Of these and of those that are gone, how many were not known so.'),
});
const leftover = z.object({
  id: z.string(),
  phone_number_id: z.string().nullable(),
  what: z
    .string()
    .describe('`message` or `status` of a number without an inbox, `error`, `notice`, `unknown` …'),
  says: z.string(),
  raw: z.string().describe('JSON text.'),
  at: z.iso.datetime(),
});

/** The webhook of the WhatsApp platform, and what an inbox of this kind has beside the others. */
export function whatsappRoutes({ bus, lists, whatsapp }: HttpNeeds): Route[] {
  return [
    listRoute(lists, {
      path: '/api/v1/templates',
      tag: 'WhatsApp',
      summary: 'List templates of the inboxes that I see',
      may: queries.readView.may,
      row: templateRow,
      errors: [],
      shown: () => ({ channel: 'templates', params: {} }),
    }),
    route({
      method: 'GET',
      path: '/webhooks/whatsapp',
      tag: 'WhatsApp',
      summary: 'Say that this address is ours',
      description: 'Asked by the platform when the webhook is set up. Answers `hub.challenge` as it is.',
      may: 'anyone',
      query: verification,
      answers: { 200: { type: 'text/plain' } },
      errors: ['access.forbidden'],
      rate: 'webhook',
      async handle({ query, reply }) {
        const answer = await whatsapp.verify({
          mode: query['hub.mode'],
          token: query['hub.verify_token'],
          challenge: query['hub.challenge'],
        });
        return reply.type('text/plain; charset=utf-8').send(answer);
      },
    }),
    route({
      method: 'POST',
      path: '/webhooks/whatsapp',
      tag: 'WhatsApp',
      summary: 'Take what the platform tells',
      description:
        'Answered 200 once everything in it is committed; the same again changes nothing. What is for a number without an inbox, or not understood, is kept under `/api/v1/whatsapp/leftovers` and answered 200, too.',
      may: 'anyone',
      headers: { 'X-Hub-Signature-256': '`sha256=` and the HMAC-SHA256 of the bytes with the app’s secret.' },
      body: bytes('*'),
      bodyMaxBytes: WEBHOOK_MAX_BYTES,
      answers: { 200: null },
      errors: ['access.forbidden', 'store.full'],
      write: false,
      rate: 'webhook',
      async handle({ body, request }) {
        const signature = request.headers['x-hub-signature-256'];
        await whatsapp.receive(body, typeof signature === 'string' ? signature : undefined);
      },
    }),
    route({
      method: 'POST',
      path: '/api/v1/inboxes/:id/templates/sync',
      tag: 'WhatsApp',
      summary: 'Fetch the templates of a WhatsApp inbox',
      description: 'They are also fetched when the inbox is added, and a few times a day.',
      may: commands.updateInbox.may,
      params: idParam,
      answers: { 200: synced },
      errors: ['inbox.unknown', 'provider.failed', 'request.invalid'],
      write: false,
      async handle({ caller: { org }, params: { id } }) {
        return whatsapp.syncTemplates(org, id);
      },
    }),
    route({
      method: 'GET',
      path: '/api/v1/whatsapp/leftovers',
      tag: 'WhatsApp',
      summary: 'List what the platform told that has no place',
      description:
        'Newest first. What came for a number without an inbox goes to that inbox as soon as there is one.',
      may: queries.listLeftovers.may,
      answers: { 200: z.object({ rows: z.array(leftover) }) },
      errors: [],
      async handle({ caller: { org, actor } }) {
        const input = { limit: LEFTOVERS_MAX };
        const rows = await bus.query(queries.listLeftovers, { org, actor, input });
        return { rows: rows.map((row) => ({ ...row, at: new Date(row.at).toISOString() })) };
      },
    }),
  ];
}
