import { Failure, type JobRow } from '@roost/protocol';
import { z } from 'zod';
import { defineCommand } from '../../commands/index.ts';
import { hiddenFrom } from '../access/hidden.ts';
import { knownInbox } from '../inboxes/inbox.ts';
import { newJob } from '../jobs/job.ts';
import { knownMailbox } from '../mailboxes/mailbox.ts';

/** What an import is to do. */
export const importWork = z.object({
  /** The uploaded file, among the files of jobs. */
  upload: z.string(),
  /** As it was called where it came from. */
  filename: z.string(),
  inbox_id: z.string(),
  /** Where everything goes; null for the folders that the file names, and else INBOX. */
  mailbox_id: z.string().nullable(),
  run_rules: z.boolean(),
});
export type ImportWork = z.output<typeof importWork>;

/** Begins to take the mails of an uploaded file into an inbox. @throws inbox.unknown, mailbox.unknown */
export const beginImport = defineCommand({
  name: 'import.begin',
  input: z.object({
    upload: z.string().regex(/^[a-z0-9-]{1,64}$/),
    filename: z.string().trim().max(255),
    inbox_id: z.string().max(64),
    mailbox_id: z.string().max(64).nullable().default(null),
    run_rules: z.boolean().default(false),
  }),
  may: { roles: ['owner', 'admin', 'agent'], scope: 'write' },
  async run(context, input): Promise<JobRow> {
    const { tx, org, actor } = context;
    const { inbox_id, mailbox_id, filename } = input;
    if ((await hiddenFrom(tx, org, actor)).includes(inbox_id)) throw new Failure('inbox.unknown');
    const inbox = await knownInbox(tx, org, inbox_id);
    if (inbox.kind !== 'mail') throw new Failure('request.invalid', 'Only inboxes of mail take imports.');
    if (mailbox_id !== null && (await knownMailbox(tx, org, mailbox_id)).inbox_id !== inbox_id)
      throw new Failure('mailbox.unknown');
    const says = `Import of ${filename === '' ? 'a file' : filename} into ${inbox.name || inbox.address}`;
    const work: ImportWork = input;
    return newJob(context, { kind: 'import', says, work });
  },
});
