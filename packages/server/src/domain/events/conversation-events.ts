import type { Change, ConversationRow, ConversationStatus, MessageRow } from '@roost/protocol';
import { aboutConversation, audienceOf } from './about.ts';
import { type Said, type ToldEvent, told } from './told.ts';

const AT_REST: readonly ConversationStatus[] = ['closed', 'archived', 'snoozed'];

export function conversationCreated(
  { before, after }: Change<'conversation'>,
  timestamp: string,
): ToldEvent[] {
  if (before !== null || after === null) return [];
  const data = { ...base(after, timestamp), assigneeId: after.assignee_id };
  return [told('conversation:created', data, audienceOf(after))];
}

/** What became of a conversation that was there before. */
export function conversationEvents(
  { before, after }: Change<'conversation'>,
  timestamp: string,
): ToldEvent[] {
  if (before === null || after === null) return [];
  return [...statusEvents(before, after, timestamp), ...assigned(before, after, timestamp)];
}

function statusEvents(before: ConversationRow, after: ConversationRow, timestamp: string): ToldEvent[] {
  const data = base(after, timestamp);
  const audience = audienceOf(after);
  if (after.status === 'snoozed') {
    if (after.snoozed_until === null || after.snoozed_until === before.snoozed_until) return [];
    return [told('conversation:snoozed', { ...data, snoozedUntil: after.snoozed_until }, audience)];
  }
  if (after.status === before.status) return [];
  switch (after.status) {
    case 'closed':
      return [told('conversation:closed', { ...data, autoReopenOnReply: true }, audience)];
    case 'archived':
      return [told('conversation:archived', data, audience)];
    case 'open':
    case 'pending':
      return AT_REST.includes(before.status)
        ? [told('conversation:reopened', { ...data, previousStatus: before.status }, audience)]
        : [];
  }
}

function assigned(before: ConversationRow, after: ConversationRow, timestamp: string): ToldEvent[] {
  if (before.assignee_id === after.assignee_id) return [];
  const data = {
    ...base(after, timestamp),
    assigneeId: after.assignee_id,
    previousAssigneeId: before.assignee_id,
  };
  return [told('conversation:assigned', data, audienceOf(after))];
}

/** For everybody: something that can be unread came or went. Once a conversation. */
export function unreadUpdated(messages: readonly Change<'message'>[], said: Said): ToldEvent[] {
  const authors = new Map<string, string | null>();
  for (const { before, after } of messages) {
    const row = after ?? before;
    if (!row?.conversation_id || (before !== null && after !== null) || !canBeUnread(row)) continue;
    authors.set(row.conversation_id, row.kind === 'outbound' ? row.author_id : null);
  }
  return [...authors].flatMap(([id, author]) => {
    const conversation = said.conversations.get(id);
    if (!conversation) return [];
    const audience = audienceOf(conversation);
    const user_ids = audience.user_ids?.filter((userId) => userId !== author) ?? null;
    return [unread(conversation, said, null, null, { ...audience, user_ids })];
  });
}

/** For one member, who has read, or marked as unread. */
export function readBy({ after }: Change<'read'>, said: Said): ToldEvent[] {
  const conversation = after && said.conversations.get(after.conversation_id);
  if (!conversation) return [];
  const { inbox_id, user_ids } = audienceOf(conversation);
  if (user_ids?.includes(after.user_id) === false) return [];
  const audience = { inbox_id, user_ids: [after.user_id] };
  return [unread(conversation, said, after.user_id, after.unread, audience)];
}

function unread(
  conversation: ConversationRow,
  { timestamp }: Said,
  userId: string | null,
  unreadCount: number | null,
  audience: ToldEvent['audience'],
): ToldEvent {
  const data = {
    ...aboutConversation(conversation),
    userId,
    unreadCount,
    lastMessageAt: conversation.last_activity_at,
    timestamp,
  };
  return told('conversation:unread_updated', data, audience);
}

function canBeUnread({ kind, inbox_id }: MessageRow): boolean {
  return kind === 'inbound' || (kind === 'outbound' && inbox_id === null);
}

function base(conversation: ConversationRow, timestamp: string) {
  const { subject, status } = conversation;
  return { ...aboutConversation(conversation), subject, status, timestamp };
}
