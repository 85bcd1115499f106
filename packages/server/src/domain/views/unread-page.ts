import { limits, type UnreadRow } from '@roost/protocol';
import type { Tx } from '../../store/database.ts';
import { type UnreadConversation, unreadConversations } from '../conversations/unread.ts';
import type { Page } from './page.ts';

/** What one member has not read, conversation by conversation: all that a fold needs to go on from here. */
export type UnreadState = readonly UnreadIn[];

export interface UnreadIn {
  readonly id: string;
  readonly count: number;
  /** Id of the first unread message. */
  readonly first: string;
  readonly version: number;
}

/** The top of what a member has not read, with all of it in short. */
export async function unreadPage(
  tx: Tx,
  org: string,
  userId: string,
  hidden: readonly string[],
  before: string | null,
): Promise<Page & { unread: UnreadState }> {
  const unread = await unreadConversations(tx, org, userId, hidden);
  const below = unread.filter(({ row }) => before === null || row.activity < before);
  const shown = below.slice(0, limits.UNREAD_MAX_ROWS);
  return {
    rows: shown.map((one) => JSON.stringify(unreadRowOf(one))),
    next: below.length > shown.length ? (shown.at(-1)?.row.activity ?? null) : null,
    unread: unread.map(({ row, count, first, version }) => ({
      id: row.id,
      count,
      first: first as string,
      version,
    })),
  };
}

function unreadRowOf({ row, count, first, version }: UnreadConversation): UnreadRow {
  return { ...row, version, unread: count, first_unread: first as string };
}
