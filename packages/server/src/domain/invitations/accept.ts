import { Failure, type Role } from '@roost/protocol';
import { z } from 'zod';
import { type CommandContext, defineCommand } from '../../commands/index.ts';
import { enterInboxes } from '../members/inboxes.ts';
import { addMember } from '../members/member.ts';
import { digest, newSession, openSession } from '../sessions/session.ts';

interface Invitation {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly inbox_ids: string;
  readonly invited_by: string | null;
  readonly expires_at: number;
}

interface Accepted {
  readonly session_id: string;
  readonly user_id: string;
  readonly email: string;
  readonly role: Role;
  readonly invited_by: string | null;
}

/**
 * Makes whoever holds the link a member, and signs them in. Somebody who has an account here must have proved that it
 * is theirs: the link alone, which an admin of any organisation can make for any address, opens nobody's account.
 *
 * @throws invitation.unknown, member.exists; credentials.wrong  the account is not proved to be theirs
 */
export const acceptInvitation = defineCommand({
  name: 'invitation.accept',
  input: z.object({
    hash: digest,
    /** Empty for what the invitation says. Who is known already keeps their name. */
    name: z.string().trim().max(200),
    /** For somebody new. */
    password_hash: z.string().nullable(),
    /** Who has just proved to be this person. */
    proved_user_id: z.string().nullable(),
    session: newSession,
  }),
  may: { roles: [] },
  audited: (_, { session_id: _id, ...told }: Accepted) => told,
  async run(context, { hash, name, password_hash, proved_user_id, session }): Promise<Accepted> {
    const { tx, org, now } = context;
    const invitation = await tx.get<Invitation>(
      'select id, email, name, role, inbox_ids, invited_by, expires_at from invitation where org = ? and hash = ?',
      org,
      hash,
    );
    if (!invitation || invitation.expires_at <= now) throw new Failure('invitation.unknown');
    const { email, role, invited_by } = invitation;
    await claimPerson(context, email, { name: name || invitation.name, password_hash, proved_user_id });
    await tx.run('delete from invitation where org = ? and id = ?', org, invitation.id);
    const member = await addMember(context, { email, name: name || invitation.name, role, password_hash });
    await enterInboxes(context, member.id, JSON.parse(invitation.inbox_ids));
    const { id } = await openSession(context, member.id, 'password', session);
    return { session_id: id, user_id: member.id, email, role, invited_by };
  },
});

/** Sees to it that the account behind the address, if there is one, is the one of who asks. */
async function claimPerson(
  { tx }: CommandContext,
  email: string,
  {
    name,
    password_hash,
    proved_user_id,
  }: { name: string; password_hash: string | null; proved_user_id: string | null },
): Promise<void> {
  const person = await tx.get<{ id: string; is_held: number }>(
    `select id, case when password_hash is not null or exists (select 1 from member where member.id = person.id)
         or exists (select 1 from host_identity where user_id = person.id)
       then 1 else 0 end as is_held from person where email = ?`,
    email,
  );
  if (person && proved_user_id === person.id) return;
  if (person?.is_held === 1)
    throw new Failure(
      'credentials.wrong',
      'Somebody with this address has an account here: sign in as them first.',
    );
  if (password_hash === null) throw new Failure('request.invalid', 'Choose a password.');
  // Left over from a membership that ended, and nobody's since.
  if (person)
    await tx.run(
      'update person set name = ?, password_hash = ? where id = ?',
      name,
      password_hash,
      person.id,
    );
}
