import type { Role } from '@roost/protocol';
import { role } from '@roost/protocol/schema';
import { z } from 'zod';
import { ADMINS, defineCommand } from '../../commands/index.ts';
import { changeMember } from './change.ts';
import { knownMember, memberOf } from './member.ts';
import { assertMayRule, assertOwnerStays } from './owners.ts';

/** Gives a member another role. Sessions live on, under the new role from this entry of the log on. */
export const changeRole = defineCommand({
  name: 'member.change_role',
  input: z.object({ user_id: z.string(), role }),
  may: { roles: ADMINS, scope: 'admin' },
  audited: ({ user_id, role }, { was }: { was: Role }) => (was === role ? null : { user_id, role, was }),
  async run(context, { user_id, role }) {
    const before = await knownMember(context.tx, context.org, user_id);
    await assertMayRule(context, before.role, role);
    if (before.role === role) return { member: memberOf(before), was: role };
    await assertOwnerStays(context, before, 'given another role');
    return { member: memberOf(await changeMember(context, before, { role })), was: before.role };
  },
});
