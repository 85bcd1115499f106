import { Failure } from '@roost/protocol';
import { z } from 'zod';
import {
  type Actor,
  ADMINS,
  type CommandContext,
  defineCommand,
  EVERY_ROLE,
  SCOPES,
} from '../../commands/index.ts';
import { activeMember } from '../members/active.ts';
import { digest, tellEnd } from './session.ts';

/** API tokens of one person in one organisation. */
const TOKENS_MAX = 100;

/** Makes an API token for oneself; admins and the server make them for others too. Only its digest is kept. */
export const createApiToken = defineCommand({
  name: 'api_token.create',
  input: z.object({
    user_id: z.string(),
    hash: digest,
    name: z.string().trim().min(1).max(200),
    scopes: z.array(z.enum(SCOPES)).min(1).max(SCOPES.length),
    /** ms since 1970 UTC; null for one that lasts until it is revoked. */
    expires_at: z.int().nullable().default(null),
  }),
  may: { roles: EVERY_ROLE },
  audited: ({ user_id, name, scopes }) => ({ user_id, name, scopes }),
  async run(context, { user_id, hash, name, scopes, expires_at }) {
    const { tx, org, actor, now } = context;
    if (actor.kind !== 'system' && actor.user_id !== user_id) throw new Failure('access.forbidden');
    await activeMember(tx, org, user_id);
    if (expires_at !== null && expires_at <= now)
      throw new Failure('request.invalid', 'The end of the token has passed.');
    await assertRoom(context, user_id);
    const id = context.newId();
    await tx.run(
      `insert into api_token (org, id, hash, user_id, name, scopes, created_at, last_used_at, expires_at)
         values (?, ?, ?, ?, ?, ?, ?, 0, ?)`,
      org,
      id,
      hash,
      user_id,
      name,
      [...new Set(scopes)].join(' '),
      now,
      expires_at,
    );
    context.changed('session', id, null, { id, version: context.offset, user_id });
    return { token_id: id };
  },
});

const whichToken = z.object({ token_id: z.string() });

/** Ends an API token of one's own. @throws token.unknown */
export const revokeApiToken = defineCommand({
  name: 'api_token.revoke',
  input: whichToken,
  may: { roles: EVERY_ROLE },
  audited: (_, { user_id, name }: Revoked) => ({ user_id, name }),
  run: (context, { token_id }) => revoke(context, token_id, context.actor),
});

/** Ends anybody's API token in this organisation. @throws token.unknown */
export const revokeAnyApiToken = defineCommand({
  name: 'api_token.revoke_any',
  input: whichToken,
  may: { roles: ADMINS, scope: 'admin' },
  audited: (_, { user_id, name }: Revoked) => ({ user_id, name }),
  run: (context, { token_id }) => revoke(context, token_id, null),
});

interface Revoked {
  readonly user_id: string;
  readonly name: string;
}

/** @param owner  whose it has to be; to everybody else it is as if there were none */
async function revoke(context: CommandContext, tokenId: string, owner: Actor | null): Promise<Revoked> {
  const { tx, org } = context;
  const token = await tx.get<Revoked>(
    'select user_id, name from api_token where org = ? and id = ?',
    org,
    tokenId,
  );
  const isTheirs = owner === null || owner.kind === 'system' || owner.user_id === token?.user_id;
  if (!token || !isTheirs) throw new Failure('token.unknown');
  await tx.run('delete from api_token where org = ? and id = ?', org, tokenId);
  tellEnd(context, tokenId, token.user_id);
  return token;
}

/** Notes that a token is in use. Not part of the log: nobody waits for it. */
export const touchApiToken = defineCommand({
  name: 'api_token.touch',
  input: z.object({ token_id: z.string() }),
  may: { roles: [] },
  run: ({ tx, org, now }, { token_id }) =>
    tx.run('update api_token set last_used_at = ? where org = ? and id = ?', now, org, token_id),
});

async function assertRoom({ tx, org }: CommandContext, userId: string): Promise<void> {
  const held = await tx.get<{ count: number }>(
    'select count(*) as count from api_token where org = ? and user_id = ?',
    org,
    userId,
  );
  if (Number(held?.count ?? 0) >= TOKENS_MAX) {
    throw new Failure('request.invalid', `One person has at most ${TOKENS_MAX} tokens; revoke one first.`);
  }
}
