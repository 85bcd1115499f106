import { Failure } from '@roost/protocol';
import { z } from 'zod';
import { defineCommand, EVERY_ROLE } from '../../commands/index.ts';
import { activeMember } from '../members/active.ts';
import { digest, endSessionsOf, newSession, openSession, refuseHostTokens, tellEnd } from './session.ts';

/** Opens a session for a member whose password was just checked. */
export const openSessionCommand = defineCommand({
  name: 'session.open',
  input: newSession.extend({ user_id: z.string() }),
  may: { roles: [] },
  async run(context, { user_id, ...session }) {
    await activeMember(context.tx, context.org, user_id);
    const { id } = await openSession(context, user_id, 'password', session);
    return { session_id: id };
  },
});

/** Ends one session. A member ends their own, the server any. One that has ended stays ended. */
export const closeSession = defineCommand({
  name: 'session.close',
  input: z.object({ session_id: z.string() }),
  may: { roles: EVERY_ROLE },
  async run(context, { session_id }) {
    const { tx, org, actor } = context;
    const session = await tx.get<{ user_id: string; kind: string }>(
      'select user_id, kind from session where org = ? and id = ?',
      org,
      session_id,
    );
    if (!session) return;
    if (actor.kind !== 'system' && actor.user_id !== session.user_id) throw new Failure('access.forbidden');
    await tx.run('delete from session where org = ? and id = ?', org, session_id);
    tellEnd(context, session_id, session.user_id);
    if (session.kind === 'host') await refuseHostTokens(context, session.user_id);
  },
});

/** Ends a person's sessions in this organisation, but the one named. */
export const closeOtherSessions = defineCommand({
  name: 'session.close_others',
  input: z.object({ user_id: z.string(), kept_id: z.string().nullable() }),
  may: { roles: [] },
  run: async (context, { user_id, kept_id }) => ({ ended: await endSessionsOf(context, user_id, kept_id) }),
});

/** Makes a link that signs a member in once. */
export const createSignInLink = defineCommand({
  name: 'sign_in_link.create',
  input: z.object({ user_id: z.string(), hash: digest, expires_at: z.int() }),
  may: { roles: [] },
  audited: ({ user_id }) => ({ user_id }),
  async run({ tx, org }, { user_id, hash, expires_at }) {
    await activeMember(tx, org, user_id);
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
  input: z.object({ hash: digest, session: newSession }),
  may: { roles: [] },
  async run(context, { hash, session }) {
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
    const { id } = await openSession(context, link.user_id, 'link', session);
    return { session_id: id, user_id: link.user_id };
  },
});

/** Forgets sessions, links, invitations and tokens whose time is over. Nobody can act with them any more as it is. */
export const dropExpiredSessions = defineCommand({
  name: 'session.drop_expired',
  input: z.object({}),
  may: { roles: [] },
  async run({ tx, org, now }) {
    for (const table of ['session', 'sign_in_link', 'invitation', 'api_token']) {
      await tx.run(`delete from ${table} where org = ? and expires_at <= ?`, org, now);
    }
  },
});
