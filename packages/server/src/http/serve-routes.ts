import { Failure } from '@roost/protocol';
import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify';
import { readInput } from '../commands/index.ts';
import { authenticated, writeId } from './caller.ts';
import type { Gate } from './needs.ts';
import { type Asked, type BodyShape, isBytes, isEither, type Route, statusOf } from './route.ts';

/** Serves declared routes: finds out who asks, checks what they sent, and sends what the handler returns. */
export function serveRoutes(app: FastifyInstance, gate: Gate, routes: readonly Route[]): void {
  for (const one of routes) {
    const { body } = one;
    if (body && isBytes(body)) void app.register(async (scope) => serveBytes(scope, gate, one, body.types));
    else app.route(optionsOf(one, gate));
  }
}

/** In a scope of its own, where no other parser touches the bytes. */
function serveBytes(scope: FastifyInstance, gate: Gate, one: Route, types: readonly string[]): void {
  scope.removeAllContentTypeParsers();
  for (const type of types) {
    scope.addContentTypeParser(type, { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  }
  scope.route(optionsOf(one, gate));
}

function optionsOf(one: Route, gate: Gate): RouteOptions {
  const { method, path: url, may, bodyMaxBytes } = one;
  const identify = may === 'anyone' ? null : authenticated(gate, may);
  const status = statusOf(one);
  return {
    method,
    url,
    ...(bodyMaxBytes === undefined ? {} : { bodyLimit: bodyMaxBytes }),
    async onRequest(request, reply) {
      await identify?.(request);
      one.admit?.(request, reply);
    },
    async handler(request, reply) {
      const asked = readAsked(one, request);
      reply.code(status);
      const answer = await one.handle({ ...asked, reply });
      if (reply.sent || answer === reply) return reply;
      return answer === undefined ? reply.send() : answer;
    },
  };
}

/** @throws request.invalid  naming the first field that is wrong; request.wrong_type */
function readAsked(one: Route, request: FastifyRequest): Omit<Asked, 'reply'> {
  const { params, query, body, write } = one;
  return {
    request,
    caller: request.caller,
    params: params ? readInput(params, request.params) : undefined,
    query: query ? readInput(query, request.query) : undefined,
    body: body ? readBody(body, request.body) : undefined,
    writeId: write ? writeId(request) : null,
  };
}

function readBody(shape: BodyShape, body: unknown): unknown {
  if (isBytes(shape)) {
    if (!Buffer.isBuffer(body)) throw new Failure('request.wrong_type', `Send “${shape.types[0]}”.`);
    return body;
  }
  if (!isEither(shape)) return readInput(shape, body);
  const isObject = typeof body === 'object' && body !== null;
  return readInput(isObject && shape.field in body ? shape.has : shape.lacks, body);
}
