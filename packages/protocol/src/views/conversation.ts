import type { ConversationRow } from '../entities/conversation.ts';
import { audienceOf, drawn, type View, type Viewer } from './view.ts';

/** One conversation. */
export function conversationView(id: string, viewer: Viewer): View<'conversation'> {
  const hidden = new Set(viewer.hidden);
  return {
    ...drawn(`conversation:${id}`, viewer),
    kind: 'conversation',
    audience: audienceOf(viewer),
    only: id,
    isGuarded: true,
    includes: (row) => row.id === id && !isHidden(row, hidden),
  };
}

/**
 * The messages of one conversation, newest first. Whether the viewer takes part in a direct one is asked when it is
 * opened; whoever leaves it has all channels opened anew (rule A2).
 */
export function threadView(id: string, viewer: Viewer): View<'message'> {
  const hidden = new Set(viewer.hidden);
  return {
    ...drawn(`thread:${id}`, viewer),
    kind: 'message',
    audience: audienceOf(viewer),
    within: id,
    isGuarded: true,
    includes: (row) => row.conversation_id === id && !isHidden(row, hidden),
  };
}

/** How far each member has read one conversation, who read last first. */
export function readsView(id: string, viewer: Viewer): View<'read'> {
  return {
    ...drawn(`reads:${id}`, viewer),
    kind: 'read',
    audience: audienceOf(viewer),
    within: id,
    isGuarded: true,
    includes: (row) => row.conversation_id === id,
  };
}

/** The direct conversations of one member, last active first. */
export function directView(viewer: Viewer): View<'conversation'> {
  return {
    ...drawn('direct', viewer),
    kind: 'conversation',
    audience: '',
    includes: (row) => row.kind === 'direct' && row.participants.includes(viewer.user_id),
  };
}

/** Conversations that the viewer has not read to their end, with how much of each; last active first. */
export function unreadView(viewer: Viewer): View<'conversation'> {
  const hidden = new Set(viewer.hidden);
  return {
    ...drawn('unread', viewer),
    kind: 'conversation',
    audience: audienceOf(viewer),
    isTally: true,
    includes: (row) =>
      row.kind === 'direct' ? row.participants.includes(viewer.user_id) : !isHidden(row, hidden),
  };
}

function isHidden({ inbox_id }: Pick<ConversationRow, 'inbox_id'>, hidden: ReadonlySet<string>): boolean {
  return inbox_id !== null && hidden.has(inbox_id);
}
