import { z } from 'zod';
import { ADMINS, defineCommand } from '../../commands/index.ts';
import { endAccessOf } from '../sessions/session.ts';
import { changeMember } from './change.ts';
import { knownMember, memberOf } from './member.ts';
import { assertMayRule, assertOwnerStays } from './owners.ts';

const whom = z.object({ user_id: z.string() });

/** Somebody can no longer act or sign in; their name stays under what they wrote. The last owner stays active. */
export const deactivateMember = defineCommand({
  name: 'member.deactivate',
  input: whom,
  may: { roles: ADMINS, scope: 'admin' },
  audited: ({ user_id }) => ({ user_id }),
  async run(context, { user_id }) {
    const before = await knownMember(context.tx, context.org, user_id);
    await assertMayRule(context, before.role);
    await assertOwnerStays(context, before, 'deactivated');
    if (!before.active) return memberOf(before);
    await endAccessOf(context, user_id);
    return memberOf(await changeMember(context, before, { active: false }));
  },
});

/** Lets somebody act again, who has to sign in anew. */
export const reactivateMember = defineCommand({
  name: 'member.reactivate',
  input: whom,
  may: { roles: ADMINS, scope: 'admin' },
  audited: ({ user_id }) => ({ user_id }),
  async run(context, { user_id }) {
    const before = await knownMember(context.tx, context.org, user_id);
    await assertMayRule(context, before.role);
    if (before.active) return memberOf(before);
    return memberOf(await changeMember(context, before, { active: true }));
  },
});
