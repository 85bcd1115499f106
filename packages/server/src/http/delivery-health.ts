import { z } from 'zod';
import { type AttemptListed, attemptOutcome, attemptWay, queries } from '../domain/index.ts';
import type { HttpNeeds } from './needs.ts';
import { isoTime } from './opened.ts';
import { type Route, route } from './route.ts';

const attempt = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  way: attemptWay,
  sender: z.string(),
  recipients: z.array(z.string()),
  size_bytes: z.int().describe('0 where it was refused before its size was known.'),
  outcome: attemptOutcome,
  code: z.string().nullable().describe('Failure that it was refused with.'),
  says: z.string().nullable().describe('Why, as its sender was told.'),
});
const sum = { count: z.int(), size_bytes: z.int() };
const health = z.object({
  hours: z
    .array(z.object({ at: z.iso.datetime(), count: z.int(), refused_count: z.int() }))
    .describe('The last 24, oldest first.'),
  outcomes: z.array(z.object({ way: attemptWay, outcome: attemptOutcome, ...sum })),
  senders: z
    .array(z.object({ domain: z.string(), ...sum }))
    .describe('Domains whose mail came most; empty text for those that are not told apart.'),
  storage: z.object({
    messages: z.int(),
    mail_bytes: z.int().describe('Of mail in mailboxes.'),
    quarantined: z.int(),
    blobs: z.int().describe('Sources and files, each counted for every message that holds it.'),
  }),
});

/** Where mail is that somebody misses: what came to the doors, and what became of it. */
export function deliveryHealthRoutes({ bus, clock }: HttpNeeds): Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/v1/delivery-health',
      tag: 'Quarantine',
      summary: 'How mail came in during the last day',
      may: queries.readDeliveryHealth.may,
      answers: { 200: health },
      errors: [],
      async handle({ caller: { org, actor } }) {
        const input = { now: clock.now() };
        const { hours, ...rest } = await bus.query(queries.readDeliveryHealth, { org, actor, input });
        return { hours: hours.map((hour) => ({ ...hour, at: isoTime(hour.at) })), ...rest };
      },
    }),

    route({
      method: 'GET',
      path: '/api/v1/ingest-attempts',
      tag: 'Quarantine',
      summary: 'What came to the doors, and what became of it',
      description:
        'Newest first: every mail by SMTP, HTTP and pipe, about a second after it came; of the last two weeks, 100,000 at most. Those that were refused say why. Goes on with `next` as `before`, also where a page is short.',
      may: queries.listAttempts.may,
      query: z.object({
        outcome: attemptOutcome.optional(),
        way: attemptWay.optional(),
        sender: z.string().max(320).optional().describe('Part of the sender’s address.'),
        recipient: z.string().max(320).optional().describe('Part of a recipient’s address.'),
        before: z.string().max(100).optional().describe('`next` of the page above.'),
        limit: z.coerce.number().int().min(1).max(200).default(50),
      }),
      answers: {
        200: z.object({ rows: z.array(attempt), next: z.string().nullable(), has_more: z.boolean() }),
      },
      errors: ['cursor.malformed'],
      async handle({ caller: { org, actor }, query }) {
        const { outcome = null, way = null, sender = null, recipient = null, before = null, limit } = query;
        const input = { outcome, way, sender, recipient, before, limit };
        const { rows, next } = await bus.query(queries.listAttempts, { org, actor, input });
        return { rows: rows.map(shown), next, has_more: next !== null };
      },
    }),
  ];
}

function shown({ at, ...one }: AttemptListed) {
  return { ...one, at: isoTime(at) };
}
