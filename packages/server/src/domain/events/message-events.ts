import type { Change, ConversationRow, MessageRow } from '@roost/protocol';
import { aboutContact, audienceOf } from './about.ts';
import { type Audience, type Said, type ToldEvent, told } from './told.ts';

/** Statuses from which on a message has been handed over. */
const HANDED_OVER: readonly MessageRow['status'][] = ['sent', 'delivered', 'read'];

export function messageEvents({ before, after }: Change<'message'>, said: Said): ToldEvent[] {
  if (after === null) return [];
  const conversation = said.conversations.get(after.conversation_id ?? '');
  const audience = audienceOfMessage(after, conversation);
  if (!audience) return [];
  const about = { message: after, before, conversation, audience, timestamp: said.timestamp };
  if (after.kind === 'inbound') return before === null ? [received(about, audience)] : [];
  if (after.kind !== 'outbound') return [];
  return [...receivedByOthers(about), ...deliveries(about)];
}

interface About {
  readonly message: MessageRow;
  readonly before: MessageRow | null;
  readonly conversation: ConversationRow | undefined;
  readonly audience: Audience;
  readonly timestamp: string;
}

/** Null where the entry does not say who takes part in a direct conversation. */
function audienceOfMessage(message: MessageRow, conversation: ConversationRow | undefined): Audience | null {
  if (conversation) return audienceOf(conversation);
  return message.inbox_id === null ? null : { inbox_id: message.inbox_id, user_ids: null };
}

function received(about: About, audience: Audience): ToldEvent {
  return told('message:received', says(about), audience);
}

/** In a direct conversation the others receive what one sends. */
function receivedByOthers(about: About): ToldEvent[] {
  const { message, before, audience } = about;
  if (before !== null || audience.user_ids === null) return [];
  const others = audience.user_ids.filter((id) => id !== message.author_id);
  return [received(about, { ...audience, user_ids: others })];
}

function deliveries(about: About): ToldEvent[] {
  const { message, before, audience } = about;
  const { status } = message;
  if (status === null || status === before?.status) return [];
  const author = audience.user_ids?.filter((id) => id === message.author_id) ?? null;
  const toAuthor = { ...audience, user_ids: author };
  const isHandedOver = HANDED_OVER.includes(status) && !HANDED_OVER.includes(before?.status ?? null);
  return [
    ...(isHandedOver ? [told('message:sent', { ...says(about), status }, toAuthor)] : []),
    ...(before === null ? [] : [told('message:status', delivery(about, status), toAuthor)]),
    ...(status === 'failed' ? [told('message:failed', delivery(about, status), toAuthor)] : []),
  ];
}

function says(about: About) {
  const { message } = about;
  return {
    ...place(about),
    via: message.via,
    authorId: message.author_id,
    subject: message.subject === '' ? (about.conversation?.subject ?? '') : message.subject,
    body: message.text ?? message.snippet,
    timestamp: message.received_at,
  };
}

function delivery(about: About, status: NonNullable<MessageRow['status']>) {
  return { ...place(about), status, error: about.message.error, timestamp: about.timestamp };
}

function place({ message, conversation }: About) {
  return {
    messageId: message.id,
    conversationId: message.conversation_id,
    inboxId: message.inbox_id,
    ...aboutContact(conversation),
  };
}
