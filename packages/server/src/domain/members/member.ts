import { Failure, type MemberRow, normalAddress, type Role } from '@roost/protocol';
import type { CommandContext } from '../../commands/index.ts';
import type { Tx } from '../../store/database.ts';

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
    'insert into member (org, id, version, role, read_offset) values (?, ?, ?, ?, ?)',
    org,
    person.id,
    context.offset,
    member.role,
    context.offset,
  );
  const row = await knownMember(tx, org, person.id);
  context.forget(`role:${org}:${person.id}`);
  context.changed('member', row.id, null, row);
  return row;
}

export async function readMember(tx: Tx, org: string, id: string): Promise<MemberRow | undefined> {
  return tx.get<MemberRow>(
    `select member.id, version, email, name, role, read_offset
       from member join person on person.id = member.id where member.org = ? and member.id = ?`,
    org,
    id,
  );
}

/** @throws member.unknown */
export async function knownMember(tx: Tx, org: string, id: string): Promise<MemberRow> {
  const member = await readMember(tx, org, id);
  if (!member) throw new Failure('member.unknown');
  return member;
}
