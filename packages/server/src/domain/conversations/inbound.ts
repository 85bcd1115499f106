import type { ContactRow, ConversationRow, InboxRow, MessageRow } from '@roost/protocol';
import type { CommandContext, ForesightContext } from '../../commands/index.ts';
import { contactWith } from '../contacts/contact.ts';
import type { Identity } from '../contacts/identity.ts';
import { type ConversationBook, foreseenConversation } from './book.ts';

/** Free text may be sent for so long after the contact last wrote. */
const WHATSAPP_WINDOW_MS = 24 * 3_600_000;

/** Who wrote, and what tells which conversation it belongs to. */
export interface Origin {
  readonly identity: Identity;
  readonly name: string;
  readonly subject: string;
  /** Names of the conversation within its inbox, the first that is known wins; the contact's own when there are none. */
  readonly keys: readonly string[];
}

/**
 * The conversation that an inbound message belongs to, made when there is none. Commands of one organisation run one
 * after another, so there is exactly one, whatever arrives at once.
 */
export async function conversationFor(
  context: CommandContext,
  book: ConversationBook,
  inbox: InboxRow,
  origin: Origin,
): Promise<ConversationRow> {
  const keys = keysOf(origin);
  const known = await findByKeys(context, inbox.id, keys);
  if (known !== null) {
    await learnKeys(context, inbox.id, keys, known);
    const row = await book.get(known);
    // A name that WhatsApp tells later than the number is still a name; of others in a thread it tells nothing.
    const isContact = row.contact?.address === origin.identity.value;
    if (isContact && origin.name !== '' && row.contact?.name === '') {
      const contact = await contactWith(context, origin.identity, origin.name);
      return book.put({ ...row, contact: { ...row.contact, name: contact.name } });
    }
    return row;
  }
  const contact = await contactWith(context, origin.identity, origin.name);
  const row = book.put(
    newConversation(context, { inbox, contact, address: origin.identity.value, subject: origin.subject }),
  );
  await learnKeys(context, inbox.id, keys, row.id);
  return row;
}

/** Reads ahead what {@link conversationFor} will ask for, for many messages at once. */
export async function foreseeConversation(
  context: ForesightContext,
  inboxId: string,
  origin: Origin,
): Promise<void> {
  const found = await Promise.all(keysOf(origin).map((key) => threadOf(context, inboxId, key)));
  const known = found.find((id) => id !== null);
  if (known !== undefined) await foreseenConversation(context, known);
}

function keysOf({ keys, identity }: Origin): readonly string[] {
  return keys.length > 0 ? keys : [contactKey(identity)];
}

export function contactKey({ kind, value }: Identity): string {
  return `${kind}:${value}`;
}

export function newConversation(
  context: Pick<CommandContext, 'newId' | 'now' | 'offset'>,
  of: { inbox: Pick<InboxRow, 'id'>; contact: ContactRow; address: string; subject: string },
): ConversationRow {
  const id = context.newId();
  const at = new Date(context.now).toISOString();
  return {
    id,
    version: context.offset,
    kind: 'contact',
    inbox_id: of.inbox.id,
    contact: { id: of.contact.id, name: of.contact.name, address: of.address },
    participants: [],
    subject: of.subject,
    status: 'open',
    snoozed_until: null,
    resolved_at: null,
    assignee_id: null,
    labels: [],
    last_message: null,
    last_activity_at: at,
    activity: id,
    answer_offset: 0,
    inbound_offset: 0,
    reply_until: null,
    created_at: at,
  };
}

/** A message from the contact: what was resolved or put off is open again for everybody. */
export function withInbound(
  row: ConversationRow,
  message: MessageRow,
  offset: number,
  now: number,
): ConversationRow {
  const isOpen = row.status === 'open' || row.status === 'pending';
  return {
    ...withMessage(row, message, offset),
    ...(isOpen ? {} : { status: 'open' as const, resolved_at: null, snoozed_until: null }),
    inbound_offset: offset,
    reply_until:
      message.via === 'whatsapp' ? new Date(now + WHATSAPP_WINDOW_MS).toISOString() : row.reply_until,
  };
}

/** A message that stands at the end of a conversation. Notes and the server's own words ask for no answer. */
export function withMessage(row: ConversationRow, message: MessageRow, offset: number): ConversationRow {
  const isSaid = message.kind === 'inbound' || message.kind === 'outbound';
  return {
    ...row,
    last_message: briefOf(message),
    last_activity_at: message.received_at,
    activity: message.id,
    answer_offset: isSaid ? offset : row.answer_offset,
  };
}

export function briefOf(message: MessageRow): NonNullable<ConversationRow['last_message']> {
  const { id, kind, author_id, snippet, received_at } = message;
  return { id, kind, author_id, snippet, at: received_at };
}

async function findByKeys(
  context: CommandContext,
  inboxId: string,
  keys: readonly string[],
): Promise<string | null> {
  for (const key of keys) {
    const found = await threadOf(context, inboxId, key);
    if (found !== null) return found;
  }
  return null;
}

/** The conversation that a name leads to. */
function threadOf(context: ForesightContext, inboxId: string, key: string): Promise<string | null> {
  const { tx, org } = context;
  return context.foreseen(threadName(inboxId, key), async () => {
    const found = await tx.get<{ conversation_id: string }>(
      'select conversation_id from thread_key where org = ? and inbox_id = ? and key = ?',
      org,
      inboxId,
      key,
    );
    return found?.conversation_id ?? null;
  });
}

function threadName(inboxId: string, key: string): string {
  return `thread:${inboxId}:${key}`;
}

/** From here on these names lead to this conversation; one that leads elsewhere stays. */
export async function learnKeys(
  context: CommandContext,
  inboxId: string,
  keys: readonly string[],
  conversationId: string,
): Promise<void> {
  const { tx, org } = context;
  for (const key of keys) {
    if ((await threadOf(context, inboxId, key)) !== null) continue;
    await tx.run(
      'insert into thread_key (org, inbox_id, key, conversation_id) values (?, ?, ?, ?) on conflict (org, inbox_id, key) do nothing',
      org,
      inboxId,
      key,
      conversationId,
    );
    context.learn(threadName(inboxId, key), conversationId);
  }
}
