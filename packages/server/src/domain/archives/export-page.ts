import type { MessageRow } from '@roost/protocol';
import { z } from 'zod';
import { defineQuery, type QueryContext } from '../../commands/index.ts';
import { readAccess } from '../access/hidden.ts';
import { knownJob } from '../jobs/job.ts';
import { mailboxesOf } from '../mailboxes/mailbox.ts';
import { runSearch } from '../search/run.ts';
import { exportWork, type Selection } from './begin-export.ts';

/** A mail as an export writes it. */
export interface ExportedMail {
  readonly row: MessageRow;
  /** Path of its mailbox; null for one that lies in none. */
  readonly folder: string | null;
  /** Blob of the mail as it came; null for one that came as fields, or was written here. */
  readonly source: string | null;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly text: string | null;
}

export interface ExportPage {
  readonly mails: readonly ExportedMail[];
  /** Where the next page begins; null after the last. */
  readonly next: string | null;
}

interface Stored {
  readonly id: string;
  readonly row: string;
  readonly source: string | null;
  readonly content: string;
}

/** Mails of an export's selection, of what its owner may see at this moment and nothing that lies in quarantine. */
export const exportPage = defineQuery({
  name: 'export.page',
  input: z.object({ job_id: z.string(), after: z.string(), limit: z.int().min(1).max(200) }),
  may: { roles: [] },
  async run(context, { job_id, after, limit }): Promise<ExportPage> {
    const { row: job, work } = await knownJob(context.tx, context.org, job_id);
    const { selection } = exportWork.parse(work);
    const page = await pageOf(context, { selection, user_id: job.user_id, after, limit });
    const { hidden } =
      job.user_id === null
        ? { hidden: [] as readonly string[] }
        : await readAccess(context.tx, context.org, job.user_id);
    const paths = new Map<string, Map<string, string>>();
    const mails: ExportedMail[] = [];
    for (const stored of page.stored) {
      const row = JSON.parse(stored.row) as MessageRow;
      const { inbox_id, mail } = row;
      if (inbox_id === null || hidden.includes(inbox_id) || row.via !== 'mail') continue;
      if (mail?.decision === 'QUARANTINE' || row.kind === 'note' || row.kind === 'system') continue;
      if (!paths.has(inbox_id)) {
        const known = await mailboxesOf(context.tx, context.org, inbox_id);
        paths.set(inbox_id, new Map(known.map(({ id, path }) => [id, path])));
      }
      const { headers, text } = JSON.parse(stored.content);
      const folder = paths.get(inbox_id)?.get(mail?.mailbox_id ?? '') ?? null;
      mails.push({
        row,
        folder,
        source: stored.source,
        headers: stored.source ? [] : headers,
        text: stored.source ? null : text,
      });
    }
    return { mails, next: page.next };
  },
});

/** How many mails there are to look at; null where nobody knows before having looked. */
export const exportTotal = defineQuery({
  name: 'export.total',
  input: z.object({ job_id: z.string() }),
  may: { roles: [] },
  async run({ tx, org }, { job_id }): Promise<number | null> {
    const { selection } = exportWork.parse((await knownJob(tx, org, job_id)).work);
    if ('message_ids' in selection) return new Set(selection.message_ids).size;
    if ('q' in selection) return null;
    const [column, value] =
      'mailbox_id' in selection ? ['mailbox_id', selection.mailbox_id] : ['inbox_id', selection.inbox_id];
    const found = await tx.get<{ count: number }>(
      `select count(*) as count from message
        where org = ? and ${column} = ? and via = 'mail' and decision = 'INBOX' and kind in ('inbound', 'outbound')`,
      org,
      value,
    );
    return Number(found?.count ?? 0);
  },
});

interface Asked {
  readonly selection: Selection;
  readonly user_id: string | null;
  readonly after: string;
  readonly limit: number;
}

async function pageOf(
  context: QueryContext,
  asked: Asked,
): Promise<{ stored: readonly Stored[]; next: string | null }> {
  const { selection, after, limit } = asked;
  const { tx, org } = context;
  if ('q' in selection) return searched(context, asked, selection);
  if ('message_ids' in selection) {
    const ids = [...new Set(selection.message_ids)].sort().filter((id) => id > after);
    const now = ids.slice(0, limit);
    return { stored: await byIds(context, now), next: ids.length > limit ? (now.at(-1) ?? null) : null };
  }
  const [column, value] =
    'mailbox_id' in selection ? ['mailbox_id', selection.mailbox_id] : ['inbox_id', selection.inbox_id];
  const stored = await tx.all<Stored>(
    `select id, "row", source, content from message where org = ? and ${column} = ? and id > ? order by id limit ?`,
    org,
    value,
    after,
    limit,
  );
  return { stored, next: stored.length === limit ? (stored.at(-1)?.id ?? null) : null };
}

/** As its owner finds them. */
async function searched(
  context: QueryContext,
  { user_id, after }: Asked,
  { q, inbox_id }: Extract<Selection, { q: string }>,
): Promise<{ stored: readonly Stored[]; next: string | null }> {
  const actor = user_id === null ? context.actor : ({ kind: 'member', user_id, session_id: '' } as const);
  const cursor = after === '' ? null : after;
  const found = await runSearch.run(
    { ...context, actor },
    {
      q,
      inbox_id,
      status: null,
      assignee_id: null,
      label: null,
      contact_id: null,
      kinds: ['message'],
      before: null,
      after: null,
      cursor,
      limit: 50,
    },
  );
  const ids = found.rows.flatMap(({ message }) => (message === null ? [] : [message.id]));
  return { stored: await byIds(context, ids), next: found.next };
}

async function byIds({ tx, org }: QueryContext, ids: readonly string[]): Promise<Stored[]> {
  if (ids.length === 0) return [];
  const marks = ids.map(() => '?').join(', ');
  return tx.all<Stored>(
    `select id, "row", source, content from message where org = ? and id in (${marks}) order by id`,
    org,
    ...ids,
  );
}
