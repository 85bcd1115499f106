import { Failure, type MemberRow } from '@roost/protocol';
import { role } from '@roost/protocol/schema';
import { z } from 'zod';
import { ADMINS, defineCommand, EVERY_ROLE } from '../../commands/index.ts';
import { addMember, knownMember, meOf } from './member.ts';
import { assertMayRule } from './owners.ts';

export const addMemberCommand = defineCommand({
  name: 'member.add',
  input: z.object({
    email: z.email().max(320),
    name: z.string().max(200).default(''),
    role,
    password_hash: z.string().nullable().default(null),
  }),
  may: { roles: ADMINS, scope: 'admin' },
  audited: ({ role }, { id }: MemberRow) => ({ user_id: id, role }),
  async run(context, input) {
    await assertMayRule(context, input.role);
    // A password for somebody is theirs to choose, or the server's to set.
    const password_hash = context.actor.kind === 'system' ? input.password_hash : null;
    return addMember(context, { ...input, password_hash });
  },
});

/** Moves a member's own read cursor forward; an older offset than the stored one changes nothing. */
export const markRead = defineCommand({
  name: 'member.read',
  input: z.object({ user_id: z.string(), up_to: z.int().min(0) }),
  may: { roles: EVERY_ROLE, scope: 'read' },
  async run(context, { user_id, up_to }) {
    const { tx, org, actor } = context;
    if (actor.kind !== 'system' && actor.user_id !== user_id) throw new Failure('access.forbidden');
    const before = await knownMember(tx, org, user_id);
    if (up_to >= context.offset)
      throw new Failure('cursor.unknown', 'That offset lies past the head of the log.');
    if (up_to <= before.read_offset) return { read_offset: before.read_offset };
    const after = { ...before, read_offset: up_to, read_version: context.offset };
    await tx.run(
      'update member set read_offset = ?, read_version = ? where org = ? and id = ?',
      up_to,
      context.offset,
      org,
      user_id,
    );
    context.changed('me', user_id, meOf(before), meOf(after));
    return { read_offset: up_to };
  },
});
