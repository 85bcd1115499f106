import { type InboxRow, localPart, type MailboxRow, type MailState, type MessageRow } from '@roost/protocol';
import { z } from 'zod';
import { type CommandContext, defineCommand } from '../../commands/index.ts';
import { inboxFinder } from '../inboxes/address.ts';
import { findInbox } from '../inboxes/inbox.ts';
import { inboxesOf } from '../inboxes/queries.ts';
import { advanceJob, heldJob } from '../jobs/job.ts';
import { fileMail, placeOf, recordDrop } from '../mail/file.ts';
import { MAILBOXES_MAX, mailboxPath } from '../mailboxes/commands.ts';
import { MailboxBook, mailboxesOf, newMailbox, pathKey, SPECIAL } from '../mailboxes/mailbox.ts';
import { type ArrivalRead, arrival } from '../messages/arrival.ts';
import { MESSAGE_COLUMNS } from '../messages/store.ts';
import { countHits } from '../rules/commands.ts';
import { ruleBook } from '../rules/store.ts';
import { importWork } from './begin-import.ts';

const MAILS_MAX_COUNT = 100;

/** What an archive tells of a mail besides the mail itself. */
export const archivedState = z.object({
  /** Path of its folder; null where the archive has none. */
  folder: z.string().nullable(),
  seen: z.boolean(),
  flagged: z.boolean(),
  answered: z.boolean(),
  forwarded: z.boolean(),
  draft: z.boolean(),
  labels: z.array(z.string().max(50)).max(50),
  /** Recipients by the envelope; null where they are taken from the header. */
  to: z.array(z.string()).max(200).nullable(),
});
export type ArchivedState = z.output<typeof archivedState>;

export interface Imported {
  /** False where the job was cancelled, or another node has it: nothing was done. */
  readonly isHeld: boolean;
  readonly stored: number;
  readonly repeated: number;
}

/**
 * A step of an import: stores its mails and, in the same transaction, where it stands. They get no conversation and
 * are told to nobody as new: what is brought along is nothing that somebody has to answer.
 */
export const importMails = defineCommand({
  name: 'import.mails',
  input: z.object({
    job_id: z.string(),
    holder: z.string(),
    position: z.unknown(),
    done: z.int().min(0),
    total: z.int().min(0).nullable(),
    problems: z.array(z.string()).default([]),
    mails: z.array(z.object({ arrival, state: archivedState })).max(MAILS_MAX_COUNT),
  }),
  may: { roles: [] },
  weight: ({ mails }) => mails.length,
  async run(context, { job_id, holder, mails, position, ...step }): Promise<Imported> {
    const job = await heldJob(context, job_id, holder);
    if (job === null) return { isHeld: false, stored: 0, repeated: 0 };
    const work = importWork.parse(job.work);
    const inbox = await findInbox(context.tx, context.org, work.inbox_id);
    const importer = inbox && new Importer(context, inbox, work.mailbox_id);
    for (const { arrival, state } of mails) await importer?.take(arrival, state, work.run_rules);
    await importer?.write();
    const problems = [...step.problems, ...(importer?.problems ?? ['The inbox is gone.'])];
    await advanceJob(context, job, { ...step, position: position ?? null, problems });
    return { isHeld: true, stored: importer?.stored.length ?? 0, repeated: importer?.repeated ?? 0 };
  },
});

interface Taken {
  readonly row: MessageRow;
  readonly arrival: ArrivalRead;
}

class Importer {
  readonly stored: Taken[] = [];
  readonly problems: string[] = [];
  repeated = 0;
  private readonly seenIds = new Set<string>();
  private readonly mailboxes: MailboxBook;
  /** Mailboxes as they were before this step, and ids of those it made, by their paths. */
  private known: readonly MailboxRow[] | null = null;
  private readonly made = new Map<string, string>();
  private readonly hits = new Map<string, number>();

