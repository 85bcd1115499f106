import { Failure } from '@roost/protocol';
import { signedIn, signIn } from '@roost/protocol/schema';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { commands } from '../domain/index.ts';
import { bearerToken } from './caller.ts';
import { endedSessionCookie, sessionCookie, sessionKeyIn } from './cookie.ts';
import type { HttpNeeds, OpenedSession } from './needs.ts';
import { either, type Route, route } from './route.ts';

const signInByLink = z.object({ link: z.string().min(1).max(200) });
const BODY_MAX_BYTES = 16 * 1024;

/** Sign in, renew, sign out. The only routes that know a cookie. */
export function sessionRoutes({ sessions, origins, gate, bus }: HttpNeeds, isHttpsOutside: boolean): Route[] {
  const isHttps = (request: FastifyRequest) => isHttpsOutside || request.protocol === 'https';

  // A page of another site could otherwise act with the cookie, or sign its visitor in as somebody else.
  const admit = (request: FastifyRequest) => {
    if (!origins.permits(request.headers.origin, request.host)) throw new Failure('request.wrong_origin');
  };

  const opened = (request: FastifyRequest, reply: FastifyReply, session: OpenedSession) => {
    reply
      .header('set-cookie', sessionCookie(session.key, session.lifetimeMs, isHttps(request)))
      .header('cache-control', 'no-store');
    return session.signedIn;
  };

  /** For programs, which keep no cookies: the session that their access token belongs to. */
  const endBehind = async (token: string) => {
    const { org, actor } = await gate.authenticate(token);
    if (actor.kind !== 'member') throw new Failure('access.forbidden', 'API tokens have no session to end.');
    const { session_id } = actor;
    await bus.execute(commands.closeSession, { org, actor, input: { session_id } });
  };

  return [
    route({
      method: 'POST',
      path: '/api/v1/sessions',
      tag: 'Sessions',
      summary: 'Sign in',
      description:
        'By e-mail address and password, or by the `link` of a one-time link. Sets the cookie that refreshes.',
      may: 'anyone',
      body: either('link', signInByLink, signIn),
      bodyMaxBytes: BODY_MAX_BYTES,
      answers: { 200: signedIn },
      errors: ['request.wrong_origin', 'credentials.wrong', 'token.invalid'],
      write: false,
      admit,
      async handle({ body, request, reply }) {
        const session =
          'link' in body
            ? await sessions.byLink(body.link, request.ip)
            : await sessions.byPassword(body.email, body.password, request.ip);
        return opened(request, reply, session);
      },
    }),

    route({
      method: 'POST',
      path: '/api/v1/sessions/refresh',
      tag: 'Sessions',
      summary: 'Renew my access token',
      description: 'By the cookie that signing in has set.',
      may: 'anyone',
      bodyMaxBytes: BODY_MAX_BYTES,
      answers: { 200: signedIn },
      errors: ['request.wrong_origin', 'token.missing', 'token.invalid'],
      write: false,
      admit,
      handle: ({ request }) => sessions.renew(sessionKeyIn(request.headers.cookie)),
    }),

    route({
      method: 'DELETE',
      path: '/api/v1/sessions',
      tag: 'Sessions',
      summary: 'Sign out',
      description: 'Ends the session of the cookie, or of the access token where there is no cookie.',
      may: 'anyone',
      answers: { 204: null },
      errors: ['request.wrong_origin', 'token.missing', 'token.invalid', 'access.forbidden'],
      write: false,
      admit,
      async handle({ request, reply }) {
        // Whatever becomes of the session, this browser is to forget it.
        reply.header('set-cookie', endedSessionCookie(isHttps(request)));
        const key = sessionKeyIn(request.headers.cookie);
        const token = key === null ? bearerToken(request) : null;
        await (token === null ? sessions.end(key) : endBehind(token));
      },
    }),
  ];
}
