import type { ConversationRow, MessageRow } from '@roost/protocol';
import { z } from 'zod';
import type { CommandContext } from '../../commands/index.ts';
import { dropFromOutbox, moveOutbox, outboxRow } from './queue.ts';
import { tellStatus } from './tell.ts';

/** What a mail that arrived tells of a mail of ours. */
export const mailReport = z.object({
  /** `delayed` is still being tried; `relayed` went on to where nobody reports any more. */
  kind: z.enum(['failed', 'delayed', 'relayed', 'delivered']),
  /** Message-IDs that ours may have, with angle brackets, the surest first. */
  message_ids: z.array(z.string().max(1_000)).max(10),
  /** A sentence for people. */
  says: z.string().max(2_000),
});
export type MailReport = z.output<typeof mailReport>;

/**
 * The message of ours that a report is about; null when it is about none of this inbox. Our Message-IDs begin with the
 * id of the message, so that a report that is quicker than its sender's answer finds it too.
 */
export async function reportedMessage(
  { tx, org }: CommandContext,
  inboxId: string,
  { message_ids }: MailReport,
): Promise<MessageRow | null> {
  for (const messageId of message_ids) {
    const found = await tx.get<{ row: string }>(
      `select "row" from message where org = ? and inbox_id = ? and kind = 'outbound' and via = 'mail'
          and (external_id = ? or id = ?)`,
      org,
      inboxId,
      messageId,
      /^<([^@<>]{1,64})@/.exec(messageId)?.[1] ?? '',
    );
    if (found) return JSON.parse(found.row);
  }
  return null;
}

/** Records what a report says of a message. Only what is sure changes its status: a delay is no end. */
export async function takeReport(
  context: CommandContext,
  message: MessageRow,
  { kind, says }: MailReport,
): Promise<void> {
  if (kind !== 'failed' && kind !== 'delivered') return;
  await tellStatus(context, message, { status: kind, says: kind === 'failed' ? says : null });
  const row = await outboxRow(context.tx, context.org, message.id);
  // Whoever is handing it over at this moment records it; what nobody knew is known now.
  if (!row || row.state === 'sending') return;
  if (kind === 'delivered') await dropFromOutbox(context, message.id);
  else await moveOutbox(context, message.id, { state: 'failed' });
}

/** A conversation whose answer came back is not done: it is open again, and up where people see it. */
export function withReturned(row: ConversationRow, note: MessageRow): ConversationRow {
  const isOpen = row.status === 'open' || row.status === 'pending';
  return {
    ...row,
    ...(isOpen ? {} : { status: 'open' as const, resolved_at: null, snoozed_until: null }),
    activity: note.id,
    last_activity_at: note.received_at,
  };
}
