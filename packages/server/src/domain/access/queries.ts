import type { AccessRow } from '@roost/protocol';
import { z } from 'zod';
import { defineQuery } from '../../commands/index.ts';
import { readAccess } from './hidden.ts';

/** What a member may see, with the offset of the same moment. For the server itself. */
export const readAccessQuery = defineQuery({
  name: 'access.read',
  input: z.object({ user_id: z.string() }),
  may: { roles: [] },
  async run({ tx, org }, { user_id }): Promise<{ epoch: string; offset: number; access: AccessRow }> {
    const head = await tx.get<{ epoch: string; offset: number }>(
      'select epoch, "offset" from head where org = ?',
      org,
    );
    return { ...(head ?? { epoch: 'e0', offset: 0 }), access: await readAccess(tx, org, user_id) };
  },
});
