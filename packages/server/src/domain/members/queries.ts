import { normalAddress, type Role } from '@roost/protocol';
import { z } from 'zod';
import { defineQuery } from '../../commands/index.ts';
import type { Tx } from '../../store/database.ts';

export interface Credentials {
  readonly user_id: string;
  readonly password_hash: string | null;
  /** Organisations they may act in, the oldest first. */
  readonly orgs: readonly string[];
}

/** What sign-in needs to know of the person with this address; null when there is none. */
export const readCredentials = defineQuery({
  name: 'member.credentials',
  input: z.object({ email: z.string() }),
  may: { roles: [] },
  async run({ tx }, { email }): Promise<Credentials | null> {
    const person = await tx.get<{ id: string; password_hash: string | null }>(
      'select id, password_hash from person where email = ?',
      normalAddress(email),
    );
    if (!person) return null;
    const orgs = await organisationsOf(tx, person.id);
    return { user_id: person.id, password_hash: person.password_hash, orgs: orgs.map(({ id }) => id) };
  },
});

export interface OwnOrganisation {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
}

/** Organisations that a person may act in, the oldest first. */
export const listOwnOrganisations = defineQuery({
  name: 'member.organisations',
  input: z.object({ user_id: z.string() }),
  may: { roles: [] },
  run: ({ tx }, { user_id }) => organisationsOf(tx, user_id),
});

function organisationsOf(tx: Tx, userId: string): Promise<OwnOrganisation[]> {
  return tx.all<OwnOrganisation>(
    `select organisation.id as id, organisation.name as name, role
       from member join organisation on organisation.id = member.org
       where member.id = ? and active = 1 order by organisation.created_at, organisation.id`,
    userId,
  );
}

/** The hash of a person's own password, for a change of it. */
export const readPasswordHash = defineQuery({
  name: 'member.password_hash',
  input: z.object({ user_id: z.string() }),
  may: { roles: [] },
  async run({ tx }, { user_id }): Promise<string | null> {
    const found = await tx.get<{ password_hash: string | null }>(
      'select password_hash from person where id = ?',
      user_id,
    );
    return found?.password_hash ?? null;
  },
});

export const listMembers = defineQuery({
  name: 'member.list',
  input: z.object({}),
  may: { roles: [] },
  run: ({ tx, org }) =>
    tx.all<{ id: string; email: string; role: Role; active: number; has_password: number }>(
      `select person.id, email, role, active, case when password_hash is null then 0 else 1 end as has_password
         from member join person on person.id = member.id where org = ? order by person.created_at, person.id`,
      org,
    ),
});
