import { Failure, type Role } from '@roost/protocol';
import type { CommandContext } from '../../commands/index.ts';
import { activeMember } from './active.ts';
import type { StoredMember } from './member.ts';

/**
 * Only owners make owners, and only they change what becomes of one. The server itself may do all.
 *
 * @param roles  roles that somebody has, or is to have
 * @throws access.forbidden
 */
export async function assertMayRule({ tx, org, actor }: CommandContext, ...roles: Role[]): Promise<void> {
  if (actor.kind === 'system' || !roles.includes('owner')) return;
  const { role } = await activeMember(tx, org, actor.user_id);
  if (role !== 'owner') throw new Failure('access.forbidden', 'Only an owner decides about owners.');
}

/** An organisation always keeps an owner who can act. To be asked before `member` stops being one. */
export async function assertOwnerStays(
  { tx, org }: CommandContext,
  member: StoredMember,
  becomes: string,
): Promise<void> {
  if (member.role !== 'owner' || !member.active) return;
  const other = await tx.get<{ id: string }>(
    `select id from member where org = ? and role = 'owner' and active = 1 and id <> ? limit 1`,
    org,
    member.id,
  );
  if (!other) throw new Failure('access.forbidden', `The last owner cannot be ${becomes}.`);
}
