import { arrivalOffset, type ConversationRow, Failure, type MessageRow } from '@roost/protocol';
import { z } from 'zod';
import { ADMINS, type CommandContext, defineCommand } from '../../commands/index.ts';
import { hiddenFrom, readAccess } from '../access/hidden.ts';
import { ConversationBook } from '../conversations/book.ts';
import { briefOf } from '../conversations/inbound.ts';
import { MailboxBook } from '../mailboxes/mailbox.ts';
import { dropFromSearch } from '../search/write.ts';

const ERASED_AT_ONCE = 20;

/** Deletes messages for good. Their blobs go with the next sweep, unless another message holds them too. */
export const removeMessages = defineCommand({
  name: 'message.remove',
  input: z.object({ message_ids: z.array(z.string()).min(1).max(500) }),
  may: { roles: [...ADMINS, 'agent'], scope: 'admin' },
  audited: true,
  async run(context, { message_ids }) {
    const { tx, org, actor } = context;
    const hidden = await hiddenFrom(tx, org, actor);
    const isAdmin = actor.kind === 'system' || (await readAccess(tx, org, actor.user_id)).admin;
    const rows: MessageRow[] = [];
    for (const id of new Set(message_ids)) {
      const message = await tx.get<{ row: string }>(
        'select "row" from message where org = ? and id = ?',
        org,
        id,
      );
      if (!message) throw new Failure('message.unknown');
      const row = JSON.parse(message.row) as MessageRow;
      if (row.inbox_id !== null && hidden.includes(row.inbox_id)) throw new Failure('message.unknown');
      if (row.via === 'direct' && actor.kind !== 'system' && row.author_id !== actor.user_id)
        throw new Failure('message.unknown');
      if (row.mail?.decision === 'QUARANTINE' && !isAdmin) throw new Failure('message.unknown');
      rows.push(row);
    }
    await eraseMessages(context, rows);
  },
});

/** Deletes messages with all that hangs on them; counters and conversations are then as without them. */
export async function eraseMessages(context: CommandContext, rows: readonly MessageRow[]): Promise<void> {
  const { tx, org } = context;
  const mailboxes = new MailboxBook(context);
  const book = new ConversationBook(context);
  const conversationIds = new Set<string>();
  for (const row of rows) {
    await mailboxes.count(row, null);
    await dropFromSearch(context, row.id);
    context.changed('message', row.id, row, null);
    if (row.conversation_id !== null) conversationIds.add(row.conversation_id);
  }
  for (let at = 0; at < rows.length; at += ERASED_AT_ONCE) {
    const ids = rows.slice(at, at + ERASED_AT_ONCE).map(({ id }) => id);
    // Always as many marks, the last id repeated, so that one statement is prepared for all.
    const named = Array.from({ length: ERASED_AT_ONCE }, (_, one) => ids[one] ?? (ids.at(-1) as string));
    const marks = named.map(() => '?').join(', ');
    for (const table of ['recipient', 'blob_reference', 'outbox'])
      await tx.run(`delete from ${table} where org = ? and message_id in (${marks})`, org, ...named);
    await tx.run(`delete from message where org = ? and id in (${marks})`, org, ...named);
  }
  for (const id of conversationIds) book.put(await settled(context, await book.get(id)));
  await book.write();
  await mailboxes.write();
}

/** What a conversation is without the messages that are gone. Where nothing is left it stands where it began. */
async function settled({ tx, org }: CommandContext, row: ConversationRow): Promise<ConversationRow> {
  const newestOf = async (condition: string) => {
    const found = await tx.get<{ row: string }>(
      `select "row" from message where org = ? and conversation_id = ? and ${condition} order by id desc limit 1`,
      org,
      row.id,
    );
    return found ? (JSON.parse(found.row) as MessageRow) : null;
  };
  const last = await newestOf(`kind <> 'system'`);
  const said = await newestOf(`kind in ('inbound', 'outbound')`);
  const countable = row.kind === 'direct' ? said : await newestOf(`kind = 'inbound'`);
  return {
    ...row,
    last_message: last && briefOf(last),
    last_activity_at: last?.received_at ?? row.created_at,
    activity: last?.id ?? row.id,
    answer_offset: said ? arrivalOffset(said.id) : 0,
    inbound_offset: countable ? arrivalOffset(countable.id) : 0,
  };
}
