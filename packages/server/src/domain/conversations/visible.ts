import { type ConversationRow, Failure } from '@roost/protocol';
import type { Actor } from '../../commands/index.ts';
import type { Tx } from '../../store/database.ts';
import { hiddenFrom } from '../access/hidden.ts';
import { knownConversation } from './book.ts';

/** A conversation, for somebody who may see it; to others there is none. @throws conversation.unknown */
export async function visibleConversation(
  tx: Tx,
  org: string,
  actor: Actor,
  id: string,
): Promise<ConversationRow> {
  const row = await knownConversation(tx, org, id);
  if (!maySee(row, actor, await hiddenFrom(tx, org, actor))) throw new Failure('conversation.unknown');
  return row;
}

export function maySee(
  { kind, participants, inbox_id }: Pick<ConversationRow, 'kind' | 'participants' | 'inbox_id'>,
  actor: Actor,
  hidden: readonly string[],
): boolean {
  if (actor.kind === 'system') return true;
  if (kind === 'direct') return participants.includes(actor.user_id);
  return inbox_id === null || !hidden.includes(inbox_id);
}
