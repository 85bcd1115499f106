import { Failure, localPart, type MailState, type MessageRow } from '@roost/protocol';
import { z } from 'zod';
import { type CommandContext, defineCommand } from '../../commands/index.ts';
import { hiddenFrom } from '../access/hidden.ts';
import { MailboxBook } from '../mailboxes/mailbox.ts';
import { knownMessage } from '../messages/store.ts';
import { reindexMessage } from '../search/write.ts';

const BULK_MAX_COUNT = 500;
const label = z.string().trim().toLowerCase().min(1).max(50);

export const mailChange = z.object({
  seen: z.boolean().optional(),
  flagged: z.boolean().optional(),
  answered: z.boolean().optional(),
  forwarded: z.boolean().optional(),
  /** Mailbox of the same inbox to move to. */
  mailbox_id: z.string().max(64).optional(),
  /** Into the trash of its inbox, or out of it to where it was. */
  trash: z.boolean().optional(),
  add_labels: z.array(label).max(50).default([]),
  remove_labels: z.array(label).max(50).default([]),
});
export type MailChange = z.output<typeof mailChange>;

/**
 * Marks, moves, bins or restores a selection of mails, all or none.
 *
 * @throws message.unknown; mailbox.unknown; request.invalid  a mailbox of another inbox
 */
export const changeMail = defineCommand({
  name: 'mail.change',
  input: z.object({
    message_ids: z.array(z.string().max(64)).min(1).max(BULK_MAX_COUNT),
    change: mailChange,
  }),
  may: { roles: ['owner', 'admin', 'agent'], scope: 'write' },
  weight: ({ message_ids }) => message_ids.length,
  async run(context, { message_ids, change }) {
    const { tx, org, actor } = context;
    const hidden = await hiddenFrom(tx, org, actor);
    const book = new MailboxBook(context);
    for (const id of new Set(message_ids)) {
      const before = await knownMessage(tx, org, id);
      const state = before.mail;
      // Quarantine has its own way out, which not everybody may take.
      if (!state || state.decision === 'QUARANTINE' || hidden.includes(before.inbox_id as string))
        throw new Failure('message.unknown');
      const after = await changed(book, before, state, change);
      if (JSON.stringify(after) !== JSON.stringify(state))
        await rewriteMail(context, book, before, { ...before, mail: after });
    }
    await book.write();
  },
});

/** @throws mailbox.unknown; request.invalid  a mailbox of another inbox */
export async function changed(
  book: MailboxBook,
  { inbox_id }: MessageRow,
  state: MailState,
  { mailbox_id, trash, add_labels, remove_labels, ...flags }: MailChange,
): Promise<MailState> {
  const labels = [...new Set([...state.labels, ...add_labels])].filter((one) => !remove_labels.includes(one));
  const next: MailState = {
    ...state,
    seen: flags.seen ?? state.seen,
    flagged: flags.flagged ?? state.flagged,
    answered: flags.answered ?? state.answered,
    forwarded: flags.forwarded ?? state.forwarded,
    labels: labels.sort(),
  };
  if (mailbox_id !== undefined) {
    const target = await book.get(mailbox_id);
    if (target.inbox_id !== inbox_id)
      throw new Failure('request.invalid', 'Mail moves within its inbox only.');
    return { ...next, mailbox_id, restore_to: null };
  }
  if (trash === undefined) return next;
  const bin = await book.special(inbox_id as string, 'trash');
  if (trash)
    return state.mailbox_id === bin.id ? next : { ...next, mailbox_id: bin.id, restore_to: state.mailbox_id };
  if (state.mailbox_id !== bin.id) return next;
  const home = state.restore_to ?? (await book.special(inbox_id as string, 'inbox')).id;
  return { ...next, mailbox_id: home, restore_to: null };
}

/** Stores what a mail now is, logs it, and moves the counters along. The book is written by the caller. */
export async function rewriteMail(
  context: CommandContext,
  book: MailboxBook,
  before: MessageRow,
  now: MessageRow,
): Promise<MessageRow> {
  const { tx, org, offset } = context;
  const after = { ...now, version: offset };
  await tx.run(
    'update message set version = ?, mailbox_id = ?, decision = ?, conversation_id = ?, "row" = ? where org = ? and id = ?',
    offset,
    after.mail?.mailbox_id ?? null,
    after.mail?.decision ?? 'INBOX',
    after.conversation_id,
    JSON.stringify(after),
    org,
    after.id,
  );
  await book.count(before, after);
  await reindexMessage(context, before, after);
  context.changed('message', after.id, before, after);
  return after;
}

/** What lists by address look through: mail that people may see, and no other. */
export async function listRecipients(
  { tx, org }: CommandContext,
  row: MessageRow,
  isListed: boolean,
): Promise<void> {
  await tx.run('delete from recipient where org = ? and message_id = ?', org, row.id);
  if (isListed)
    await tx.insertMany(
      'recipient',
      ['org', 'message_id', 'address', 'local_part'],
      row.to.map((address) => [org, row.id, address, localPart(address)]),
    );
}
