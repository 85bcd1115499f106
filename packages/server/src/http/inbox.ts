import type { FastifyInstance, FastifyRequest } from 'fastify';
import { queries } from '../domain/index.ts';
import { authenticated } from './caller.ts';
import { answerList } from './lists.ts';
import type { HttpNeeds } from './needs.ts';

/** All mail, or that of the addresses a filter names; the polling form of the channel `inbox`. */
export function inboxRoutes(app: FastifyInstance, { gate, lists }: HttpNeeds) {
  app.get('/api/v1/inbox', { onRequest: authenticated(gate, queries.readView.may) }, (request, reply) =>
    answerList(lists, request, reply, { channel: 'inbox', params: filterOf(request) }),
  );
}

function filterOf(request: FastifyRequest): Record<string, unknown> {
  const { filter } = request.query as { filter?: unknown };
  return filter === undefined ? {} : { filter };
}
