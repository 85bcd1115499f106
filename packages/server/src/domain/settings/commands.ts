import { Failure, type InboxSettingsRow } from '@roost/protocol';
import { z } from 'zod';
import { type CommandContext, defineCommand } from '../../commands/index.ts';
import { readAccess } from '../access/hidden.ts';
import { seenMailInbox } from '../inboxes/seen.ts';
import { knownMailbox } from '../mailboxes/mailbox.ts';
import { settingsOf, writeSettings } from './store.ts';

/** Nobody waits longer for their own words to leave. */
export const UNDO_MAX_SECONDS = 60;
const MAILBOXES_MAX = 1_000;

const days = z.int().min(1).max(36_500);
/** It stands in a header. */
const ONE_LINE = /^[^\p{Cc}\p{Cs}]*$/u;

/**
 * Changes how an inbox behaves. How long it keeps mail is for owners and admins; what is left out stays.
 *
 * @throws inbox.unknown, mailbox.unknown, access.forbidden
 */
export const updateSettings = defineCommand({
  name: 'settings.update',
  input: z.object({
    inbox_id: z.string().max(64),
    signature: z.string().max(10_000).optional(),
    sender_name: z
      .string()
      .trim()
      .max(200)
      .regex(ONE_LINE, 'A name is one line and holds no control characters.')
      .optional(),
    undo_seconds: z.int().min(0).max(UNDO_MAX_SECONDS).optional(),
    retention_days: days.nullish(),
    /** Days by the mailbox's id; null takes a mailbox's own age away. Others stay. */
    mailbox_retention_days: z.record(z.string().max(64), days.nullable()).optional(),
  }),
  may: { roles: ['owner', 'admin', 'agent'], scope: 'write' },
  audited: (input) => (isAboutAge(input) ? { retention_days: input.retention_days ?? null } : null),
  async run(context, { inbox_id, mailbox_retention_days: ages = {}, ...said }): Promise<InboxSettingsRow> {
    await seenMailInbox(context, inbox_id);
    if (isAboutAge({ ...said, mailbox_retention_days: ages })) await assertAdmin(context);
    await assertOwn(context, inbox_id, Object.keys(ages));
    const before = await settingsOf(context.tx, context.org, inbox_id);
    const given = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
    const after: InboxSettingsRow = {
      ...before,
      ...given,
      mailbox_retention_days: withAges(before.mailbox_retention_days, ages),
      version: context.offset,
    };
    if (Object.keys(after.mailbox_retention_days).length > MAILBOXES_MAX)
      throw new Failure('request.invalid', `At most ${MAILBOXES_MAX} mailboxes have an age of their own.`);
    await writeSettings(context, after);
    // Whoever looks has been shown how an inbox behaves that nobody has set: to them it changes, and does not appear.
    context.changed('inbox_settings', inbox_id, before, after);
    return after;
  },
});

interface Ages {
  readonly retention_days?: number | null | undefined;
  readonly mailbox_retention_days?: Readonly<Record<string, number | null>> | undefined;
}

function isAboutAge({ retention_days, mailbox_retention_days = {} }: Ages): boolean {
  return retention_days !== undefined || Object.keys(mailbox_retention_days).length > 0;
}

/** What is too old is deleted, and nobody gets it back. @throws access.forbidden */
async function assertAdmin({ tx, org, actor }: CommandContext): Promise<void> {
  if (actor.kind === 'system') return;
  const { admin } = await readAccess(tx, org, actor.user_id);
  if (!admin || (actor.kind === 'token' && !actor.scopes.includes('admin')))
    throw new Failure('access.forbidden', 'Only owners and admins decide how long mail is kept.');
}

/** @throws mailbox.unknown */
async function assertOwn({ tx, org }: CommandContext, inboxId: string, ids: readonly string[]) {
  for (const id of ids)
    if ((await knownMailbox(tx, org, id)).inbox_id !== inboxId) throw new Failure('mailbox.unknown');
}

function withAges(
  before: Readonly<Record<string, number>>,
  said: Readonly<Record<string, number | null>>,
): Record<string, number> {
  const all = Object.entries({ ...before, ...said });
  return Object.fromEntries(all.filter((one): one is [string, number] => one[1] !== null));
}
