import {
  type AutoReplyRow,
  domainPart,
  type InboxRow,
  type MessageRow,
  normalAddress,
} from '@roost/protocol';
import type { CommandContext } from '../../commands/index.ts';
import type { ConversationBook } from '../conversations/book.ts';
import { learnKeys, withMessage } from '../conversations/inbound.ts';
import { inboxFinder } from '../inboxes/address.ts';
import { inboxesOf } from '../inboxes/queries.ts';
import { layInSent } from '../mail/sent.ts';
import type { MailboxBook } from '../mailboxes/mailbox.ts';
import type { ArrivalRead } from '../messages/arrival.ts';
import { authorOf } from '../messages/author.ts';
import { insertMessage } from '../messages/store.ts';
import { mailKey, messageIdOf } from '../messages/thread-keys.ts';
import { enqueue } from '../outbox/queue.ts';
import { settingsOf } from '../settings/index.ts';
import { lastAnswered, rememberAnswered } from './history.ts';
import { type AnswerFacts, mayAnswer, sendersOf } from './may-answer.ts';
import { switchedOn } from './store.ts';

const SUBJECT_MAX_CHARS = 250;
const SNIPPET_MAX_CHARS = 160;

/** A mail that has just been stored, with how it came. */
interface Came {
  readonly arrival: ArrivalRead;
  readonly inbox: InboxRow;
  /** Recipients of the envelope that belong to the inbox. */
  readonly to: readonly string[];
  readonly row: MessageRow;
}

/** What of the command that takes the mail in, and writes it, changes with the answer. */
interface Books {
  readonly book: ConversationBook;
  readonly mailboxes: MailboxBook;
}

/** Answers a mail where its inbox does so by itself: the answer and its way out commit with the mail. */
export async function answerByItself(context: CommandContext, books: Books, came: Came): Promise<void> {
  const settings = (await switchedOn(context)).get(came.inbox.id);
  if (!settings) return;
  const facts = await factsOf(context, came);
  const senders = sendersOf(facts);
  const history = {
    last_at: senders.length === 0 ? null : await lastAnswered(context, came.inbox.id, senders),
  };
  const answerable = mayAnswer(facts, settings, history, context.now);
  if (!answerable.may) return;
  await rememberAnswered(context, came.inbox.id, senders);
  await send(context, books, came, settings, asWritten(came.arrival, answerable.to));
}

async function factsOf(context: CommandContext, { arrival, inbox, to, row }: Came): Promise<AnswerFacts> {
  const { headers } = arrival.content;
  const envelope = arrival.envelope_from;
  const facts = {
    headers,
    envelope_from: envelope === null ? null : normalAddress(envelope),
    from: normalAddress(authorOf(arrival.from).address),
  };
  const inboxOf = inboxFinder(await inboxesOf(context.tx, context.org));
  return {
    ...facts,
    subject: arrival.subject,
    recipients: to,
    own: inbox.address,
    isFromOurselves: sendersOf(facts).some((address) => inboxOf(address) !== null),
    isKeptBack: row.mail?.decision === 'QUARANTINE',
    isReport: arrival.report !== null,
  };
}

async function send(
  context: CommandContext,
  { book, mailboxes }: Books,
  { arrival, inbox, row: answered }: Came,
  settings: AutoReplyRow,
  to: string,
): Promise<void> {
  const { tx, org, offset, now } = context;
  const { conversation_id } = answered;
  const { sender_name } = await settingsOf(tx, org, inbox.id);
  const name = sender_name || (inbox.name === inbox.address ? '' : inbox.name);
  const subject = oneLine(`Auto: ${settings.subject || arrival.subject}`, SUBJECT_MAX_CHARS);
  const row = await layInSent(mailboxes, {
    id: context.newId(),
    version: offset,
    inbox_id: inbox.id,
    conversation_id,
    via: 'mail' as const,
    kind: 'outbound' as const,
    author_id: null,
    received_at: new Date(now).toISOString(),
    from: name || inbox.address,
    to: [],
    subject,
    snippet: oneLine(settings.text, SNIPPET_MAX_CHARS),
    text: settings.text,
    parts: [],
    reply_to: answered.id,
    reactions: [],
    status: 'queued' as const,
    error: null,
    size_bytes: Buffer.byteLength(settings.text),
    attachment_count: 0,
    problem: null,
  });
  const content = {
    headers: [],
    text: settings.text,
    html: null,
    attachments: [],
    truncated: false,
    has_source: false,
    blobs: [],
  };
  await insertMessage(context, { row, external_id: null, content });
  const messageId = `${row.id}@${domainPart(inbox.address)}`;
  const answeredId = messageIdOf(arrival.content.headers);
  await enqueue(context, {
    message_id: row.id,
    inbox_id: inbox.id,
    conversation_id,
    via: 'mail',
    payload: {
      automatic: true,
      from: { address: inbox.address, name },
      to: { address: to, name: '' },
      subject,
      text: settings.text,
      reply_to_external_id: answeredId === null ? null : `<${answeredId}>`,
      references: [],
      message_id_header: `<${messageId}>`,
      template: null,
      attachments: [],
    },
  });
  if (conversation_id === null) return;
  await learnKeys(context, inbox.id, [mailKey(messageId)], conversation_id);
  book.put(withMessage(await book.get(conversation_id), row, offset));
}

/** Cut between characters, never within one. */
function oneLine(text: string, maxChars: number): string {
  const line = text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
  return [...line].slice(0, maxChars).join('');
}

/** A return path may hold what only its own letter case is good for: it is compared in normal form, and used as it came. */
function asWritten({ envelope_from }: ArrivalRead, address: string): string {
  return envelope_from !== null && normalAddress(envelope_from) === address ? envelope_from.trim() : address;
}
