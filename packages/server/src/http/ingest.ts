import { Failure } from '@roost/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { commands } from '../domain/index.ts';
import { BodyBudget } from './body-budget.ts';
import { authenticated, callerOf, writeId } from './caller.ts';
import type { HttpNeeds } from './needs.ts';

/** 500 messages with some text each. */
const JSON_MAX_BYTES = 16 << 20;
/** Of all bodies being read at once. */
const BODIES_MAX_BYTES = 256 << 20;
const RECIPIENTS_MAX = 100;

/** Messages that programs bring: as JSON fields, or as mail. */
export function ingestRoutes(app: FastifyInstance, { gate, ingest }: HttpNeeds, mailMaxBytes: number) {
  const budget = new BodyBudget(BODIES_MAX_BYTES);
  const identify = authenticated(gate, commands.acceptMessages.may);
  const admitted = (mostBytes: number) => async (request: FastifyRequest, reply: FastifyReply) => {
    await identify(request);
    budget.admit(request, reply, mostBytes);
  };

  app.post(
    '/api/v1/ingest/messages',
    { bodyLimit: JSON_MAX_BYTES, onRequest: admitted(JSON_MAX_BYTES) },
    async (request, reply) => {
      const { offset, results, isSingle } = await ingest.messages(
        callerOf(request),
        request.body,
        writeId(request),
      );
      reply.code(201);
      return isSingle ? { message_id: results[0]?.message_ids[0], results, offset } : { results, offset };
    },
  );

  app.register(async (routes) => {
    routes.removeAllContentTypeParsers();
    routes.addContentTypeParser('message/rfc822', { parseAs: 'buffer' }, (_request, body, done) => {
      done(null, body);
    });
    routes.post(
      '/api/v1/ingest/mail',
      { bodyLimit: mailMaxBytes, onRequest: admitted(mailMaxBytes) },
      async (request, reply) => {
        if (!Buffer.isBuffer(request.body)) throw new Failure('request.wrong_type', 'Send “message/rfc822”.');
        const { offset, results } = await ingest.mail(
          callerOf(request),
          request.body,
          recipientsOf(request),
          writeId(request),
        );
        reply.code(201);
        return { message_id: results[0]?.message_ids[0], results, offset };
      },
    );
  });
}

/** Envelope recipients: `to` in the query, as often as there are, or the header that mail filters set. */
function recipientsOf(request: FastifyRequest): string[] {
  const { to } = request.query as { to?: string | string[] };
  const named = [to ?? [], request.headers['x-roost-rcpt'] ?? []]
    .flat()
    .flatMap((written) => written.split(','))
    .map((address) => address.trim())
    .filter((address) => address !== '');
  if (named.length > RECIPIENTS_MAX) {
    throw new Failure('request.invalid', `A mail has at most ${RECIPIENTS_MAX} recipients.`);
  }
  return named;
}
