import { role } from '@roost/protocol/schema';
import { z } from 'zod';
import { EVERY_ROLE } from '../commands/index.ts';
import { queries } from '../domain/index.ts';
import type { HttpNeeds, OwnSession } from './needs.ts';
import { isoTime } from './opened.ts';
import { idParam, type Route, route } from './route.ts';

const ownSession = z.object({
  id: z.string(),
  org_id: z.string(),
  organisation: z.string(),
  kind: z.enum(['password', 'link', 'host']).describe('How it was opened.'),
  created_at: z.iso.datetime(),
  last_used_at: z.iso.datetime().describe('To within a quarter of an hour.'),
  expires_at: z.iso.datetime(),
  user_agent: z.string(),
  ip: z.string(),
  is_current: z.boolean().describe('The one that asks.'),
});
const ownOrganisation = z.object({ id: z.string(), name: z.string(), role, is_current: z.boolean() });

/** Where I am signed in, and where else I could be. API tokens are no person and see none of it. */
export function ownSessionRoutes({ account, bus }: HttpNeeds): Route[] {
  const may = { roles: EVERY_ROLE };
  return [
    route({
      method: 'GET',
      path: '/api/v1/me/organisations',
      tag: 'Me',
      summary: 'My organisations',
      description: 'The oldest first. “Go on in another of my organisations” switches between them.',
      may,
      answers: { 200: z.object({ rows: z.array(ownOrganisation) }) },
      errors: [],
      async handle({ caller: { org, user_id, from_host } }) {
        const actor = { kind: 'system', name: 'http' } as const;
        const own = await bus.query(queries.listOwnOrganisations, { org: '', actor, input: { user_id } });
        const shown = from_host ? own.filter(({ id }) => id === org) : own;
        return { rows: shown.map((one) => ({ ...one, is_current: one.id === org })) };
      },
    }),

    route({
      method: 'GET',
      path: '/api/v1/me/sessions',
      tag: 'Me',
      summary: 'Where I am signed in',
      description: 'The newest first, in every organisation of mine.',
      may,
      answers: { 200: z.object({ rows: z.array(ownSession) }) },
      errors: [],
      async handle({ caller }) {
        return { rows: (await account.sessions(caller)).map(shownSession) };
      },
    }),

    route({
      method: 'DELETE',
      path: '/api/v1/me/sessions/:id',
      tag: 'Me',
      summary: 'End one of my sessions',
      may,
      params: idParam,
      answers: { 204: null },
      errors: ['session.unknown'],
      write: false,
      async handle({ caller, params: { id } }) {
        await account.endSession(caller, id);
      },
    }),

    route({
      method: 'DELETE',
      path: '/api/v1/me/sessions',
      tag: 'Me',
      summary: 'Sign out everywhere else',
      description: 'Ends every session of mine but the one that asks. API tokens stay.',
      may,
      answers: { 200: z.object({ ended: z.int() }) },
      errors: [],
      write: false,
      async handle({ caller }) {
        return { ended: await account.endOtherSessions(caller) };
      },
    }),
  ];
}

function shownSession({ org, org_name, created_at, last_used_at, expires_at, ...session }: OwnSession) {
  return {
    ...session,
    org_id: org,
    organisation: org_name,
    created_at: isoTime(created_at),
    last_used_at: isoTime(last_used_at),
    expires_at: isoTime(expires_at),
  };
}
