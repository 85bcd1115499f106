import type { ContactRow, ConversationRow, MessageRow, SearchHit } from '@roost/protocol';
import type { QueryContext } from '../../commands/index.ts';
import type { Phrase } from './asked.ts';
import { excerptOf } from './excerpt.ts';
import { type Place, timeOf } from './index-contract.ts';
import { isKeptBack, textOfContact, textOfMessage } from './write.ts';

/** What was found, as people see it; null where it is gone. */
export async function hitOf(
  context: QueryContext,
  phrases: readonly Phrase[],
  { seq, kind, ref, conversation_id }: Place,
): Promise<SearchHit | null> {
  const hit = { kind, id: ref, at: new Date(timeOf(seq)).toISOString() };
  const conversation =
    conversation_id === null ? null : await rowOf<ConversationRow>(context, 'conversation', conversation_id);
  switch (kind) {
    case 'contact': {
      const contact = await rowOf<ContactRow>(context, 'contact', ref);
      const excerpt = contact && excerptOf(textOfContact(contact), phrases);
      return excerpt && { ...hit, conversation, message: null, contact, excerpt };
    }
    case 'conversation': {
      const excerpt = conversation && excerptOf(conversation.subject, phrases);
      return excerpt && { ...hit, conversation, message: null, contact: null, excerpt };
    }
    case 'message':
    case 'note': {
      const found = await messageOf(context, ref);
      if (!found || isKeptBack(found.row)) return null;
      const excerpt = excerptOf(textOfMessage(found.row, found.text), phrases);
      return { ...hit, conversation, message: found.row, contact: null, excerpt };
    }
  }
}

async function rowOf<Row>(
  { tx, org }: QueryContext,
  table: 'conversation' | 'contact',
  id: string,
): Promise<Row | null> {
  const found = await tx.get<{ row: string }>(`select "row" from ${table} where org = ? and id = ?`, org, id);
  return found ? (JSON.parse(found.row) as Row) : null;
}

/** The content, which may be large, is read only where the row does not hold the text. */
async function messageOf(
  { tx, org }: QueryContext,
  id: string,
): Promise<{ row: MessageRow; text: string | null } | null> {
  const found = await tx.get<{ row: string }>('select "row" from message where org = ? and id = ?', org, id);
  if (!found) return null;
  const row = JSON.parse(found.row) as MessageRow;
  if (row.text !== null) return { row, text: row.text };
  const stored = await tx.get<{ content: string }>(
    'select content from message where org = ? and id = ?',
    org,
    id,
  );
  return { row, text: stored ? JSON.parse(stored.content).text : null };
}
