import { z } from 'zod';
import { defineCommand } from '../../commands/index.ts';

/**
 * Forgets how messages were to be sent that failed and that nobody has sent again since `before` (ms since 1970, of
 * their writing). The messages themselves stay.
 */
export const dropOldOutgoing = defineCommand({
  name: 'outbox.drop_old',
  input: z.object({ before: z.int() }),
  may: { roles: [] },
  run: ({ tx, org }, { before }) =>
    tx.run(`delete from outbox where org = ? and state = 'failed' and created_at < ?`, org, before),
});
