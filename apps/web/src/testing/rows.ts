import type { ConversationRow, MessageRow } from '@roost/protocol';

/** An open conversation with Ann Lee. */
export function conversation(more: Partial<ConversationRow> = {}): ConversationRow {
  return {
    id: 'c1',
    version: 1,
    kind: 'contact',
    inbox_id: 'i1',
    contact: { id: 'p1', name: 'Ann Lee', address: '+4930123456' },
    participants: [],
    subject: '',
    status: 'open',
    snoozed_until: null,
    resolved_at: null,
    assignee_id: null,
    labels: [],
    last_message: null,
    last_activity_at: '2026-03-12T15:30:00.000Z',
    activity: 'm1',
    answer_offset: 0,
    inbound_offset: 0,
    reply_until: null,
    created_at: '2026-03-12T15:30:00.000Z',
    ...more,
  };
}

/** A text that Ann Lee sent. */
export function message(more: Partial<MessageRow> = {}): MessageRow {
  return {
    id: 'm1',
    version: 1,
    inbox_id: 'i1',
    conversation_id: 'c1',
    via: 'whatsapp',
    kind: 'inbound',
    author_id: null,
    received_at: '2026-03-12T15:30:00.000Z',
    from: 'Ann Lee',
    to: [],
    subject: '',
    snippet: 'Hello',
    text: 'Hello',
    parts: [],
    reply_to: null,
    reactions: [],
    status: null,
    error: null,
    size_bytes: 5,
    attachment_count: 0,
    problem: null,
    ...more,
  };
}