  constructor(
    private readonly context: CommandContext,
    private readonly inbox: InboxRow,
    private readonly mailboxId: string | null,
  ) {
    this.mailboxes = new MailboxBook(context);
  }

  async take(arrival: ArrivalRead, state: ArchivedState, runRules: boolean): Promise<void> {
    if (arrival.external_id !== null && (await this.isKnown(arrival.external_id))) {
      this.repeated += 1;
      return;
    }
    const to = await this.recipientsOf(arrival, state);
    const mailbox = await this.mailboxFor(state.folder);
    const mail = runRules ? await this.judged(arrival, to, state, mailbox) : stateIn(mailbox, state);
    if (mail === null) return;
    // What lies where one's own mail lies was written here, unless the archive knows whom it was for: not listed as come.
    const liesByOwn = mailbox.special_use === 'sent' || mailbox.special_use === 'drafts';
    const row = this.rowOf(arrival, to, mail, liesByOwn && state.to === null);
    await this.mailboxes.count(null, row);
    this.stored.push({ row, arrival });
  }

  async write(): Promise<void> {
    const { tx, org, offset } = this.context;
    if (this.stored.length > 0) {
      await tx.insertMany(
        'message',
        MESSAGE_COLUMNS,
        this.stored.map(({ row, arrival }) => [
          org,
          row.id,
          offset,
          this.inbox.id,
          null,
          row.via,
          row.kind,
          null,
          row.mail?.mailbox_id ?? null,
          row.mail?.decision ?? 'INBOX',
          arrival.external_id,
          arrival.source,
          JSON.stringify(row),
          JSON.stringify({
            ...arrival.content,
            has_source: arrival.source !== null,
            blobs: arrival.attachment_blobs,
          }),
        ]),
      );
      await insertAll(
        this.context,
        'recipient',
        ['org', 'message_id', 'address', 'local_part'],
        this.recipients(),
      );
      await insertAll(this.context, 'blob_reference', ['org', 'message_id', 'digest'], this.blobs());
    }
    await this.mailboxes.write();
    await countHits(this.context, this.hits);
    for (const { row } of this.stored) this.context.changed('message', row.id, null, row);
  }

  private recipients(): string[][] {
    return this.stored
      .filter(({ row }) => row.kind === 'inbound' && row.mail?.decision !== 'QUARANTINE')
      .flatMap(({ row }) => row.to.map((address) => [this.context.org, row.id, address, localPart(address)]));
  }

  private blobs(): string[][] {
    return this.stored.flatMap(({ row, arrival: { source, attachment_blobs } }) =>
      [...new Set([...(source === null ? [] : [source]), ...attachment_blobs])].map((digest) => [
        this.context.org,
        row.id,
        digest,
      ]),
    );
  }

  private async isKnown(externalId: string): Promise<boolean> {
    if (this.seenIds.has(externalId)) return true;
    this.seenIds.add(externalId);
    const { tx, org } = this.context;
    const found = await tx.get(
      'select 1 as one from message where org = ? and inbox_id = ? and external_id = ?',
      org,
      this.inbox.id,
      externalId,
    );
    return found !== undefined;
  }

  /** Whom it was for in this inbox: by its envelope, else those its header names, else the inbox itself. */
  private async recipientsOf(arrival: ArrivalRead, { to }: ArchivedState): Promise<string[]> {
    const inboxes = await this.context.foreseen(`finder:${this.context.org}`, async () =>
      inboxFinder(await inboxesOf(this.context.tx, this.context.org)),
    );
    const named = (to ?? arrival.to).filter((address) => inboxes(address)?.id === this.inbox.id);
    if (named.length > 0) return [...new Set(named)];
    return this.inbox.address.includes('@') ? [this.inbox.address] : [];
  }

