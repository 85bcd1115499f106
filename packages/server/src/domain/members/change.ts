import type { Role } from '@roost/protocol';
import type { CommandContext } from '../../commands/index.ts';
import { settleAccess } from '../access/hidden.ts';
import { logMember, type StoredMember } from './member.ts';

/** Writes what is new of a member, has the log tell it, and settles what they may see from here on. */
export async function changeMember(
  context: CommandContext,
  before: StoredMember,
  change: { readonly role?: Role; readonly active?: boolean; readonly name?: string },
): Promise<StoredMember> {
  const { tx, org, offset } = context;
  const after: StoredMember = { ...before, ...change, version: offset };
  await tx.run(
    'update member set role = ?, active = ?, version = ? where org = ? and id = ?',
    after.role,
    after.active ? 1 : 0,
    offset,
    org,
    before.id,
  );
  if (after.name !== before.name)
    await tx.run('update person set name = ? where id = ?', after.name, before.id);
  context.forget(`role:${org}:${before.id}`);
  logMember(context, before, after);
  await settleAccess(context, [before.id]);
  return after;
}
