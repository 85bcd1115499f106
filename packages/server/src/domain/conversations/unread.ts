import { type ConversationRow, formatArrival } from '@roost/protocol';
import type { Tx } from '../../store/database.ts';

/** How far a member has read everything, and when they last said so. */
export interface Baseline {
  readonly read_offset: number;
  readonly read_version: number;
}

/** A read cursor of one conversation, as it is stored. */
export interface StoredCursor {
  readonly version: number;
  readonly offset: number;
  /** As it was when the cursor was set. */
  readonly unread: number;
  readonly first_unread: string | null;
}

/**
 * How far a member has read a conversation: what they said last holds, whether of this one or of everything; what they
 * said of this one earlier holds where it reaches further (rule U2).
 */
export function cursorIn(
  me: Baseline,
  own: Pick<StoredCursor, 'version' | 'offset'> | null | undefined,
): number {
  if (!own) return me.read_offset;
  return own.version > me.read_version ? own.offset : Math.max(own.offset, me.read_offset);
}

export interface UnreadCount {
  readonly count: number;
  /** Id of the first unread message; null when there is none. */
  readonly first: string | null;
}

/** Messages of a conversation after a cursor that count for this member: from the contact, or a colleague's direct ones. */
export async function countUnread(
  tx: Tx,
  org: string,
  conversationId: string,
  userId: string,
  cursor: number,
): Promise<UnreadCount> {
  const found = await tx.get<UnreadCount>(
    `select count(*) as count, min(id) as first from message
      where org = ? and conversation_id = ? and id >= ?
        and (kind = 'inbound' or (via = 'direct' and kind = 'outbound' and author_id <> ?))`,
    org,
    conversationId,
    formatArrival(cursor + 1),
    userId,
  );
  return { count: Number(found?.count ?? 0), first: found?.first ?? null };
}

export async function baselineOf(tx: Tx, org: string, userId: string): Promise<Baseline> {
  const me = await tx.get<Baseline>(
    'select read_offset, read_version from member where org = ? and id = ?',
    org,
    userId,
  );
  return me ?? { read_offset: 0, read_version: 0 };
}

export async function storedCursor(
  tx: Tx,
  org: string,
  userId: string,
  conversationId: string,
): Promise<StoredCursor | undefined> {
  return tx.get<StoredCursor>(
    'select version, "offset", unread, first_unread from read_cursor where org = ? and user_id = ? and conversation_id = ?',
    org,
    userId,
    conversationId,
  );
}

/** One conversation that somebody has not read to its end. */
export interface UnreadConversation extends UnreadCount {
  readonly row: ConversationRow;
  /** Offset of the last change of the conversation, or of how far it has been read. */
  readonly version: number;
}

/** More conversations than this are not counted one by one. */
const UNREAD_STATE_MAX = 10_000;

/** Every conversation that a member may see and has not read to its end, last active first. */
export async function unreadConversations(
  tx: Tx,
  org: string,
  userId: string,
  hidden: readonly string[],
): Promise<UnreadConversation[]> {
  const me = await baselineOf(tx, org, userId);
  const found = await candidates(tx, org, userId, me);
  const unread: UnreadConversation[] = [];
  for (const { row: written, version, offset } of found) {
    const row = JSON.parse(written) as ConversationRow;
    if (row.kind === 'direct' ? !row.participants.includes(userId) : hidden.includes(row.inbox_id ?? ''))
      continue;
    const own = version === null || offset === null ? null : { version, offset };
    const cursor = cursorIn(me, own);
    if (row.inbound_offset <= cursor) continue;
    const counted = await countUnread(tx, org, row.id, userId, cursor);
    if (counted.count > 0)
      unread.push({ ...counted, row, version: Math.max(row.version, own?.version ?? 0, me.read_version) });
  }
  return unread;
}

interface Candidate {
  readonly row: string;
  readonly version: number | null;
  readonly offset: number | null;
}

/** Something came after all was read, or somebody marked it as unread since. */
function candidates(tx: Tx, org: string, userId: string, me: Baseline): Promise<Candidate[]> {
  return tx.all<Candidate>(
    `select conversation."row" as "row", read_cursor.version as version, read_cursor."offset" as "offset"
       from conversation left join read_cursor on read_cursor.org = conversation.org
         and read_cursor.conversation_id = conversation.id and read_cursor.user_id = ?
      where conversation.org = ? and conversation.inbound_offset > coalesce(read_cursor."offset", 0)
        and (conversation.inbound_offset > ? or read_cursor.version > ?)
      order by activity desc limit ${UNREAD_STATE_MAX}`,
    userId,
    org,
    me.read_offset,
    me.read_version,
  );
}