  private async mailboxFor(folder: string | null): Promise<MailboxRow> {
    if (this.mailboxId !== null) {
      const chosen = await this.mailboxes.get(this.mailboxId).catch(() => null);
      if (chosen) return chosen;
    }
    const home = await this.mailboxes.special(this.inbox.id, 'inbox');
    if (folder === null) return home;
    const path = mailboxPath.safeParse(folder);
    if (!path.success) {
      this.problems.push(`“${folder}” is no name for a mailbox; what lay in it is in ${home.path}.`);
      return home;
    }
    return this.named(path.data, home);
  }

  private async named(path: string, home: MailboxRow): Promise<MailboxRow> {
    const key = pathKey(path);
    const made = this.made.get(key);
    if (made !== undefined) return this.mailboxes.get(made);
    this.known ??= await mailboxesOf(this.context.tx, this.context.org, this.inbox.id);
    const found = this.known.find((one) => pathKey(one.path) === key);
    if (found) return this.mailboxes.get(found.id);
    const special = SPECIAL.find(([, name]) => pathKey(name) === key);
    if (special) return this.mailboxes.special(this.inbox.id, special[0]);
    if (this.known.length + this.made.size >= MAILBOXES_MAX) {
      this.problems.push(`There are too many mailboxes for “${path}”; what lay in it is in ${home.path}.`);
      return home;
    }
    const row = this.mailboxes.put(newMailbox(this.context, this.inbox.id, path, null));
    this.made.set(key, row.id);
    return row;
  }

  /** Null for what a rule drops. */
  private async judged(
    arrival: ArrivalRead,
    to: readonly string[],
    state: ArchivedState,
    mailbox: MailboxRow,
  ): Promise<MailState | null> {
    if (to.length === 0) return stateIn(mailbox, state);
    const filed = fileMail(await ruleBook(this.context), this.inbox, arrival, to);
    for (const id of filed.hits) this.hits.set(id, (this.hits.get(id) ?? 0) + 1);
    if (filed.decision === 'DROP') {
      await recordDrop(this.context, this.inbox, arrival, to, filed);
      return null;
    }
    const own = stateIn(mailbox, state);
    const place = await placeOf(this.mailboxes, this.inbox, filed);
    return {
      ...own,
      mailbox_id:
        filed.decision === 'QUARANTINE' || filed.mailbox_id !== null ? place.mailbox_id : own.mailbox_id,
      seen: own.seen || place.seen,
      flagged: own.flagged || place.flagged,
      labels: [...new Set([...own.labels, ...place.labels])].sort(),
      decision: place.decision,
      decided_by: place.decided_by,
    };
  }

  private rowOf(arrival: ArrivalRead, to: readonly string[], mail: MailState, isOwn: boolean): MessageRow {
    const { context, inbox } = this;
    return {
      id: context.newId(),
      version: context.offset,
      inbox_id: inbox.id,
      conversation_id: null,
      via: 'mail',
      kind: isOwn ? 'outbound' : 'inbound',
      author_id: null,
      received_at: new Date(context.now).toISOString(),
      from: arrival.from,
      to: [...to],
      subject: arrival.subject,
      snippet: arrival.snippet,
      text: null,
      parts: [],
      reply_to: null,
      reactions: [],
      status: null,
      error: null,
      size_bytes: arrival.size_bytes,
      attachment_count: arrival.content.attachments.length,
      problem: arrival.problem,
      mail,
    };
  }
}

function stateIn(mailbox: MailboxRow, { folder: _, to: __, labels, ...flags }: ArchivedState): MailState {
  return {
    ...flags,
    mailbox_id: mailbox.id,
    labels: [...new Set(labels)].sort(),
    decision: 'INBOX',
    decided_by: null,
    restore_to: null,
  };
}

async function insertAll(
  { tx }: CommandContext,
  table: 'recipient' | 'blob_reference',
  columns: readonly string[],
  rows: readonly (readonly string[])[],
): Promise<void> {
  if (rows.length > 0) await tx.insertMany(table, columns, rows);
}
