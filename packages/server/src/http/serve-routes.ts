import { Readable } from 'node:stream';
import { Failure } from '@roost/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { type Permission, readInput } from '../commands/index.ts';
import { authenticated, writeId } from './caller.ts';
import type { Gate } from './needs.ts';
import type { RateLimits } from './rate-limit.ts';
import {
  type Asked,
  type BodyShape,
  isBytes,
  isEither,
  isStreamed,
  type RateClass,
  type Route,
  rateClassOf,
  statusOf,
} from './route.ts';

/** Serves declared routes: finds out who asks, checks what they sent, and sends what the handler returns. */
export function serveRoutes(
  app: FastifyInstance,
  gate: Gate,
  limits: RateLimits,
  routes: readonly Route[],
): void {
  for (const one of routes) {
    const { body } = one;
    const options = optionsOf(one, gate, limits);
    if (body && isBytes(body)) void app.register(async (scope) => serveBytes(scope, options, body.types));
    else if (body && isStreamed(body))
      void app.register(async (scope) => serveStream(scope, options, body.types));
    else app.route(options);
  }
}

/** In a scope of its own, where no other parser touches the bytes. */
function serveBytes(scope: FastifyInstance, options: RouteOptions, types: readonly string[]): void {
  scope.removeAllContentTypeParsers();
  for (const type of types) {
    scope.addContentTypeParser(type, { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  }
  scope.route(options);
}

/** Nothing is read before the handler does; what it leaves unread is thrown away with the connection. */
function serveStream(scope: FastifyInstance, options: RouteOptions, types: readonly string[]): void {
  scope.removeAllContentTypeParsers();
  for (const type of types) scope.addContentTypeParser(type, (_request, body, done) => done(null, body));
  scope.route(options);
}

function optionsOf(one: Route, gate: Gate, limits: RateLimits): RouteOptions {
  const { method, path: url, may, bodyMaxBytes } = one;
  const rate = rateClassOf(one);
  const identify = may === 'anyone' ? async () => {} : identified(gate, limits, may, rate);
  const status = statusOf(one);
  return {
    method,
    url,
    ...(bodyMaxBytes === undefined ? {} : { bodyLimit: bodyMaxBytes }),
    async onRequest(request, reply) {
      await identify(request, reply);
      limits.take(rate, request, reply);
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

/** Finds out who asks. The refused are counted as well: those who show no token, or a wrong one, by address. */
function identified(gate: Gate, limits: RateLimits, may: Permission, rate: RateClass) {
  const identify = authenticated(gate, may);
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    try {
      await identify(request);
    } catch (error) {
      limits.take(request.caller === null ? 'address' : rate, request, reply);
      throw error;
    }
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
  if (isStreamed(shape)) {
    if (!(body instanceof Readable)) throw new Failure('request.wrong_type', 'Send the file as the body.');
    return body;
  }
  if (!isEither(shape)) return readInput(shape, body);
  const isObject = typeof body === 'object' && body !== null;
  return readInput(isObject && shape.field in body ? shape.has : shape.lacks, body);
}
