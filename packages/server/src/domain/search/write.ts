import type { ContactRow, ConversationRow, MessageRow } from '@roost/protocol';
import type { CommandContext } from '../../commands/index.ts';
import type { Dialect } from '../../store/database.ts';
import type { Document, SearchIndex } from './index-contract.ts';
import { postgresIndex } from './postgres-index.ts';
import { sqliteIndex } from './sqlite-index.ts';
import { wordsOf } from './words.ts';

/** Of one text, what lies further down is not found. */
const INDEXED_MAX_CHARS = 10_000;

type Context = Pick<CommandContext, 'tx' | 'org'>;

export function searchIndex(dialect: Dialect): SearchIndex {
  return dialect === 'sqlite' ? sqliteIndex : postgresIndex;
}

/** To be called where a contact is stored, in its transaction. */
export async function indexContact(
  context: CommandContext,
  before: ContactRow | null,
  now: ContactRow,
): Promise<void> {
  if (before !== null) await dropFromSearch(context, now.id);
  await putDocument(context, documentOfContact(context.org, now, context.now));
}

/** To be called where a conversation is stored, in its transaction. */
export async function indexConversation(
  context: CommandContext,
  before: ConversationRow | null,
  now: ConversationRow,
): Promise<void> {
  if (before?.subject === now.subject || (before === null && now.subject === '')) return;
  if (before !== null) await dropFromSearch(context, now.id);
  await putDocument(context, documentOfConversation(context.org, now));
}

/** To be called where a message is stored, in its transaction. @param text  all that it says */
export async function indexMessage(context: Context, row: MessageRow, text: string | null): Promise<void> {
  await putDocument(context, documentOfMessage(context.org, row, text));
}

/** To be called where a message is stored that says something else than before. */
export async function reindexMessage(context: Context, before: MessageRow, now: MessageRow): Promise<void> {
  const isSame =
    before.text === now.text &&
    before.subject === now.subject &&
    before.conversation_id === now.conversation_id &&
    isKeptBack(before) === isKeptBack(now);
  if (isSame) return;
  await dropFromSearch(context, now.id);
  await indexMessage(context, now, now.text ?? (await storedText(context, now.id)));
}

async function storedText({ tx, org }: Context, id: string): Promise<string | null> {
  const stored = await tx.get<{ content: string }>(
    'select content from message where org = ? and id = ?',
    org,
    id,
  );
  return stored ? JSON.parse(stored.content).text : null;
}

export function dropFromSearch({ tx, org }: Context, ref: string): Promise<void> {
  return searchIndex(tx.dialect).drop(tx, org, ref);
}

export async function putDocument({ tx }: Context, document: Document | null): Promise<void> {
  if (document !== null && document.words.length > 0) await searchIndex(tx.dialect).put(tx, document);
}

export function documentOfContact(org: string, contact: ContactRow, at: number): Document {
  const words = wordsOf(textOfContact(contact));
  return { org, ref: contact.id, kind: 'contact', at, conversation_id: null, inbox_id: null, words };
}

export function documentOfConversation(org: string, row: ConversationRow): Document {
  const { id, inbox_id, subject, created_at } = row;
  const words = wordsOf(subject);
  return {
    org,
    ref: id,
    kind: 'conversation',
    at: Date.parse(created_at),
    conversation_id: id,
    inbox_id,
    words,
  };
}

/** Mail that only admins may see is in no index; it is once it is let through. */
export function isKeptBack({ mail }: MessageRow): boolean {
  return mail?.decision === 'QUARANTINE';
}

/** Null for what nobody finds: the server's own words, and what is kept back. */
export function documentOfMessage(org: string, row: MessageRow, text: string | null): Document | null {
  if (row.kind === 'system' || isKeptBack(row)) return null;
  const { id, inbox_id, conversation_id } = row;
  return {
    org,
    ref: id,
    kind: row.kind === 'note' ? 'note' : 'message',
    at: Date.parse(row.received_at),
    conversation_id,
    inbox_id,
    words: wordsOf(textOfMessage(row, text).slice(0, INDEXED_MAX_CHARS)),
  };
}

/** What a contact is found by. */
export function textOfContact({ name, emails, phones, external_ids }: ContactRow): string {
  return [name, ...emails, ...phones, ...external_ids].filter((text) => text !== '').join(' · ');
}

/** What a message is found by: what it says, and where no conversation tells who wrote about what, that as well. */
export function textOfMessage(row: MessageRow, text: string | null): string {
  const said = text ?? row.text ?? row.snippet;
  if (row.conversation_id !== null && row.subject === '') return said;
  const head = row.conversation_id === null ? [row.subject, row.from] : [row.subject];
  return [...head, said].filter((one) => one !== '').join('\n');
}
