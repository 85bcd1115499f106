import { Failure, type JobRow } from '@roost/protocol';
import { z } from 'zod';
import { type CommandContext, defineCommand, EVERY_ROLE } from '../../commands/index.ts';
import { hiddenFrom } from '../access/hidden.ts';
import { knownInbox } from '../inboxes/inbox.ts';
import { newJob } from '../jobs/job.ts';
import { knownMailbox } from '../mailboxes/mailbox.ts';
import { SEARCH_MAX_CHARS } from '../search/index.ts';

const SELECTED_MAX_COUNT = 5_000;

/** Which mails: of an inbox, of one mailbox, those that a search finds, or these. */
const selection = z.union([
  z.strictObject({ inbox_id: z.string().max(64) }),
  z.strictObject({ mailbox_id: z.string().max(64) }),
  z.strictObject({
    q: z.string().trim().min(1).max(SEARCH_MAX_CHARS),
    inbox_id: z.string().max(64).nullable().default(null),
  }),
  z.strictObject({ message_ids: z.array(z.string().max(64)).min(1).max(SELECTED_MAX_COUNT) }),
]);
export type Selection = z.output<typeof selection>;

export const exportWork = z.object({
  format: z.enum(['mbox', 'maildir']),
  selection,
  file: z.object({ name: z.string(), content_type: z.string() }),
});
export type ExportWork = z.output<typeof exportWork>;

/** Begins to write mails into a file that is then fetched. @throws inbox.unknown, mailbox.unknown */
export const beginExport = defineCommand({
  name: 'export.begin',
  input: z.object({ format: exportWork.shape.format, selection }),
  may: { roles: EVERY_ROLE, scope: 'read' },
  audited: (input) => ({ format: input.format, of: Object.keys(input.selection).join(', ') }),
  async run(context, { format, selection }): Promise<JobRow> {
    const what = await nameOf(context, selection);
    const plain = what.replace(/[^\p{L}\p{N}@._-]+/gu, '-').slice(0, 80);
    const file =
      format === 'mbox'
        ? { name: `${plain}.mbox`, content_type: 'application/mbox' }
        : { name: `${plain}.tar.gz`, content_type: 'application/gzip' };
    const work: ExportWork = { format, selection, file };
    return newJob(context, { kind: 'export', says: `Export of ${what}`, work });
  },
});

async function nameOf({ tx, org, actor }: CommandContext, selection: Selection): Promise<string> {
  const hidden = await hiddenFrom(tx, org, actor);
  if ('message_ids' in selection) return `${selection.message_ids.length} mails`;
  if ('mailbox_id' in selection) {
    const { inbox_id, path } = await knownMailbox(tx, org, selection.mailbox_id);
    if (hidden.includes(inbox_id)) throw new Failure('mailbox.unknown');
    return path;
  }
  if (selection.inbox_id !== null && hidden.includes(selection.inbox_id)) throw new Failure('inbox.unknown');
  const inbox = selection.inbox_id === null ? null : await knownInbox(tx, org, selection.inbox_id);
  if ('q' in selection) return `what “${selection.q.slice(0, 60)}” finds`;
  return inbox?.name || inbox?.address || 'an inbox';
}
