import { type ConversationViewName, isIn, type UnreadRow } from '@roost/protocol';
import type { LiveList } from './lists.ts';
import type { Store } from './store.ts';

/** How many conversations hold something unread, and how many messages that is. */
export interface UnreadCount {
  readonly conversations: number;
  readonly messages: number;
}

/** What I have not read, of one moment with every list. Closed and archived conversations count in no total. */
export interface UnreadState extends UnreadCount {
  /** There are more than the server tells of. */
  readonly atLeast: boolean;
  /** Unread messages of one conversation, whatever its status. */
  of(conversationId: string): number;
  /** Of one inbox. */
  inInbox(inboxId: string): UnreadCount;
  /** Of one part of the conversations with contacts. */
  inView(view: ConversationViewName): UnreadCount;
  /** Of the conversations among members. */
  readonly direct: UnreadCount;
}

/** Unread by conversation, derived from the rows of the channel `unread`, which the server derives from the log (rule U2). */
export function unreadStore(list: LiveList<UnreadRow>, userId: () => string | null): Store<UnreadState> {
  let from: readonly unknown[] = [];
  let shown = unreadOf([], false, '');
  return {
    subscribe: list.subscribe,
    getSnapshot() {
      const { rows, hasMore } = list.getSnapshot();
      const me = userId() ?? '';
      if (from[0] !== rows || from[1] !== hasMore || from[2] !== me) {
        from = [rows, hasMore, me];
        shown = unreadOf(rows, hasMore, me);
      }
      return shown;
    },
  };
}

function unreadOf(rows: readonly UnreadRow[], atLeast: boolean, userId: string): UnreadState {
  const current = rows.filter(({ status }) => status !== 'closed' && status !== 'archived');
  return {
    ...count(current),
    atLeast,
    of: (conversationId) => rows.find(({ id }) => id === conversationId)?.unread ?? 0,
    inInbox: (inboxId) => count(current.filter(({ inbox_id }) => inbox_id === inboxId)),
    inView: (view) => {
      const isShown = isIn(view, userId);
      return count(rows.filter((row) => row.kind === 'contact' && isShown(row)));
    },
    direct: count(current.filter(({ kind }) => kind === 'direct')),
  };
}

function count(rows: readonly UnreadRow[]): UnreadCount {
  return { conversations: rows.length, messages: rows.reduce((sum, { unread }) => sum + unread, 0) };
}
