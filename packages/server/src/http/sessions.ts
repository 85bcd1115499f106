import { Failure } from '@roost/protocol';
import { signIn } from '@roost/protocol/schema';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { readInput } from '../commands/index.ts';
import { commands } from '../domain/index.ts';
import { bearerToken } from './caller.ts';
import { endedSessionCookie, sessionCookie, sessionKeyIn } from './cookie.ts';
import type { HttpNeeds, OpenedSession } from './needs.ts';

const signInByLink = z.object({ link: z.string().min(1).max(200) });
const BODY_MAX_BYTES = 16 * 1024;

/** Sign in, renew, sign out. The only routes that know a cookie. */
export function sessionRoutes(
  app: FastifyInstance,
  { sessions, origins, gate, bus }: HttpNeeds,
  isHttpsOutside: boolean,
) {
  const isHttps = (request: FastifyRequest) => isHttpsOutside || request.protocol === 'https';

  const opened = (request: FastifyRequest, reply: FastifyReply, session: OpenedSession) =>
    reply
      .header('set-cookie', sessionCookie(session.key, session.lifetimeMs, isHttps(request)))
      .header('cache-control', 'no-store')
      .send(session.signedIn);

  /** For programs, which keep no cookies: the session that their access token belongs to. */
  const endBehind = async (token: string) => {
    const { org, actor } = await gate.authenticate(token);
    if (actor.kind !== 'member') throw new Failure('access.forbidden', 'API tokens have no session to end.');
    const { session_id } = actor;
    await bus.execute(commands.closeSession, { org, actor, input: { session_id } });
  };

  app.register(async (routes) => {
    // A page of another site could otherwise act with the cookie, or sign its visitor in as somebody else.
    routes.addHook('onRequest', async (request) => {
      if (!origins.permits(request.headers.origin, request.host)) throw new Failure('request.wrong_origin');
    });

    routes.post('/api/v1/sessions', { bodyLimit: BODY_MAX_BYTES }, async (request, reply) => {
      if (typeof request.body === 'object' && request.body !== null && 'link' in request.body) {
        const { link } = readInput(signInByLink, request.body);
        return opened(request, reply, await sessions.byLink(link, request.ip));
      }
      const { email, password } = readInput(signIn, request.body);
      return opened(request, reply, await sessions.byPassword(email, password, request.ip));
    });

    routes.post('/api/v1/sessions/refresh', { bodyLimit: BODY_MAX_BYTES }, async (request) =>
      sessions.renew(sessionKeyIn(request.headers.cookie)),
    );

    routes.delete('/api/v1/sessions', async (request, reply) => {
      // Whatever becomes of the session, this browser is to forget it.
      reply.header('set-cookie', endedSessionCookie(isHttps(request)));
      const key = sessionKeyIn(request.headers.cookie);
      const token = key === null ? bearerToken(request) : null;
      await (token === null ? sessions.end(key) : endBehind(token));
      return reply.code(204).send();
    });
  });
}
