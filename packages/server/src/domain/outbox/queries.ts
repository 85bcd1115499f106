import { z } from 'zod';
import { defineQuery } from '../../commands/index.ts';
import { carrier } from './outgoing.ts';

export interface Due {
  readonly org: string;
  readonly message_id: string;
  readonly inbox_id: string;
}

/**
 * What may be handed over now, of all organisations, the longest waiting first. Of a conversation only the oldest
 * message that is not over: a later one never overtakes it, also while it waits for another attempt.
 */
export const dueOutgoing = defineQuery({
  name: 'outbox.due',
  input: z.object({
    /** ms since 1970. */
    now: z.int(),
    via: carrier,
    /** Those that have all they may have at once. */
    without_inboxes: z.array(z.string()).max(500),
    limit: z.int().min(1).max(500),
  }),
  may: { roles: [] },
  async run({ tx }, { now, via, without_inboxes, limit }): Promise<Due[]> {
    const marks = without_inboxes.map(() => '?').join(', ');
    const elsewhere = marks === '' ? '' : `and o.inbox_id not in (${marks})`;
    return tx.all<Due>(
      `select o.org, o.message_id, o.inbox_id from outbox o
        where o.state = 'waiting' and o.via = ? and o.next_at <= ? ${elsewhere}
          and not exists (
            select 1 from outbox e
             where e.org = o.org and e.conversation_id = o.conversation_id and e.message_id < o.message_id
               and e.state in ('waiting', 'sending'))
        order by o.next_at, o.org, o.message_id limit ?`,
      via,
      now,
      ...without_inboxes,
      limit,
    );
  },
});

/** Messages whose handing over nobody has recorded in time; whoever did it is gone. */
export const overdueOutgoing = defineQuery({
  name: 'outbox.overdue',
  input: z.object({ lease_before: z.int(), limit: z.int().min(1).max(500) }),
  may: { roles: [] },
  run: ({ tx }, { lease_before, limit }) =>
    tx.all<Due>(
      `select org, message_id, inbox_id from outbox where state = 'sending' and lease_until < ?
        order by org, message_id limit ?`,
      lease_before,
      limit,
    ),
});
