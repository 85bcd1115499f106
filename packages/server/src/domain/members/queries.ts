import { normalAddress, type Role } from '@roost/protocol';
import { z } from 'zod';
import { defineQuery } from '../../commands/index.ts';

export interface Credentials {
  readonly org: string;
  readonly user_id: string;
  readonly password_hash: string | null;
}

/** What sign-in needs to know of the person with this address; null when there is none. */
export const readCredentials = defineQuery({
  name: 'member.credentials',
  input: z.object({ email: z.string() }),
  may: { roles: [] },
  async run({ tx }, { email }): Promise<Credentials | null> {
    const found = await tx.get<Credentials>(
      `select member.org as org, person.id as user_id, password_hash
         from person join member on member.id = person.id where email = ? order by member.org limit 1`,
      normalAddress(email),
    );
    return found ?? null;
  },
});

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
    tx.all<{ id: string; email: string; role: Role; has_password: number }>(
      `select person.id, email, role, case when password_hash is null then 0 else 1 end as has_password
         from member join person on person.id = member.id where org = ? order by person.created_at, person.id`,
      org,
    ),
});
