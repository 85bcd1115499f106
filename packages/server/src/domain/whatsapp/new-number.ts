import { z } from 'zod';
import { type CommandContext, defineCommand } from '../../commands/index.ts';
import { findContact, rewriteContact } from '../contacts/contact.ts';
import { ConversationBook } from '../conversations/book.ts';
import { contactKey, learnKeys, withMessage } from '../conversations/inbound.ts';
import { knownInbox } from '../inboxes/inbox.ts';
import { insertMessage } from '../messages/store.ts';

const phone = z.string().regex(/^\+\d{5,20}$/);

/**
 * Somebody has a new number: their conversations go on, and answers go to it. Written into each of them once. Nothing
 * happens where nobody has the old number, or somebody else has the new one.
 */
export const moveWhatsAppNumber = defineCommand({
  name: 'whatsapp.new_number',
  input: z.object({ inbox_id: z.string(), from: phone, to: phone, external_id: z.string() }),
  may: { roles: [] },
  async run(context, { inbox_id, from, to, external_id }): Promise<void> {
    const { tx, org } = context;
    const [old, now] = [{ kind: 'phone', value: from } as const, { kind: 'phone', value: to } as const];
    const contact = await findContact(tx, org, old);
    const known = await tx.get(
      'select 1 as one from message where org = ? and inbox_id = ? and external_id = ?',
      org,
      inbox_id,
      external_id,
    );
    if (!contact || known || from === to || (await findContact(tx, org, now))) return;
    await tx.insertMany(
      'contact_identity',
      ['org', 'kind', 'value', 'contact_id'],
      [[org, now.kind, now.value, contact.id]],
    );
    await rewriteContact(context, contact, { ...contact, phones: [...contact.phones, to] });
    const thread = await tx.get<{ conversation_id: string }>(
      'select conversation_id from thread_key where org = ? and inbox_id = ? and key = ?',
      org,
      inbox_id,
      contactKey(old),
    );
    if (!thread) return;
    await learnKeys(context, inbox_id, [contactKey(now)], thread.conversation_id);
    await sayIn(context, inbox_id, thread.conversation_id, { from, to, external_id });
  },
});

async function sayIn(
  context: CommandContext,
  inboxId: string,
  conversationId: string,
  said: { readonly from: string; readonly to: string; readonly external_id: string },
): Promise<void> {
  const inbox = await knownInbox(context.tx, context.org, inboxId);
  const book = new ConversationBook(context);
  const conversation = await book.get(conversationId);
  const text = `The number has changed from ${said.from} to ${said.to}.`;
  const row = {
    id: context.newId(),
    version: context.offset,
    inbox_id: inboxId,
    conversation_id: conversationId,
    via: inbox.kind,
    kind: 'system' as const,
    author_id: null,
    received_at: new Date(context.now).toISOString(),
    from: conversation.contact?.name || said.from,
    to: [],
    subject: '',
    snippet: text,
    text,
    parts: [],
    reply_to: null,
    reactions: [],
    status: null,
    error: null,
    size_bytes: Buffer.byteLength(text),
    attachment_count: 0,
    problem: null,
  };
  const content = {
    headers: [],
    text,
    html: null,
    attachments: [],
    truncated: false,
    has_source: false,
    blobs: [],
  };
  await insertMessage(context, { row, external_id: said.external_id, content });
  const moved = withMessage(conversation, row, context.offset);
  book.put({ ...moved, contact: moved.contact && { ...moved.contact, address: said.to } });
  await book.write();
}
