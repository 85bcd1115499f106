import type { InboxRow } from '@roost/protocol';
import type { CommandContext } from '../../commands/index.ts';
import { settleAccess } from '../access/hidden.ts';
import { findInbox } from '../inboxes/inbox.ts';
import { inboxesOf } from '../inboxes/queries.ts';

/** Puts a member into these inboxes; those that are gone meanwhile are passed over. */
export async function enterInboxes(
  context: CommandContext,
  userId: string,
  inboxIds: readonly string[],
): Promise<void> {
  for (const id of inboxIds) {
    const inbox = await findInbox(context.tx, context.org, id);
    if (inbox && !inbox.member_ids.includes(userId))
      await writeMembers(context, inbox, [...inbox.member_ids, userId].sort());
  }
  await settleAccess(context, [userId]);
}

/** Takes somebody who leaves out of every inbox, so that coming back later does not bring the old ones along. */
export async function leaveInboxes(context: CommandContext, userId: string): Promise<void> {
  for (const inbox of await inboxesOf(context.tx, context.org)) {
    const others = inbox.member_ids.filter((id) => id !== userId);
    if (others.length < inbox.member_ids.length) await writeMembers(context, inbox, others);
  }
}

async function writeMembers(context: CommandContext, before: InboxRow, memberIds: string[]): Promise<void> {
  const { tx, org, offset } = context;
  await tx.run(
    'update inbox set member_ids = ?, version = ? where org = ? and id = ?',
    JSON.stringify(memberIds),
    offset,
    org,
    before.id,
  );
  context.forget(`inboxes:${org}`);
  context.changed('inbox', before.id, before, { ...before, member_ids: memberIds, version: offset });
}
