import type { MessageRow } from '@roost/protocol';
import { z } from 'zod';
import { type CommandContext, defineCommand } from '../../commands/index.ts';
import { takeEarlyStatus } from '../whatsapp/early.ts';
import { dropFromOutbox, moveOutbox, type OutboxRow, outboxRow } from './queue.ts';
import { nextStatus } from './status.ts';
import { keepExternalId, messageOnItsWay, type Told, tellStatus } from './tell.ts';

const says = z.string().max(2_000);
const outcome = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('sent'), external_id: z.string().nullable(), says: says.nullable() }),
  z.object({ kind: z.literal('later'), after_ms: z.int().min(0), says }),
  z.object({ kind: z.literal('failed'), says }),
  z.object({ kind: z.literal('unknown'), says }),
]);
export type OutgoingOutcome = z.infer<typeof outcome>;

/**
 * Records what became of an attempt. One whose lease was over is still believed where it is sure of the outcome; one
 * that a newer attempt has replaced is not.
 *
 * @returns false when there was nothing to record any more
 */
export const settleOutgoing = defineCommand({
  name: 'outbox.settle',
  input: z.object({ message_id: z.string(), lease_until: z.int(), outcome }),
  may: { roles: [] },
  async run(context, { message_id, lease_until, outcome }): Promise<boolean> {
    const row = await outboxRow(context.tx, context.org, message_id);
    if (!row || row.lease_until !== lease_until) return false;
    const settled = inState(row, outcome);
    if (settled === null) return false;
    await record(context, message_id, settled);
    return true;
  },
});

/** What an outcome means for a row that may have been decided about meanwhile; null when nothing any more. */
function inState({ state }: OutboxRow, outcome: OutgoingOutcome): OutgoingOutcome | null {
  if (state === 'sending' || outcome.kind === 'sent') return outcome;
  // Certainly not taken, but it was called unknown before: that only a person puts back into the queue.
  if (state === 'unknown' && outcome.kind !== 'unknown') return { kind: 'failed', says: outcome.says };
  return null;
}

async function record(context: CommandContext, messageId: string, outcome: OutgoingOutcome): Promise<void> {
  const message = await messageOnItsWay(context, messageId);
  // Deleted meanwhile: nobody is left to be told.
  if (message === null) return dropFromOutbox(context, messageId);
  switch (outcome.kind) {
    case 'sent':
      await dropFromOutbox(context, messageId);
      if (outcome.external_id !== null) await keepExternalId(context, message, outcome.external_id);
      await tellStatus(context, message, await newestOf(context, message, outcome));
      return;
    case 'later':
      await moveOutbox(context, messageId, { state: 'waiting', next_at: context.now + outcome.after_ms });
      await tellStatus(context, message, { status: 'queued', says: outcome.says });
      return;
    case 'failed':
    case 'unknown':
      await moveOutbox(context, messageId, { state: outcome.kind });
      await tellStatus(context, message, { status: outcome.kind, says: outcome.says });
  }
}

/** A report may have come before the answer to the call it is about. */
async function newestOf(
  context: CommandContext,
  message: MessageRow,
  { external_id, says }: Extract<OutgoingOutcome, { kind: 'sent' }>,
): Promise<Told> {
  const sent: Told = { status: 'sent', says };
  if (message.via !== 'whatsapp' || external_id === null) return sent;
  const early = await takeEarlyStatus(context, message, external_id);
  return early && nextStatus('sent', early.status) === early.status ? early : sent;
}

const LEFT_BEHIND =
  'The server stopped while this was being handed over. It may or may not have been sent: check, then send again ' +
  'or mark as sent.';

/** A restored backup leaves it without a lease. */
const RESTORED =
  'This was on its way when the backup was made. It may have been sent since: check, then send again or mark as sent.';

/** Calls unknown what was being handed over when its lease ended, or whoever did it stopped. */
export const giveUpOutgoing = defineCommand({
  name: 'outbox.give_up',
  input: z.object({ message_ids: z.array(z.string()).min(1).max(500), lease_before: z.int() }),
  may: { roles: [] },
  async run(context, { message_ids, lease_before }): Promise<number> {
    let count = 0;
    for (const id of message_ids) {
      const row = await outboxRow(context.tx, context.org, id);
      if (row?.state !== 'sending' || row.lease_until >= lease_before) continue;
      const says = row.lease_until === 0 ? RESTORED : LEFT_BEHIND;
      await record(context, id, { kind: 'unknown', says });
      count += 1;
    }
    return count;
  },
});
