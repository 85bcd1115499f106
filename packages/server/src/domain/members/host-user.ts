import { Failure, type Role } from '@roost/protocol';
import { role } from '@roost/protocol/schema';
import { z } from 'zod';
import { type CommandContext, defineCommand, defineQuery } from '../../commands/index.ts';
import { HOST_ROLES, type HostRole } from '../organisations/host.ts';
import { newSession, openSession } from '../sessions/session.ts';
import { changeMember } from './change.ts';
import { addMember, knownMember, readMember, type StoredMember } from './member.ts';

const RANK: Readonly<Record<Role, number>> = { viewer: 0, agent: 1, admin: 2, owner: 3 };
/** What a user becomes of whom the host does not say it. */
const ROLE_UNSAID: HostRole = 'agent';
/** Reserved (RFC 2606): mail to it goes nowhere, and nobody signs in with it. */
const NO_ADDRESS = 'host.invalid';

/** What a host application says of its user. */
export const hostUser = z.object({
  /** The host's own id of them. */
  external_id: z.string().min(1).max(200),
  role: role.nullable(),
  role_max: z.enum(HOST_ROLES),
  name: z.string().max(200),
  email: z.email().max(320).nullable(),
  /** When the token was made, ms since 1970 UTC, to the second. */
  issued_at: z.int(),
});
export type HostUser = z.output<typeof hostUser>;

export interface HostEntered {
  readonly user_id: string;
  readonly session_id: string;
  readonly role: Role;
}

type Entered = HostEntered & { readonly email: string; readonly did: 'added' | 'linked' | 'changed' | null };

/**
 * Lets in somebody whom a host application vouches for: makes them a member the first time, then has their role
 * follow. Never gives more than `role_max`, and never speaks for anybody whose role here is above it.
 *
 * @throws access.forbidden  deactivated, or above what the host may speak for; token.invalid  ended since it was made
 */
export const enterFromHost = defineCommand({
  name: 'host.enter',
  input: z.object({ user: hostUser, session: newSession }),
  may: { roles: [] },
  audited: ({ user }, { user_id, email, role, did }: Entered) =>
    did === null ? null : { user_id, email, role, did, external_id: user.external_id },
  async run(context, { user, session }): Promise<Entered> {
    const known = await memberOfHost(context, user);
    const { member, did } = known ? await follow(context, user, known) : await firstTime(context, user);
    const session_id = await keepSession(context, member.id, session);
    return { user_id: member.id, session_id, role: member.role, email: member.email, did };
  },
});

interface Followed {
  readonly member: StoredMember;
  readonly did: Entered['did'];
}

interface Known extends Identity {
  readonly member: StoredMember | undefined;
}

interface Identity {
  readonly user_id: string;
  readonly owns_person: number;
  readonly refused_before: number;
}

async function memberOfHost({ tx, org }: CommandContext, user: HostUser): Promise<Known | null> {
  const identity = await tx.get<Identity>(
    'select user_id, owns_person, refused_before from host_identity where org = ? and external_id = ?',
    org,
    user.external_id,
  );
  return identity ? { ...identity, member: await readMember(tx, org, identity.user_id) } : null;
}

async function follow(context: CommandContext, user: HostUser, known: Known): Promise<Followed> {
  const { member } = known;
  // Asked first: who is barred is told so by every token, and need not come back with another.
  if (member) assertMaySpeakFor(user, member);
  if (user.issued_at <= known.refused_before)
    throw new Failure('token.invalid', 'This session has ended: ask the host application for a new token.');
  if (!member) return { member: await addAgain(context, user, known.user_id), did: 'added' };
  const role = granted(user) ?? member.role;
  const name = known.owns_person === 1 && user.name !== '' ? user.name : member.name;
  if (role === member.role && name === member.name) return { member, did: null };
  return { member: await changeMember(context, member, { role, name }), did: 'changed' };
}

async function addAgain(context: CommandContext, user: HostUser, userId: string): Promise<StoredMember> {
  const person = await context.tx.get<{ email: string }>('select email from person where id = ?', userId);
  if (!person) throw new Failure('member.unknown');
  return addUser(context, user, person.email);
}

