import { Failure, type FailureCode, failures, type Problem } from '@roost/protocol';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';

/** Asked for where we do not know better, so that clients neither hammer nor give up. */
const RETRY_AFTER_SECONDS = 2;

/** The failure that an error is told as. What we did not expect becomes `server.failed`, with its cause for the log. */
export function failureOf(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const { statusCode } = error as Partial<FastifyError>;
  const code = statusCode === undefined ? undefined : codeOfStatus[statusCode];
  return code
    ? new Failure(code, undefined, { cause: error })
    : new Failure('server.failed', undefined, { cause: error });
}

/** What the web framework itself refuses. */
const codeOfStatus: Record<number, FailureCode> = {
  400: 'request.malformed',
  404: 'route.unknown',
  405: 'route.unknown',
  408: 'request.malformed',
  413: 'request.too_big',
  414: 'request.too_big',
  415: 'request.wrong_type',
  431: 'request.too_big',
  503: 'server.draining',
};

export function problemOf(failure: Failure, requestId: string | null): Problem {
  const { http: status, remedy, says } = failures[failure.code];
  const named = requestId === null ? {} : { request_id: requestId };
  return {
    type: 'about:blank',
    title: says,
    status,
    code: failure.code,
    detail: failure.message,
    remedy,
    ...(failure.about === null ? {} : { about: failure.about }),
    ...named,
  };
}

/** Whole seconds until a retry makes sense; null where none does. */
export function retryAfterSeconds(failure: Failure): number | null {
  const { retryAfterMs } = failure as Failure & { retryAfterMs?: number };
  if (retryAfterMs !== undefined) return Math.max(1, Math.ceil(retryAfterMs / 1000));
  const { http: status, remedy } = failures[failure.code];
  return remedy === 'retry' && status !== 500 ? RETRY_AFTER_SECONDS : null;
}

/** Tells a failure as application/problem+json (RFC 9457). */
export function sendProblem(reply: FastifyReply, request: FastifyRequest, failure: Failure): FastifyReply {
  const seconds = retryAfterSeconds(failure);
  if (seconds !== null) reply.header('retry-after', seconds);
  if (failures[failure.code].http === 401) reply.header('www-authenticate', 'Bearer');
  return reply
    .code(failures[failure.code].http)
    .type('application/problem+json; charset=utf-8')
    .header('cache-control', 'no-store')
    .send(JSON.stringify(problemOf(failure, request.id)));
}
