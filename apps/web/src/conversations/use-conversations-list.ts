import type { ConversationRow } from '@roost/protocol';
import { type LiveRows, useList } from '@roost/react';
import { useMemo } from 'react';
import { isInPlace, type Place, viewOf } from './places.ts';
import { useDirectory } from './use-directory.ts';

/** The conversations of a place, live. What is unread comes by its own channel, and is sieved here. */
export function useConversationsList(place: Place): LiveRows<ConversationRow> {
  const view = viewOf(place);
  const { inbox, label } = place;
  const { myId } = useDirectory();
  const inView = useList('conversations', { view: view ?? 'open', inbox, label });
  const unread = useList('unread', { limit: 200 });
  return useMemo((): LiveRows<ConversationRow> => {
    if (view !== null) return inView;
    return {
      ...unread,
      rows: unread.rows.filter(isInPlace({ view: 'unread', ...given({ inbox, label }) }, myId)),
    };
  }, [view, inView, unread, inbox, label, myId]);
}

function given({ inbox, label }: { inbox: string | undefined; label: string | undefined }): Place {
  return { ...(inbox === undefined ? {} : { inbox }), ...(label === undefined ? {} : { label }) };
}