async function firstTime(context: CommandContext, user: HostUser): Promise<Followed> {
  const { tx, org } = context;
  const email = user.email?.trim().toLowerCase() ?? `${context.newId()}@${NO_ADDRESS}`;
  const person = await tx.get<{ id: string }>('select id from person where email = ?', email);
  const here = person && (await readMember(tx, org, person.id));
  if (here) assertMaySpeakFor(user, here);
  const member = here ?? (await addUser(context, user, email));
  await tx.run(
    'insert into host_identity (org, external_id, user_id, owns_person, refused_before) values (?, ?, ?, ?, 0)',
    org,
    user.external_id,
    member.id,
    person ? 0 : 1,
  );
  if (!here) return { member, did: 'added' };
  const role = granted(user) ?? here.role;
  return { member: role === here.role ? here : await changeMember(context, here, { role }), did: 'linked' };
}

async function addUser(context: CommandContext, user: HostUser, email: string): Promise<StoredMember> {
  const role = granted(user) ?? lower(ROLE_UNSAID, user.role_max);
  const { id } = await addMember(context, { email, name: user.name, role, password_hash: null });
  return knownMember(context.tx, context.org, id);
}

function assertMaySpeakFor({ role_max }: HostUser, { role, active }: StoredMember): void {
  if (!active) throw new Failure('access.forbidden', 'This member was deactivated.');
  if (RANK[role] > RANK[role_max]) {
    throw new Failure(
      'access.forbidden',
      `Who is ${role} here signs in here: the host speaks for nobody above ${role_max}.`,
    );
  }
}

/** The role the host asks for, as far as it may; null when it says nothing. */
function granted({ role, role_max }: HostUser): Role | null {
  return role && lower(role, role_max);
}

function lower(one: Role, other: Role): Role {
  return RANK[one] < RANK[other] ? one : other;
}

/** One session for all tokens that a host mints for one user, so that there is something to end. */
async function keepSession(
  context: CommandContext,
  userId: string,
  session: z.output<typeof newSession>,
): Promise<string> {
  const { tx, org, now } = context;
  const held = await tx.get<{ id: string }>(
    `select id from session where org = ? and user_id = ? and kind = 'host'`,
    org,
    userId,
  );
  if (!held) return (await openSession(context, userId, 'host', session)).id;
  await tx.run(
    'update session set expires_at = ?, last_used_at = ? where org = ? and id = ?',
    session.expires_at,
    now,
    org,
    held.id,
  );
  return held.id;
}

export interface HostUserFound {
  readonly user_id: string;
  readonly name: string;
  readonly role: Role;
  readonly active: number;
  readonly owns_person: number;
  readonly refused_before: number;
  readonly session_id: string | null;
  readonly session_expires_at: number | null;
}

/** Who a host's user is here, with their session; null before the first time, and after they were removed. */
export const findHostUser = defineQuery({
  name: 'host.user',
  input: z.object({ external_id: z.string() }),
  may: { roles: [] },
  async run({ tx, org }, { external_id }): Promise<HostUserFound | null> {
    const found = await tx.get<HostUserFound>(
      `select member.id as user_id, person.name as name, member.role as role, member.active as active,
          owns_person, refused_before, session.id as session_id, session.expires_at as session_expires_at
         from host_identity
         join member on member.org = host_identity.org and member.id = host_identity.user_id
         join person on person.id = member.id
         left join session on session.org = member.org and session.user_id = member.id and session.kind = 'host'
         where host_identity.org = ? and external_id = ?`,
      org,
      external_id,
    );
    return found ?? null;
  },
});

/** Whether the store says of somebody what their token says: then nothing has to be written to let them in. */
export function isAsSaid(found: HostUserFound, user: HostUser, until: number): boolean {
  const role = granted(user) ?? found.role;
  const isNamed = user.name === '' || found.owns_person === 0 || found.name === user.name;
  return (
    found.active === 1 &&
    found.role === role &&
    RANK[role] <= RANK[user.role_max] &&
    isNamed &&
    user.issued_at > found.refused_before &&
    found.session_id !== null &&
    (found.session_expires_at ?? 0) >= until
  );
}
