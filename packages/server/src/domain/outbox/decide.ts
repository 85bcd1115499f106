import { Failure, type MessageRow } from '@roost/protocol';
import { z } from 'zod';
import { type CommandContext, defineCommand, EVERY_ROLE, type Permission } from '../../commands/index.ts';
import { hiddenFrom } from '../access/hidden.ts';
import { visibleConversation } from '../conversations/visible.ts';
import { knownMessage, rewriteMessage } from '../messages/store.ts';
import { dropFromOutbox, moveOutbox, type OutboxRow, outboxRow, payloadOf } from './queue.ts';
import { tellStatus } from './tell.ts';

const input = z.object({ message_id: z.string() });
const may: Permission = { roles: EVERY_ROLE.filter((role) => role !== 'viewer'), scope: 'write' };

/**
 * Puts a message that failed, or of which nobody knows, back into the queue.
 *
 * @throws message.unknown, message.settled, message.under_way, conversation.window_closed
 */
export const sendAgain = defineCommand({
  name: 'message.send_again',
  input,
  may,
  async run(context, { message_id }): Promise<MessageRow> {
    const { message, row } = await undecided(context, message_id);
    if (row.state === 'waiting') {
      // Somebody was quicker, or is impatient: it is tried at once.
      await moveOutbox(context, message_id, { next_at: context.now });
      return message;
    }
    await checkWindow(context, message, row);
    await moveOutbox(context, message_id, { state: 'waiting', attempts: 0, next_at: context.now });
    return rewriteMessage(context, message, { ...message, status: 'queued', error: null });
  },
});

/** Says of a message of which nobody knew that it was sent. @throws message.unknown, message.settled, message.under_way */
export const markSent = defineCommand({
  name: 'message.mark_sent',
  input,
  may,
  async run(context, { message_id }): Promise<MessageRow> {
    const { message, row } = await undecided(context, message_id);
    if (row.state !== 'unknown') throw new Failure('message.settled');
    await dropFromOutbox(context, message_id);
    return tellStatus(context, message, { status: 'sent', says: null });
  },
});

/**
 * Keeps a message from being sent, or sent again. It may be sent later all the same.
 *
 * @throws message.unknown, message.settled, message.under_way
 */
export const cancelSending = defineCommand({
  name: 'message.cancel',
  input,
  may,
  async run(context, { message_id }): Promise<MessageRow> {
    const { message, row } = await undecided(context, message_id);
    if (row.state === 'failed') return message;
    await moveOutbox(context, message_id, { state: 'failed' });
    const says =
      row.state === 'waiting'
        ? 'Cancelled before it was sent.'
        : 'Given up. It may have been sent all the same.';
    return tellStatus(context, message, { status: 'failed', says });
  },
});

/** A message that is still to be decided about, and not being handed over at this moment. */
async function undecided(
  context: CommandContext,
  id: string,
): Promise<{ message: MessageRow; row: OutboxRow }> {
  const { tx, org, actor } = context;
  const message = await knownMessage(tx, org, id);
  if (message.conversation_id !== null) {
    await visibleConversation(tx, org, actor, message.conversation_id).catch((error) => {
      throw error instanceof Failure ? new Failure('message.unknown') : error;
    });
  } else if ((await hiddenFrom(tx, org, actor)).includes(message.inbox_id as string))
    throw new Failure('message.unknown');
  const row = await outboxRow(tx, org, id);
  if (!row) throw new Failure('message.settled');
  if (row.state === 'sending') throw new Failure('message.under_way');
  return { message, row };
}

/** What was not free text, or came in time, may go; the other side would refuse the rest. */
async function checkWindow(context: CommandContext, message: MessageRow, row: OutboxRow): Promise<void> {
  if (row.via !== 'whatsapp' || message.conversation_id === null || payloadOf(row).template !== null) return;
  const { tx, org, actor } = context;
  const { reply_until } = await visibleConversation(tx, org, actor, message.conversation_id);
  if (reply_until === null || Date.parse(reply_until) < context.now)
    throw new Failure('conversation.window_closed');
}
