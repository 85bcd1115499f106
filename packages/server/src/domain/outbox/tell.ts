import type { DeliveryStatus, MessageRow } from '@roost/protocol';
import type { CommandContext } from '../../commands/index.ts';
import { knownConversation } from '../conversations/book.ts';
import { rewriteMessage } from '../messages/store.ts';
import { nextStatus } from './status.ts';

export interface Told {
  readonly status: DeliveryStatus;
  /** Sentence for people; null where there is nothing to say. */
  readonly says: string | null;
}

/** Records a report about a message of ours. @returns the message as it now is; a report from before changes nothing */
export async function tellStatus(
  context: CommandContext,
  message: MessageRow,
  told: Told,
): Promise<MessageRow> {
  const now = message.status ?? 'queued';
  const status = nextStatus(now, told.status);
  // What is said belongs to the status that holds: a late report of an earlier one says nothing any more.
  const error = status === told.status ? told.says : message.error;
  if (message.status === status && message.error === error) return message;
  const after = await rewriteMessage(context, message, { ...message, status, error });
  if (message.status !== status) await nameConversation(context, after);
  return after;
}

/** The entry says whose conversation it is, which is as it was: events name the contact (see domain/events). */
async function nameConversation(context: CommandContext, { conversation_id }: MessageRow): Promise<void> {
  if (conversation_id === null) return;
  const row = await knownConversation(context.tx, context.org, conversation_id);
  context.changed('conversation', conversation_id, row, row);
}

/** Records the provider's id of a message, under which its reports come. One that another message has stays there. */
export async function keepExternalId(
  { tx, org }: CommandContext,
  message: MessageRow,
  externalId: string,
): Promise<void> {
  const inboxId = message.inbox_id ?? '';
  const holder = await tx.get<{ id: string }>(
    'select id from message where org = ? and inbox_id = ? and external_id = ?',
    org,
    inboxId,
    externalId,
  );
  if (holder) return;
  await tx.run('update message set external_id = ? where org = ? and id = ?', externalId, org, message.id);
}

export async function messageOnItsWay(
  { tx, org }: Pick<CommandContext, 'tx' | 'org'>,
  id: string,
): Promise<MessageRow | null> {
  const found = await tx.get<{ row: string }>('select "row" from message where org = ? and id = ?', org, id);
  return found ? JSON.parse(found.row) : null;
}
