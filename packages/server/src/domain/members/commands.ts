import { Failure } from '@roost/protocol';
import { role } from '@roost/protocol/schema';
import { z } from 'zod';
import { ADMINS, defineCommand, EVERY_ROLE } from '../../commands/index.ts';
import { endSessionsOf } from '../sessions/session.ts';
import { addMember, knownMember } from './member.ts';

export const addMemberCommand = defineCommand({
  name: 'member.add',
  input: z.object({
    email: z.email().max(320),
    name: z.string().max(200).default(''),
    role,
    password_hash: z.string().nullable().default(null),
  }),
  may: { roles: ADMINS, scope: 'admin' },
  audited: true,
  run: (context, input) => addMember(context, input),
});

/** Removes somebody: their sessions and tokens end with the same entry of the log. The last owner stays. */
export const removeMember = defineCommand({
  name: 'member.remove',
  input: z.object({ user_id: z.string() }),
  may: { roles: ADMINS, scope: 'admin' },
  audited: true,
  async run(context, { user_id }) {
    const { tx, org } = context;
    const member = await knownMember(tx, org, user_id);
    if (member.role === 'owner') {
      const owners = await tx.get<{ count: number }>(
        `select count(*) as count from member where org = ? and role = 'owner'`,
        org,
      );
      if (owners?.count === 1) throw new Failure('access.forbidden', 'The last owner cannot be removed.');
    }
    await endSessionsOf(context, user_id);
    await tx.run('delete from member where org = ? and id = ?', org, user_id);
    context.forget(`role:${org}:${user_id}`);
    context.changed('member', user_id, member, null);
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
    await tx.run(
      'update member set read_offset = ?, version = ? where org = ? and id = ?',
      up_to,
      context.offset,
      org,
      user_id,
    );
    context.changed('member', user_id, before, { ...before, read_offset: up_to, version: context.offset });
    return { read_offset: up_to };
  },
});

export const setPassword = defineCommand({
  name: 'member.set_password',
  input: z.object({ user_id: z.string(), password_hash: z.string() }),
  may: { roles: [] },
  audited: true,
  async run({ tx, org }, { user_id, password_hash }) {
    await knownMember(tx, org, user_id);
    await tx.run('update person set password_hash = ? where id = ?', password_hash, user_id);
  },
});
