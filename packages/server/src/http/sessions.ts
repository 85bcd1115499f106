import { Failure } from '@roost/protocol';
import { signedIn, signIn } from '@roost/protocol/schema';
import { z } from 'zod';
import { EVERY_ROLE } from '../commands/index.ts';
import { commands } from '../domain/index.ts';
import { bearerToken } from './caller.ts';
import { endedSessionCookie, sessionKeyIn } from './cookie.ts';
import type { HttpNeeds } from './needs.ts';
import { clientOf, SessionDoor } from './opened.ts';
import { either, type Route, route } from './route.ts';

const orgId = z.string().min(1).max(64);
const signInByLink = z.object({ link: z.string().min(1).max(200) });
const signInByPassword = signIn.extend({
  org_id: orgId.optional().describe('The organisation to sign in to; your oldest when left out.'),
});
const BODY_MAX_BYTES = 16 * 1024;

/** Sign in, renew, switch, sign out. The only routes that know a cookie. */
export function sessionRoutes({ sessions, origins, gate, bus }: HttpNeeds, isHttpsOutside: boolean): Route[] {
  const door = new SessionDoor(origins, isHttpsOutside);
  const { admit } = door;

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
      body: either('link', signInByLink, signInByPassword),
      bodyMaxBytes: BODY_MAX_BYTES,
      answers: { 200: signedIn },
      errors: ['request.wrong_origin', 'credentials.wrong', 'token.invalid', 'access.forbidden'],
      write: false,
      admit,
      async handle({ body, request, reply }) {
        const client = clientOf(request);
        const session =
          'link' in body
            ? await sessions.byLink(body.link, client)
            : await sessions.byPassword({ ...body, org: body.org_id ?? null }, client);
        return door.opened(request, reply, session);
      },
    }),

    route({
      method: 'POST',
      path: '/api/v1/sessions/refresh',
      tag: 'Sessions',
      summary: 'Renew my access token',
      description: `By the cookie that signing in has set. Each renewal sets another: the one before is good for
half a minute more, so that two tabs, or an answer that was lost, do no harm. One that is older still was copied, and
ends the session.`,
      may: 'anyone',
      bodyMaxBytes: BODY_MAX_BYTES,
      answers: { 200: signedIn },
      errors: ['request.wrong_origin', 'token.missing', 'token.invalid'],
      write: false,
      admit,
      async handle({ request, reply }) {
        const key = sessionKeyIn(request.headers.cookie);
        return door.opened(request, reply, await sessions.renew(key, clientOf(request)));
      },
    }),

    route({
      method: 'POST',
      path: '/api/v1/sessions/switch',
      tag: 'Sessions',
      summary: 'Go on in another of my organisations',
      description: 'Answers as signing in does, and ends the session that asked.',
      may: { roles: EVERY_ROLE },
      body: z.object({ org_id: orgId }),
      bodyMaxBytes: BODY_MAX_BYTES,
      answers: { 200: signedIn },
      errors: ['request.wrong_origin'],
      write: false,
      admit,
      async handle({ caller, body, request, reply }) {
        const session = await sessions.switchTo(caller, body.org_id, clientOf(request));
        return door.opened(request, reply, session);
      },
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
        reply.header('set-cookie', endedSessionCookie(door.isHttps(request)));
        const key = sessionKeyIn(request.headers.cookie);
        const token = key === null ? bearerToken(request) : null;
        await (token === null ? sessions.end(key) : endBehind(token));
      },
    }),
  ];
}
