import { type MeRow, type MessageRow, type Unread, unreadIn } from '@roost/protocol';
import type { LiveList } from './lists.ts';
import type { Store } from './store.ts';

const NONE: Unread = { count: 0, atLeast: false };

/** How many messages of `inbox` I have not read: derived from the rows and my own row, never counted (rule U1). */
export function unreadMailStore(inbox: LiveList<MessageRow>, me: LiveList<MeRow>): Store<Unread> {
  let shown = NONE;
  return {
    subscribe(listener) {
      const leaves = [inbox.subscribe(listener), me.subscribe(listener)];
      return () => {
        for (const leave of leaves) leave();
      };
    },
    getSnapshot() {
      const { rows, hasMore } = inbox.getSnapshot();
      const [mine] = me.getSnapshot().rows;
      // Until my own row is known nobody can say what I have read, and a wrong number is worse than none.
      const unread = mine ? unreadIn({ rows, bottom: hasMore ? '' : null }, mine.read_offset) : NONE;
      if (unread.count !== shown.count || unread.atLeast !== shown.atLeast) shown = unread;
      return shown;
    },
  };
}
