import { Failure, type MessageRow } from '@roost/protocol';
import { z } from 'zod';
import { ADMINS, type CommandContext, defineCommand } from '../../commands/index.ts';
import { emailIdentity } from '../contacts/identity.ts';
import { ConversationBook } from '../conversations/book.ts';
import { conversationFor, withInbound } from '../conversations/inbound.ts';
import { knownInbox } from '../inboxes/inbox.ts';
import { MailboxBook } from '../mailboxes/mailbox.ts';
import { authorOf } from '../messages/author.ts';
import { knownMessage } from '../messages/store.ts';
import { mailKeys } from '../messages/thread-keys.ts';
import { listRecipients, rewriteMail } from './change.ts';

const BULK_MAX_COUNT = 500;
const ids = z.array(z.string().max(64)).min(1).max(BULK_MAX_COUNT);

/** Lets quarantined mail through to where it would have gone: mailbox, lists, and its conversation. @throws message.unknown */
export const releaseMail = defineCommand({
  name: 'quarantine.release',
  input: z.object({ message_ids: ids }),
  may: { roles: ADMINS, scope: 'admin' },
  audited: true,
  weight: ({ message_ids }) => message_ids.length,
  async run(context, { message_ids }) {
    const mailboxes = new MailboxBook(context);
    const conversations = new ConversationBook(context);
    for (const id of new Set(message_ids)) {
      const before = await knownMessage(context.tx, context.org, id);
      if (before.mail?.decision !== 'QUARANTINE') throw new Failure('message.unknown');
      const inbox = await mailboxes.special(before.inbox_id as string, 'inbox');
      const conversation_id = await joinConversation(context, conversations, before);
      const after: MessageRow = {
        ...before,
        conversation_id,
        mail: { ...before.mail, decision: 'INBOX', mailbox_id: inbox.id },
      };
      await rewriteMail(context, mailboxes, before, after);
      await listRecipients(context, after, true);
    }
    await mailboxes.write();
    await conversations.write();
  },
});

/** Keeps mail from people that they have seen until now; it goes from their screens. @throws message.unknown */
export const quarantineMail = defineCommand({
  name: 'quarantine.add',
  input: z.object({ message_ids: ids }),
  may: { roles: ADMINS, scope: 'admin' },
  audited: true,
  weight: ({ message_ids }) => message_ids.length,
  async run(context, { message_ids }) {
    const mailboxes = new MailboxBook(context);
    for (const id of new Set(message_ids)) {
      const before = await knownMessage(context.tx, context.org, id);
      if (before.mail?.decision !== 'INBOX' || before.kind !== 'inbound')
        throw new Failure('message.unknown');
      if (before.conversation_id !== null)
        throw new Failure('request.invalid', 'It is part of a conversation; delete it there instead.');
      const says = { rule_id: null, says: 'An admin put it here.', field: null, value: null };
      const mail = { ...before.mail, decision: 'QUARANTINE' as const, mailbox_id: null, decided_by: says };
      await rewriteMail(context, mailboxes, before, { ...before, mail });
      await listRecipients(context, before, false);
    }
    await mailboxes.write();
  },
});

/** Where the inbox keeps conversations, what is let through is as if it came now. */
async function joinConversation(
  context: CommandContext,
  book: ConversationBook,
  message: MessageRow,
): Promise<string | null> {
  const { tx, org, offset, now } = context;
  const inbox = await knownInbox(tx, org, message.inbox_id as string);
  if (!inbox.threads) return null;
  const stored = await tx.get<{ content: string }>(
    'select content from message where org = ? and id = ?',
    org,
    message.id,
  );
  const { headers } = JSON.parse(stored?.content ?? '{"headers":[]}');
  const { name, address } = authorOf(message.from);
  const conversation = await conversationFor(context, book, inbox, {
    identity: emailIdentity(address),
    name,
    subject: message.subject,
    keys: mailKeys(headers),
  });
  book.put(withInbound(conversation, message, offset, now));
  return conversation.id;
}
