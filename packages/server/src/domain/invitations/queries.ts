import type { Role } from '@roost/protocol';
import { z } from 'zod';
import { ADMINS, defineQuery } from '../../commands/index.ts';

export interface InvitationListed {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly inbox_ids: readonly string[];
  /** User id; null for the server itself. */
  readonly invited_by: string | null;
  readonly created_at: number;
  readonly expires_at: number;
}

/** Invitations that nobody has accepted yet, the newest first; also those that are too old, until they are dropped. */
export const listInvitations = defineQuery({
  name: 'invitation.list',
  input: z.object({}),
  may: { roles: ADMINS, scope: 'admin' },
  async run({ tx, org }): Promise<InvitationListed[]> {
    const found = await tx.all<Omit<InvitationListed, 'inbox_ids'> & { inbox_ids: string }>(
      `select id, email, name, role, inbox_ids, invited_by, created_at, expires_at from invitation
         where org = ? order by created_at desc, id desc`,
      org,
    );
    return found.map((one) => ({ ...one, inbox_ids: JSON.parse(one.inbox_ids) }));
  },
});

export interface InvitationOpened {
  readonly org: string;
  readonly org_name: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly expires_at: number;
  /** The account that this address has here, which must prove itself; null for somebody new. */
  readonly account: { readonly user_id: string; readonly password_hash: string | null } | null;
}

/** What the holder of a link was invited to; null when the link is good for nothing. For the server itself. */
export const openInvitation = defineQuery({
  name: 'invitation.open',
  input: z.object({ hash: z.string() }),
  may: { roles: [] },
  async run({ tx }, { hash }): Promise<InvitationOpened | null> {
    const found = await tx.get<Omit<InvitationOpened, 'account'>>(
      `select invitation.org as org, organisation.name as org_name, email, invitation.name as name, role, expires_at
         from invitation join organisation on organisation.id = invitation.org where hash = ?`,
      hash,
    );
    if (!found) return null;
    const person = await tx.get<{ user_id: string; password_hash: string | null; orgs: number }>(
      `select id as user_id, password_hash, (select count(*) from member where member.id = person.id) +
          (select count(*) from host_identity where user_id = person.id) as orgs
         from person where email = ?`,
      found.email,
    );
    const isHeld = person && (person.password_hash !== null || Number(person.orgs) > 0);
    return {
      ...found,
      account: isHeld ? { user_id: person.user_id, password_hash: person.password_hash } : null,
    };
  },
});
