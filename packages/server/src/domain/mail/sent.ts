import type { MailState, MessageRow } from '@roost/protocol';
import type { MailboxBook } from '../mailboxes/mailbox.ts';

/** A mail of ours lies in the Sent mailbox of its inbox, from when it is written, read by whoever wrote it. */
export async function layInSent(
  book: MailboxBook,
  row: MessageRow & { readonly inbox_id: string },
): Promise<MessageRow> {
  const mail: MailState = {
    mailbox_id: (await book.special(row.inbox_id, 'sent')).id,
    seen: true,
    flagged: false,
    answered: false,
    forwarded: false,
    draft: false,
    labels: [],
    decision: 'INBOX',
    decided_by: null,
    restore_to: null,
  };
  const sent = { ...row, mail };
  await book.count(null, sent);
  return sent;
}
