import { z } from 'zod';
import { defineQuery } from '../../commands/index.ts';

/** Every organisation on this server, oldest first. For the server itself. */
export const listOrganisations = defineQuery({
  name: 'organisation.list',
  input: z.object({}),
  may: { roles: [] },
  run: ({ tx }) =>
    tx.all<{ id: string; name: string }>('select id, name from organisation order by created_at, id'),
});

/** A value of the server's own, such as the key that signs access tokens. */
export const readSetting = defineQuery({
  name: 'setting.read',
  input: z.object({ name: z.string() }),
  may: { roles: [] },
  async run({ tx }, { name }) {
    const setting = await tx.get<{ value: string }>('select value from setting where name = ?', name);
    return setting?.value ?? null;
  },
});
