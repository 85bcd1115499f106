import type { UnreadRow } from '@roost/protocol';
import { useList } from '@roost/react';
import { useMemo } from 'react';
import { type UnreadCounts, unreadCounts } from '../nav/counts.ts';
import { useDirectory } from './use-directory.ts';

const ALL = { limit: 200 };

/** The badges of the navigation. */
export function useUnreadCounts(): UnreadCounts {
  const { rows, hasMore } = useList('unread', ALL);
  const { myId } = useDirectory();
  return useMemo(() => unreadCounts(rows, myId, hasMore), [rows, myId, hasMore]);
}

/** What I have not read, by conversation. */
export function useUnreadOf(): ReadonlyMap<string, UnreadRow> {
  const { rows } = useList('unread', ALL);
  return useMemo(() => new Map(rows.map((row) => [row.id, row])), [rows]);
}
