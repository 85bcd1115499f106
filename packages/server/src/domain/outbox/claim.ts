import { z } from 'zod';
import { type CommandContext, defineCommand } from '../../commands/index.ts';
import type { Outgoing } from './outgoing.ts';
import { moveOutbox, outboxRow, payloadOf } from './queue.ts';

export interface Claimed {
  readonly item: Outgoing;
  /** Names this attempt when its outcome is recorded. */
  readonly lease_until: number;
}

/**
 * Takes messages for an attempt, for `lease_ms`. The organisation's head is locked, so of several nodes one gets each;
 * what another has taken, or may not go yet, is left out. Nothing that a reader sees changes.
 */
export const claimOutgoing = defineCommand({
  name: 'outbox.claim',
  input: z.object({ message_ids: z.array(z.string()).min(1).max(500), lease_ms: z.int().min(1) }),
  may: { roles: [] },
  async run(context, { message_ids, lease_ms }): Promise<Claimed[]> {
    const { tx, org, now } = context;
    const claimed: Claimed[] = [];
    // In their order: the first of a conversation keeps the next from being taken.
    for (const id of [...new Set(message_ids)].sort()) {
      const row = await outboxRow(tx, org, id);
      if (row?.state !== 'waiting' || row.next_at > now || (await isBehind(context, id))) continue;
      // Never the same again, also when two attempts begin in the same instant or the clock steps back.
      const lease_until = Math.max(now + lease_ms, row.lease_until + 1);
      const attempts = row.attempts + 1;
      await moveOutbox(context, id, { state: 'sending', attempts, lease_until });
      const { inbox_id, via } = row;
      const item = { org, message_id: id, inbox_id, via, attempts, payload: payloadOf(row) };
      claimed.push({ item, lease_until });
    }
    return claimed;
  },
});

/** Whether an older message of the same conversation is still to be sent. */
async function isBehind({ tx, org }: CommandContext, messageId: string): Promise<boolean> {
  const earlier = await tx.get(
    `select 1 as one from outbox o
       join outbox e on e.org = o.org and e.conversation_id = o.conversation_id and e.message_id < o.message_id
      where o.org = ? and o.message_id = ? and e.state in ('waiting', 'sending') limit 1`,
    org,
    messageId,
  );
  return earlier !== undefined;
}
