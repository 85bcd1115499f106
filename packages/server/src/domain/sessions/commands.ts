import { Failure } from '@roost/protocol';
import { z } from 'zod';
import { ADMINS, defineCommand, EVERY_ROLE } from '../../commands/index.ts';
import { knownMember } from '../members/member.ts';
import { openSession } from './session.ts';

const secretHash = z.string().length(43);

/** Opens a session for a member whose password was just checked. */
export const openSessionCommand = defineCommand({
  name: 'session.open',
  input: z.object({ user_id: z.string(), secret_hash: secretHash, expires_at: z.int() }),
  may: { roles: [] },
  async run(context, input) {
    await knownMember(context.tx, context.org, input.user_id);
    const session = await openSession(context, input);
    return { session_id: session.id };
  },
});

/** Ends one session, or revokes one API token. A member ends their own, the server any. */
export const closeSession = defineCommand({
  name: 'session.close',
  input: z.object({ session_id: z.string() }),
  may: { roles: EVERY_ROLE },
  async run(context, { session_id }) {
    const { tx, org, actor } = context;
    const session = await tx.get<{ user_id: string }>(
      `select user_id from session where org = ? and id = ?
       union all select user_id from api_token where org = ? and id = ?`,
      org,
      session_id,
      org,
      session_id,
    );
    if (!session) return;
    if (actor.kind !== 'system' && actor.user_id !== session.user_id) throw new Failure('access.forbidden');
    await tx.run('delete from session where org = ? and id = ?', org, session_id);
    await tx.run('delete from api_token where org = ? and id = ?', org, session_id);
    context.changed('session', session_id, { id: session_id, version: 0, user_id: session.user_id }, null);
  },
});

/** Makes a link that signs a member in once. */
export const createSignInLink = defineCommand({
  name: 'sign_in_link.create',
  input: z.object({ user_id: z.string(), hash: secretHash, expires_at: z.int() }),
  may: { roles: [] },
  async run({ tx, org }, { user_id, hash, expires_at }) {
    await knownMember(tx, org, user_id);
    await tx.run(
      'insert into sign_in_link (org, hash, user_id, expires_at) values (?, ?, ?, ?)',
      org,
      hash,
      user_id,
      expires_at,
    );
  },
});

/** Spends a sign-in link for a session. @throws token.invalid  used, expired or never made */
export const redeemSignInLink = defineCommand({
  name: 'sign_in_link.redeem',
  input: z.object({ hash: secretHash, secret_hash: secretHash, expires_at: z.int() }),
  may: { roles: [] },
  async run(context, { hash, secret_hash, expires_at }) {
    const { tx, org } = context;
    const link = await tx.get<{ user_id: string; expires_at: number }>(
      'select user_id, expires_at from sign_in_link where org = ? and hash = ?',
      org,
      hash,
    );
    if (!link || link.expires_at <= context.now) {
      throw new Failure('token.invalid', 'This sign-in link was used already, or is too old.');
    }
    await tx.run('delete from sign_in_link where hash = ?', hash);
    const session = await openSession(context, { user_id: link.user_id, secret_hash, expires_at });
    return { session_id: session.id, user_id: link.user_id };
  },
});

export const createApiToken = defineCommand({
  name: 'api_token.create',
  input: z.object({
    user_id: z.string(),
    hash: secretHash,
    name: z.string().min(1).max(200),
    scopes: z.array(z.enum(['read', 'ingest', 'admin'])).min(1),
  }),
  may: { roles: ADMINS },
  audited: true,
  async run(context, { user_id, hash, name, scopes }) {
    await knownMember(context.tx, context.org, user_id);
    const id = context.newId();
    await context.tx.run(
      'insert into api_token (org, id, hash, user_id, name, scopes, created_at) values (?, ?, ?, ?, ?, ?, ?)',
      context.org,
      id,
      hash,
      user_id,
      name,
      scopes.join(' '),
      context.now,
    );
    context.changed('session', id, null, { id, version: context.offset, user_id });
    return { token_id: id };
  },
});

/** Forgets sessions and links whose time is over. */
export const dropExpiredSessions = defineCommand({
  name: 'session.drop_expired',
  input: z.object({}),
  may: { roles: [] },
  async run({ tx, org, now }) {
    await tx.run('delete from session where org = ? and expires_at <= ?', org, now);
    await tx.run('delete from sign_in_link where org = ? and expires_at <= ?', org, now);
  },
});
