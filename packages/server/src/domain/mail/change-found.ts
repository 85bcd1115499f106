import type { MessageRow } from '@roost/protocol';
import { z } from 'zod';
import { defineCommand } from '../../commands/index.ts';
import { seenMailbox } from '../mailboxes/commands.ts';
import { MailboxBook } from '../mailboxes/mailbox.ts';
import { PAST_EVERY_ID } from '../views/page.ts';
import { changed, mailChange, rewriteMail } from './change.ts';

/** Mails that one step looks at, so that none holds the log for long, however large the mailbox. */
const STEP_MAX_COUNT = 500;

export const mailFilter = z.object({
  unseen: z.boolean().optional(),
  flagged: z.boolean().optional(),
  /** Received before it, ms since 1970. */
  before: z.int().optional(),
});
type MailFilter = z.output<typeof mailFilter>;

export interface ChangedFound {
  readonly changed_count: number;
  /** Where the next step begins; null when there is no more. */
  readonly next: string | null;
}

/**
 * Changes the mails of a mailbox that fit, newest first: a step of them, all of the step or none.
 *
 * @throws mailbox.unknown; request.invalid  a mailbox of another inbox
 */
export const changeFoundMail = defineCommand({
  name: 'mail.change_found',
  input: z.object({
    mailbox_id: z.string().max(64),
    filter: mailFilter.default({}),
    change: mailChange,
    /** `next` of the step before. */
    cursor: z.string().max(64).nullable().default(null),
  }),
  may: { roles: ['owner', 'admin', 'agent'], scope: 'write' },
  weight: () => STEP_MAX_COUNT,
  async run(context, { mailbox_id, filter, change, cursor }): Promise<ChangedFound> {
    const { tx, org } = context;
    await seenMailbox(context, mailbox_id);
    const found = await tx.all<{ id: string; row: string }>(
      'select id, "row" from message where org = ? and mailbox_id = ? and id < ? order by id desc limit ?',
      org,
      mailbox_id,
      cursor ?? PAST_EVERY_ID,
      STEP_MAX_COUNT + 1,
    );
    const step = found.slice(0, STEP_MAX_COUNT);
    const book = new MailboxBook(context);
    let changed_count = 0;
    for (const { row } of step) {
      const before = JSON.parse(row) as MessageRow;
      if (!before.mail || !fits(before, filter)) continue;
      const mail = await changed(book, before, before.mail, change);
      if (JSON.stringify(mail) === JSON.stringify(before.mail)) continue;
      await rewriteMail(context, book, before, { ...before, mail });
      changed_count += 1;
    }
    await book.write();
    return { changed_count, next: found.length > step.length ? (step.at(-1)?.id ?? null) : null };
  },
});

function fits({ mail, received_at }: MessageRow, { unseen, flagged, before }: MailFilter): boolean {
  if (unseen !== undefined && mail?.seen === unseen) return false;
  if (flagged !== undefined && mail?.flagged !== flagged) return false;
  return before === undefined || Date.parse(received_at) < before;
}
