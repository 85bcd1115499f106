import { z } from 'zod';
import { EVERY_ROLE, SCOPES } from '../commands/index.ts';
import { type ApiTokenListed, commands, queries } from '../domain/index.ts';
import type { HttpNeeds } from './needs.ts';
import { isoTime } from './opened.ts';
import { idParam, type Route, route } from './route.ts';

const scopes = z
  .array(z.enum(SCOPES))
  .min(1)
  .describe('`read` lists; `write` what agents do; `ingest` brings messages in; `admin` the rest.');
const token = z.object({
  id: z.string(),
  user_id: z.string(),
  name: z.string(),
  scopes,
  created_at: z.iso.datetime(),
  last_used_at: z.iso.datetime().nullable().describe('To within a quarter of an hour; null for never.'),
  expires_at: z.iso.datetime().nullable(),
});
const newToken = z.object({
  name: z.string().trim().min(1).max(200),
  scopes,
  expires_at: z.iso.datetime({ offset: true }).nullable().default(null),
});
const tokens = z.object({ rows: z.array(token) });
const TOLD = 'A token may do no more than its owner may, within its scopes.';

/** API tokens: one's own, and for admins everybody's. No API token makes, sees or ends another, but by `admin`. */
export function tokenRoutes({ account, bus }: HttpNeeds): Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/v1/me/tokens',
      tag: 'Tokens',
      summary: 'My API tokens',
      may: { roles: EVERY_ROLE },
      answers: { 200: tokens },
      errors: [],
      async handle({ caller: { org, user_id } }) {
        const actor = { kind: 'system', name: 'http' } as const;
        return {
          rows: (await bus.query(queries.listApiTokens, { org, actor, input: { user_id } })).map(shown),
        };
      },
    }),

    route({
      method: 'POST',
      path: '/api/v1/me/tokens',
      tag: 'Tokens',
      summary: 'Make an API token',
      description: `${TOLD} The token is told this once.`,
      may: commands.createApiToken.may,
      body: newToken,
      answers: { 201: z.object({ id: z.string(), token: z.string() }) },
      errors: [],
      // The answer holds a secret, which is remembered nowhere: the same again makes another token.
      write: false,
      async handle({ caller, body, reply }) {
        const expires_at = body.expires_at === null ? null : Date.parse(body.expires_at);
        const made = await account.createToken(caller, { ...body, expires_at });
        reply.header('cache-control', 'no-store');
        return { id: made.token_id, token: made.token };
      },
    }),

    route({
      method: 'DELETE',
      path: '/api/v1/me/tokens/:id',
      tag: 'Tokens',
      summary: 'Revoke an API token of mine',
      may: commands.revokeApiToken.may,
      params: idParam,
      answers: { 204: null },
      errors: ['token.unknown'],
      write: false,
      async handle({ caller: { org, actor }, params }) {
        await bus.execute(commands.revokeApiToken, { org, actor, input: { token_id: params.id } });
      },
    }),

    route({
      method: 'GET',
      path: '/api/v1/tokens',
      tag: 'Tokens',
      summary: 'API tokens of the organisation',
      may: queries.listApiTokens.may,
      answers: { 200: tokens },
      errors: [],
      async handle({ caller: { org, actor } }) {
        const input = { user_id: null };
        return { rows: (await bus.query(queries.listApiTokens, { org, actor, input })).map(shown) };
      },
    }),

    route({
      method: 'DELETE',
      path: '/api/v1/tokens/:id',
      tag: 'Tokens',
      summary: 'Revoke an API token of the organisation',
      may: commands.revokeAnyApiToken.may,
      params: idParam,
      answers: { 204: null },
      errors: ['token.unknown'],
      write: false,
      async handle({ caller: { org, actor }, params }) {
        await bus.execute(commands.revokeAnyApiToken, { org, actor, input: { token_id: params.id } });
      },
    }),
  ];
}

function shown({ created_at, last_used_at, expires_at, ...one }: ApiTokenListed) {
  return {
    ...one,
    created_at: isoTime(created_at),
    last_used_at: last_used_at === 0 ? null : isoTime(last_used_at),
    expires_at: expires_at === null ? null : isoTime(expires_at),
  };
}
