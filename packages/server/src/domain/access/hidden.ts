import type { AccessRow, Role } from '@roost/protocol';
import type { Actor, CommandContext } from '../../commands/index.ts';
import type { Tx } from '../../store/database.ts';

/** Who sees every inbox, whoever its members are. */
const SEES_ALL: readonly Role[] = ['owner', 'admin'];

/** Inboxes kept from whoever asks; none from the server itself. */
export async function hiddenFrom(tx: Tx, org: string, actor: Actor): Promise<readonly string[]> {
  if (actor.kind === 'system') return [];
  return (await readAccess(tx, org, actor.user_id)).hidden;
}

/** What a member may see. Somebody who is no member sees nothing, which others check. */
export async function readAccess(tx: Tx, org: string, userId: string): Promise<AccessRow> {
  const found = await tx.get<{ hidden: string; admin: number; access_version: number }>(
    'select hidden, admin, access_version from member where org = ? and id = ?',
    org,
    userId,
  );
  return {
    id: userId,
    version: found?.access_version ?? 0,
    hidden: found ? JSON.parse(found.hidden) : [],
    admin: found?.admin === 1,
  };
}

/**
 * Works out again what every member, or these, may see, and puts what changed into the log. To be called by whatever
 * changes roles, members, or who belongs to an inbox (rule A2).
 */
export async function settleAccess(
  context: CommandContext,
  userIds?: readonly string[],
  isNew = false,
): Promise<void> {
  const { tx, org } = context;
  const restricted = await tx.all<{ id: string; member_ids: string }>(
    `select id, member_ids from inbox where org = ? and access = 'members' order by id`,
    org,
  );
  const inboxes = restricted.map(({ id, member_ids }) => ({ id, members: new Set(JSON.parse(member_ids)) }));
  const members = await tx.all<{
    id: string;
    role: Role;
    hidden: string;
    admin: number;
    access_version: number;
  }>('select id, role, hidden, admin, access_version from member where org = ? order by id', org);
  for (const member of members) {
    if (userIds && !userIds.includes(member.id)) continue;
    const admin = SEES_ALL.includes(member.role);
    const hidden = admin ? [] : inboxes.filter(({ members }) => !members.has(member.id)).map(({ id }) => id);
    const before: AccessRow = {
      id: member.id,
      version: member.access_version,
      hidden: JSON.parse(member.hidden),
      admin: member.admin === 1,
    };
    if (isNew || admin !== before.admin || hidden.join(' ') !== before.hidden.join(' '))
      await writeAccess(context, isNew ? null : before, { id: member.id, hidden, admin });
  }
}

/** What a new member may see. The log tells of it in any case: what is remembered of an earlier stay holds no more. */
export async function beginAccess(context: CommandContext, userId: string): Promise<void> {
  await settleAccess(context, [userId], true);
}

/** Nobody's any more. To be called before the member is gone. */
export async function endAccess(context: CommandContext, userId: string): Promise<void> {
  const before = await readAccess(context.tx, context.org, userId);
  context.changed('access', userId, before, null);
}

/** Has a member's channels opened anew, although no inbox changed: they left a direct conversation. */
export async function renewAccess(context: CommandContext, userId: string): Promise<void> {
  const before = await readAccess(context.tx, context.org, userId);
  await writeAccess(context, before, before);
}

async function writeAccess(
  context: CommandContext,
  before: AccessRow | null,
  { id: userId, hidden, admin }: Omit<AccessRow, 'version'>,
): Promise<void> {
  const { tx, org, offset } = context;
  const after: AccessRow = { id: userId, version: offset, hidden: [...hidden], admin };
  await tx.run(
    'update member set hidden = ?, admin = ?, access_version = ? where org = ? and id = ?',
    JSON.stringify(hidden),
    admin ? 1 : 0,
    offset,
    org,
    userId,
  );
  context.changed('access', userId, before, after);
}
