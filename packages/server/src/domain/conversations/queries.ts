import { z } from 'zod';
import { defineQuery } from '../../commands/index.ts';

const DUE_MAX_COUNT = 200;

/** Conversations whose snooze is over, of every organisation. For the server itself. */
export const findDueSnoozes = defineQuery({
  name: 'conversation.due_snoozes',
  input: z.object({ now: z.int() }),
  may: { roles: [] },
  run: ({ tx }, { now }) =>
    tx.all<{ org: string; id: string }>(
      `select org, id from conversation where snoozed_until is not null and snoozed_until <= ?
        order by snoozed_until limit ${DUE_MAX_COUNT}`,
      now,
    ),
});
