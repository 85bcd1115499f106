import type { ConversationRow } from '../entities/conversation.ts';
import { audienceOf, type View, type Viewer } from './view.ts';

/** One conversation. */
export function conversationView(id: string, viewer: Viewer): View<'conversation'> {
  const hidden = new Set(viewer.hidden);
  return {
    kind: 'conversation',
    channel: `conversation:${id}`,
    key: `conversation:${id}`,
    audience: audienceOf(viewer),
    only: id,
    isGuarded: true,
    includes: (row) => row.id === id && !isHidden(row, hidden),
    sortKey: (row) => row.id,
  };
}

/**
 * The messages of one conversation, newest first. Whether the viewer takes part in a direct one is asked when it is
 * opened; whoever leaves it has all channels opened anew (rule A2).
 */
export function threadView(id: string, viewer: Viewer): View<'message'> {
  const hidden = new Set(viewer.hidden);
  return {
    kind: 'message',
    channel: `thread:${id}`,
    key: `thread:${id}`,
    audience: audienceOf(viewer),
    within: id,
    isGuarded: true,
    includes: (row) => row.conversation_id === id && !isHidden(row, hidden),
    sortKey: (row) => row.id,
  };
}

/** How far each member has read one conversation, who read last first. */
export function readsView(id: string, viewer: Viewer): View<'read'> {
  return {
    kind: 'read',
    channel: `reads:${id}`,
    key: `reads:${id}`,
    audience: audienceOf(viewer),
    within: id,
    isGuarded: true,
    includes: (row) => row.conversation_id === id,
    sortKey: (row) => row.id,
  };
}

/** The direct conversations of one member, last active first. */
export function directView({ user_id }: Viewer): View<'conversation'> {
  return {
    kind: 'conversation',
    channel: 'direct',
    key: `direct:${user_id}`,
    audience: '',
    includes: (row) => row.kind === 'direct' && row.participants.includes(user_id),
    sortKey: (row) => row.activity,
  };
}

/** Conversations that the viewer has not read to their end, with how much of each; last active first. */
export function unreadView(viewer: Viewer): View<'conversation'> {
  const hidden = new Set(viewer.hidden);
  return {
    kind: 'conversation',
    channel: 'unread',
    key: `unread:${viewer.user_id}`,
    audience: audienceOf(viewer),
    isTally: true,
    includes: (row) =>
      row.kind === 'direct' ? row.participants.includes(viewer.user_id) : !isHidden(row, hidden),
    sortKey: (row) => row.activity,
  };
}

function isHidden({ inbox_id }: Pick<ConversationRow, 'inbox_id'>, hidden: ReadonlySet<string>): boolean {
  return inbox_id !== null && hidden.has(inbox_id);
}
