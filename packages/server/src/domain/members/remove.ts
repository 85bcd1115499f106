import { z } from 'zod';
import { ADMINS, defineCommand } from '../../commands/index.ts';
import { endAccess } from '../access/hidden.ts';
import { endAccessOf } from '../sessions/session.ts';
import { leaveInboxes } from './inboxes.ts';
import { knownMember, logMember } from './member.ts';
import { assertMayRule, assertOwnerStays } from './owners.ts';

/** Removes somebody: their sessions and tokens end with the same entry of the log. The last owner stays. */
export const removeMember = defineCommand({
  name: 'member.remove',
  input: z.object({ user_id: z.string() }),
  may: { roles: ADMINS, scope: 'admin' },
  audited: ({ user_id }) => ({ user_id }),
  async run(context, { user_id }) {
    const { tx, org } = context;
    const member = await knownMember(tx, org, user_id);
    await assertMayRule(context, member.role);
    await assertOwnerStays(context, member, 'removed');
    await endAccessOf(context, user_id);
    await leaveInboxes(context, user_id);
    await endAccess(context, user_id);
    await tx.run('delete from member where org = ? and id = ?', org, user_id);
    context.forget(`role:${org}:${user_id}`);
    logMember(context, member, null);
  },
});
