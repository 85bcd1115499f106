import { Failure, type MailboxRow } from '@roost/protocol';
import { z } from 'zod';
import { type CommandContext, defineCommand } from '../../commands/index.ts';
import { hiddenFrom } from '../access/hidden.ts';
import { knownInbox } from '../inboxes/inbox.ts';
import { knownMailbox, MailboxBook, mailboxesOf, newMailbox, pathKey } from './mailbox.ts';

export const MAILBOXES_MAX = 1_000;
const DEPTH_MAX = 10;

/** Names joined by `/`; none is empty, and none holds what no screen shows. */
export const mailboxPath = z
  .string()
  .trim()
  .min(1)
  .max(500)
  .refine((written) => written.split('/').every((name) => name.trim() !== '' && name.trim() === name), {
    error: 'Every name in a path has at least one character, and none begins or ends with a space.',
  })
  .refine((written) => written.split('/').length <= DEPTH_MAX, {
    error: `A path has at most ${DEPTH_MAX} names.`,
  })
  .refine((written) => !/[\p{Cc}\p{Cs}*%]/u.test(written), {
    error: 'A name holds no control characters, no “*” and no “%”.',
  });

const may = { roles: ['owner', 'admin', 'agent'], scope: 'write' } as const;

/** @throws inbox.unknown, mailbox.exists */
export const createMailbox = defineCommand({
  name: 'mailbox.create',
  input: z.object({ inbox_id: z.string().max(64), path: mailboxPath }),
  may,
  async run(context, input): Promise<MailboxRow> {
    await assertMailInbox(context, input.inbox_id);
    const known = await mailboxesOf(context.tx, context.org, input.inbox_id);
    assertFree(known, input.path, null);
    if (known.length >= MAILBOXES_MAX)
      throw new Failure('request.invalid', `An inbox has at most ${MAILBOXES_MAX} mailboxes.`);
    const book = new MailboxBook(context);
    await book.special(input.inbox_id, 'inbox');
    const row = book.put(newMailbox(context, input.inbox_id, input.path, null));
    await book.write();
    return row;
  },
});

/** Renames a mailbox with everything below it, or says whether it is subscribed or hidden. @throws mailbox.unknown, mailbox.exists */
export const updateMailbox = defineCommand({
  name: 'mailbox.update',
  input: z.object({
    mailbox_id: z.string().max(64),
    path: mailboxPath.optional(),
    subscribed: z.boolean().optional(),
    hidden: z.boolean().optional(),
  }),
  may,
  async run(context, { mailbox_id, path, subscribed, hidden }): Promise<MailboxRow> {
    const before = await seenMailbox(context, mailbox_id);
    const book = new MailboxBook(context);
    await book.get(mailbox_id);
    if (path !== undefined && path !== before.path) {
      if (before.special_use) throw new Failure('request.invalid', `${before.path} keeps its name.`);
      const known = await mailboxesOf(context.tx, context.org, before.inbox_id);
      const below = known.filter((other) => pathKey(other.path).startsWith(`${pathKey(before.path)}/`));
      if (pathKey(path).startsWith(`${pathKey(before.path)}/`))
        throw new Failure('request.invalid', 'A mailbox cannot lie in itself.');
      const others = known.filter((other) => other.id !== mailbox_id && !below.includes(other));
      for (const moved of [before, ...below]) assertFree(others, movedPath(moved, before, path), moved.id);
      for (const moved of below) {
        await book.get(moved.id);
        book.put({ ...moved, path: movedPath(moved, before, path) });
      }
    }
    const row = book.put({
      ...before,
      path: path ?? before.path,
      subscribed: subscribed ?? before.subscribed,
      hidden: hidden ?? before.hidden,
    });
    await book.write();
    return row;
  },
});

/** Deletes a mailbox of one's own that holds nothing, and has none below it. @throws mailbox.unknown; request.invalid */
export const removeMailbox = defineCommand({
  name: 'mailbox.remove',
  input: z.object({ mailbox_id: z.string().max(64) }),
  may,
  audited: true,
  async run(context, { mailbox_id }) {
    const { tx, org } = context;
    const row = await seenMailbox(context, mailbox_id);
    if (row.special_use) throw new Failure('request.invalid', `${row.path} is needed by the server.`);
    if (row.total > 0)
      throw new Failure('request.invalid', 'Move or delete its messages first; nothing was changed.');
    const known = await mailboxesOf(tx, org, row.inbox_id);
    if (known.some((other) => pathKey(other.path).startsWith(`${pathKey(row.path)}/`)))
      throw new Failure('request.invalid', 'There are mailboxes below it; delete those first.');
    await tx.run('delete from mailbox where org = ? and id = ?', org, mailbox_id);
    context.changed('mailbox', mailbox_id, row, null);
  },
});

/** A mailbox, for somebody who may see its inbox; to others there is none. @throws mailbox.unknown */
export async function seenMailbox(
  { tx, org, actor }: Pick<CommandContext, 'tx' | 'org' | 'actor'>,
  id: string,
): Promise<MailboxRow> {
  const row = await knownMailbox(tx, org, id);
  if ((await hiddenFrom(tx, org, actor)).includes(row.inbox_id)) throw new Failure('mailbox.unknown');
  return row;
}

/** @throws inbox.unknown */
async function assertMailInbox({ tx, org, actor }: CommandContext, inboxId: string): Promise<void> {
  const inbox = await knownInbox(tx, org, inboxId);
  const isHidden = (await hiddenFrom(tx, org, actor)).includes(inboxId);
  if (isHidden || inbox.kind !== 'mail') throw new Failure('inbox.unknown', 'There is no such mail inbox.');
}

/** @throws mailbox.exists */
function assertFree(known: readonly MailboxRow[], path: string, but: string | null): void {
  const taken = known.find((other) => other.id !== but && pathKey(other.path) === pathKey(path));
  if (taken) throw new Failure('mailbox.exists', `There is “${taken.path}” already.`);
}

function movedPath(row: MailboxRow, from: MailboxRow, to: string): string {
  return `${to}${row.path.slice(from.path.length)}`;
}
