import { Failure } from '@roost/protocol';
import { ingestMessage } from '@roost/protocol/schema';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { commands } from '../domain/index.ts';
import { BodyBudget } from './body-budget.ts';
import type { HttpNeeds } from './needs.ts';
import { bytes, either, type Route, route } from './route.ts';

/** One command, one offset, one answer. */
const BATCH_MAX_MESSAGES = 500;
/** 500 messages with some text each. */
const JSON_MAX_BYTES = 16 << 20;
/** Of all bodies being read at once. */
const BODIES_MAX_BYTES = 256 << 20;
const RECIPIENTS_MAX = 100;

const ingestBatch = z.object({ messages: z.array(ingestMessage).min(1).max(BATCH_MAX_MESSAGES) });
const mailQuery = z.object({
  to: z
    .union([z.string(), z.array(z.string())])
    .optional()
    .describe('An envelope recipient, or several with commas; as often as there are.'),
});
const ingested = z.object({
  message_id: z.string().optional().describe('The first message, where one was sent.'),
  results: z.array(
    z.object({
      message_ids: z.array(z.string()).describe('One for each inbox its recipients belong to.'),
      repeated: z.boolean().describe('Every one of them was there before.'),
    }),
  ),
  offset: z.int(),
});

/** Messages that programs bring: as JSON fields, or as mail. */
export function ingestRoutes({ ingest }: HttpNeeds, mailMaxBytes: number): Route[] {
  const budget = new BodyBudget(BODIES_MAX_BYTES);
  const { may } = commands.acceptMessages;
  return [
    route({
      method: 'POST',
      path: '/api/v1/ingest/messages',
      tag: 'Ingest',
      summary: 'Bring a message, or a batch of them',
      description: 'All of a batch or none of it. A repeated `external_id` changes nothing.',
      may,
      body: either('messages', ingestBatch, ingestMessage),
      bodyMaxBytes: JSON_MAX_BYTES,
      answers: { 201: ingested },
      errors: ['address.unknown'],
      write: true,
      rate: 'ingest',
      admit: (request, reply) => budget.admit(request, reply, JSON_MAX_BYTES),
      async handle({ caller, body, writeId }) {
        const isBatch = 'messages' in body;
        const { offset, results } = await ingest.messages(caller, isBatch ? body.messages : [body], writeId);
        return isBatch ? { results, offset } : { message_id: results[0]?.message_ids[0], results, offset };
      },
    }),

    route({
      method: 'POST',
      path: '/api/v1/ingest/mail',
      tag: 'Ingest',
      summary: 'Bring a mail as it is',
      description: 'Recipients come from `to`, else from `X-Roost-Rcpt`, else from the header of the mail.',
      may,
      query: mailQuery,
      headers: { 'X-Roost-Rcpt': 'Envelope recipients, with commas, as mail filters set them.' },
      body: bytes('message/rfc822'),
      bodyMaxBytes: mailMaxBytes,
      answers: { 201: ingested },
      errors: ['address.unknown'],
      write: true,
      rate: 'ingest',
      admit: (request, reply) => budget.admit(request, reply, mailMaxBytes),
      async handle({ caller, query: { to }, body, request, writeId }) {
        const { offset, results } = await ingest.mail(caller, body, recipientsOf(to, request), writeId);
        return { message_id: results[0]?.message_ids[0], results, offset };
      },
    }),
  ];
}

/** Envelope recipients: `to` in the query, as often as there are, or the header that mail filters set. */
function recipientsOf(to: string | string[] | undefined, { headers }: FastifyRequest): string[] {
  const named = [to ?? [], headers['x-roost-rcpt'] ?? []]
    .flat()
    .flatMap((written) => written.split(','))
    .map((address) => address.trim())
    .filter((address) => address !== '');
  if (named.length > RECIPIENTS_MAX) {
    throw new Failure('request.invalid', `A mail has at most ${RECIPIENTS_MAX} recipients.`);
  }
  return named;
}
