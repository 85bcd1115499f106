import { z } from 'zod';
import { defineCommand } from '../../commands/index.ts';
import { addMember } from '../members/member.ts';

/** Founds an organisation with its owner. Only the server itself may. */
export const foundOrganisation = defineCommand({
  name: 'organisation.found',
  input: z.object({
    name: z.string().min(1).max(200),
    owner_email: z.string().min(3).max(320),
    owner_name: z.string().max(200).default(''),
    password_hash: z.string().nullable(),
  }),
  may: { roles: [] },
  audited: true,
  founds: true,
  async run(context, input) {
    await context.tx.run(
      'insert into organisation (id, name, created_at) values (?, ?, ?)',
      context.org,
      input.name,
      context.now,
    );
    const owner = await addMember(context, {
      email: input.owner_email,
      name: input.owner_name,
      role: 'owner',
      password_hash: input.password_hash,
    });
    return { user_id: owner.id };
  },
});
