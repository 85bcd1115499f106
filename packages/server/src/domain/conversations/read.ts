import { arrivalOffset, type ConversationRow, Failure, type ReadRow } from '@roost/protocol';
import { z } from 'zod';
import { type CommandContext, defineCommand, EVERY_ROLE } from '../../commands/index.ts';
import { baselineOf, countUnread, cursorIn, storedCursor } from './unread.ts';
import { visibleConversation } from './visible.ts';

/**
 * Moves a member's own read cursor of one conversation forward.
 *
 * @throws conversation.unknown; cursor.unknown  the offset lies past the head of the log
 */
export const readConversation = defineCommand({
  name: 'conversation.read',
  input: z.object({ conversation_id: z.string(), up_to: z.int().min(0) }),
  may: { roles: EVERY_ROLE, scope: 'read' },
  async run(context, { conversation_id, up_to }) {
    const { tx, org, actor } = context;
    if (up_to >= context.offset)
      throw new Failure('cursor.unknown', 'That offset lies past the head of the log.');
    const row = await visibleConversation(tx, org, actor, conversation_id);
    const moved = await moveCursor(context, row, readerOf(context), (cursor) => Math.max(cursor, up_to));
    if (moved) nameConversation(context, row);
  },
});

/** The newest message that can be unread is unread again for whoever asks. @throws conversation.unknown */
export const unreadConversation = defineCommand({
  name: 'conversation.unread',
  input: z.object({ conversation_id: z.string() }),
  may: { roles: EVERY_ROLE, scope: 'read' },
  async run(context, { conversation_id }) {
    const { tx, org, actor } = context;
    const userId = readerOf(context);
    const row = await visibleConversation(tx, org, actor, conversation_id);
    const newest = await tx.get<{ id: string | null }>(
      `select max(id) as id from message where org = ? and conversation_id = ?
         and (kind = 'inbound' or (via = 'direct' and kind = 'outbound' and author_id <> ?))`,
      org,
      conversation_id,
      userId,
    );
    if (!newest?.id) throw new Failure('request.invalid', 'Nothing in this conversation can be unread.');
    const before = arrivalOffset(newest.id) - 1;
    const moved = await moveCursor(context, row, userId, (cursor) => Math.min(cursor, before));
    if (moved) nameConversation(context, row);
  },
});

/**
 * Who has read a part of it is told of the whole conversation, and events name whose it is. To others nothing happened:
 * it is as it was.
 */
function nameConversation(context: CommandContext, row: ConversationRow): void {
  context.changed('conversation', row.id, row, row);
}

/** Whoever sends has read what they answer. The caller logs the conversation. */
export async function readToEnd(context: CommandContext, row: ConversationRow): Promise<void> {
  if (context.actor.kind === 'system') return;
  await moveCursor(context, row, context.actor.user_id, (cursor) => Math.max(cursor, context.offset - 1));
}

/** @returns false where nobody sees a difference */
async function moveCursor(
  context: CommandContext,
  conversation: ConversationRow,
  userId: string,
  move: (cursor: number) => number,
): Promise<boolean> {
  const { tx, org, offset } = context;
  const { id } = conversation;
  const own = await storedCursor(tx, org, userId, id);
  const was = cursorIn(await baselineOf(tx, org, userId), own);
  const is = move(was);
  if (is === was) return false;
  const before = await countUnread(tx, org, id, userId, was);
  const after = await countUnread(tx, org, id, userId, is);
  // A log is not the place for what nobody sees.
  if (before.count === after.count) return false;
  const cursor = {
    user_id: userId,
    version: offset,
    offset: is,
    unread: after.count,
    first_unread: after.first,
  };
  await tx.run(
    `insert into read_cursor (org, user_id, conversation_id, version, "offset", unread, first_unread)
       values (?, ?, ?, ?, ?, ?, ?)
       on conflict (org, user_id, conversation_id) do update set version = excluded.version,
         "offset" = excluded."offset", unread = excluded.unread, first_unread = excluded.first_unread`,
    org,
    userId,
    id,
    cursor.version,
    cursor.offset,
    cursor.unread,
    cursor.first_unread,
  );
  const row = readRowOf(id, cursor);
  context.changed('read', row.id, own ? readRowOf(id, { ...own, user_id: userId }) : null, row);
  return true;
}

export function readRowOf(
  conversationId: string,
  { user_id, version, offset, unread, first_unread }: Omit<ReadRow, 'id' | 'conversation_id'>,
): ReadRow {
  return {
    id: `${conversationId}:${user_id}`,
    version,
    conversation_id: conversationId,
    user_id,
    offset,
    unread,
    first_unread,
  };
}

/** @throws access.forbidden  the server itself reads nothing */
function readerOf({ actor }: CommandContext): string {
  if (actor.kind === 'system') throw new Failure('access.forbidden');
  return actor.user_id;
}
