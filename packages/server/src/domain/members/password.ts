import { z } from 'zod';
import { defineCommand } from '../../commands/index.ts';
import { endSessionsOf } from '../sessions/session.ts';
import { activeMember } from './active.ts';

/** Sets a person's password, and ends their other sessions here: whoever knew the old one is out. */
export const setPassword = defineCommand({
  name: 'member.set_password',
  input: z.object({
    user_id: z.string(),
    password_hash: z.string(),
    /** The session that goes on: the one it was asked in. */
    kept_session_id: z.string().nullable().default(null),
  }),
  may: { roles: [] },
  audited: ({ user_id }) => ({ user_id }),
  async run(context, { user_id, password_hash, kept_session_id }) {
    const { tx, org } = context;
    await activeMember(tx, org, user_id);
    await tx.run('update person set password_hash = ? where id = ?', password_hash, user_id);
    await endSessionsOf(context, user_id, kept_session_id);
  },
});
