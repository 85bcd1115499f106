import { Failure, type MemberRow, type MeRow, normalAddress, type Role } from '@roost/protocol';
import type { CommandContext } from '../../commands/index.ts';
import type { Tx } from '../../store/database.ts';
import { beginAccess } from '../access/hidden.ts';

export interface NewMember {
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly password_hash: string | null;
}

/**
 * Makes a person a member; a person known by this address keeps their name and password.
 * What is there already counts as read.
 *
 * @throws member.exists
 */
export async function addMember(context: CommandContext, member: NewMember): Promise<MemberRow> {
  const { tx, org } = context;
  const email = normalAddress(member.email);
  let person = await tx.get<{ id: string }>('select id from person where email = ?', email);
  if (!person) {
    person = { id: context.newId() };
    await tx.run(
      'insert into person (id, email, name, password_hash, created_at) values (?, ?, ?, ?, ?)',
      person.id,
      email,
      member.name,
      member.password_hash,
      context.now,
    );
  }
  if (await readMember(tx, org, person.id)) throw new Failure('member.exists');
  await tx.run(
    `insert into member (org, id, version, role, read_offset, read_version, active, hidden, access_version)
       values (?, ?, ?, ?, ?, ?, 1, '[]', ?)`,
    org,
    person.id,
    context.offset,
    member.role,
    context.offset,
    context.offset,
    context.offset,
  );
  const row = await knownMember(tx, org, person.id);
  context.forget(`role:${org}:${person.id}`);
  logMember(context, null, row);
  await beginAccess(context, person.id);
  return memberOf(row);
}

/** All that is known of a member: what colleagues see of them, and what they see of themselves. */
export interface StoredMember extends MeRow {
  readonly active: boolean;
}

export async function readMember(tx: Tx, org: string, id: string): Promise<StoredMember | undefined> {
  const found = await tx.get<Omit<StoredMember, 'active'> & { active: number }>(
    `select member.id, version, email, name, role, read_offset, read_version, active
       from member join person on person.id = member.id where member.org = ? and member.id = ?`,
    org,
    id,
  );
  return found && { ...found, active: found.active === 1 };
}

/** @throws member.unknown */
export async function knownMember(tx: Tx, org: string, id: string): Promise<StoredMember> {
  const member = await readMember(tx, org, id);
  if (!member) throw new Failure('member.unknown');
  return member;
}

export function memberOf({ read_offset: _, read_version: __, ...row }: StoredMember): MemberRow {
  return row;
}

/** How far they have read changes what they see of themselves, and nothing that colleagues see. */
export function meOf({ active: _, ...row }: StoredMember): MeRow {
  return { ...row, version: Math.max(row.version, row.read_version) };
}

/** Logs a change that colleagues see, and the member themselves. */
export function logMember(
  context: CommandContext,
  before: StoredMember | null,
  after: StoredMember | null,
): void {
  const id = (after ?? before)?.id as string;
  context.changed('member', id, before && memberOf(before), after && memberOf(after));
  context.changed('me', id, before && meOf(before), after && meOf(after));
}
