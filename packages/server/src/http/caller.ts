import { Failure } from '@roost/protocol';
import type { FastifyRequest } from 'fastify';
import type { Permission } from '../commands/index.ts';
import type { Caller, Gate } from './needs.ts';

const KEY_MAX_CHARS = 200;

declare module 'fastify' {
  interface FastifyRequest {
    /** Null on routes that ask for nobody. */
    caller: Caller | null;
  }
}

/**
 * Finds out who asks, before the body is read: nobody unknown makes us take in anything large.
 * What the caller may do is checked here as far as is known, and again in the transaction.
 */
export function authenticated(gate: Gate, may: Permission) {
  return async (request: FastifyRequest): Promise<void> => {
    const caller = await gate.authenticate(bearerToken(request));
    request.caller = caller;
    checkPermission(caller, may);
  };
}

/** Who asks, on a route behind {@link authenticated}. */
export function callerOf(request: FastifyRequest): Caller {
  if (request.caller === null) throw new Error('This route lets everybody in.');
  return request.caller;
}

/** The id under which a write happens at most once: the Idempotency-Key header. @throws request.invalid */
export function writeId(request: FastifyRequest): string | null {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return null;
  if (typeof key !== 'string' || key === '' || key.length > KEY_MAX_CHARS) {
    throw new Failure('request.invalid', `“Idempotency-Key” has 1 to ${KEY_MAX_CHARS} characters.`);
  }
  return key;
}

/** The token of a request; null without one. @throws token.invalid  the header has another form */
export function bearerToken(request: FastifyRequest): string | null {
  const written = request.headers.authorization;
  if (written === undefined) return null;
  const token = /^Bearer +([^\s]+) *$/i.exec(written)?.[1];
  if (token === undefined) throw new Failure('token.invalid', 'Send “Authorization: Bearer <token>”.');
  return token;
}

function checkPermission({ actor, role }: Caller, { roles, scope }: Permission): void {
  if (actor.kind === 'token' && (scope === undefined || !actor.scopes.includes(scope))) {
    throw new Failure(
      'access.forbidden',
      scope ? `This token lacks the scope “${scope}”.` : 'Tokens may not do this.',
    );
  }
  if (!roles.includes(role)) throw new Failure('access.forbidden', `Your role, ${role}, may not do this.`);
}
