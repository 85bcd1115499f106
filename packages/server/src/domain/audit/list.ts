import { Failure } from '@roost/protocol';
import { z } from 'zod';
import { ADMINS, type AuditDetail, defineQuery } from '../../commands/index.ts';
import type { Tx, Value } from '../../store/database.ts';
import { type Names, sentenceOf } from './sentence.ts';

const PAGE_MAX_ROWS = 200;

export const auditFilter = z.object({
  /** A user id: what they did, themselves or by a token of theirs. Or the actor as rows name it, `system:cli`. */
  actor: z.string().max(200).nullable().default(null),
  /** A command's name, or with a dot at its end all that begin with it. */
  command: z.string().max(100).nullable().default(null),
  /** ms since 1970 UTC; `from` counts, `until` does not. */
  from: z.int().nullable().default(null),
  until: z.int().nullable().default(null),
  /** `next` of the page above. */
  before: z.string().max(100).nullable().default(null),
  limit: z.int().min(1).max(PAGE_MAX_ROWS).default(50),
});

export interface AuditRow {
  readonly id: string;
  /** Offset in the log at which it took effect. */
  readonly offset: number;
  /** ms since 1970 UTC. */
  readonly at: number;
  /** `member:<user id>`, `token:<token id>` or `system:<name>`. */
  readonly actor: string;
  readonly user_id: string | null;
  readonly command: string;
  /** What it changed: kinds and ids. */
  readonly subjects: readonly (readonly [kind: string, id: string])[];
  readonly detail: AuditDetail;
  /** All of it for people, in one sentence. */
  readonly says: string;
}

export interface AuditPage {
  readonly rows: readonly AuditRow[];
  readonly next: string | null;
}

interface Stored {
  readonly id: string;
  readonly offset: number;
  readonly at: number;
  readonly actor: string;
  readonly user_id: string | null;
  readonly command: string;
  readonly subject: string;
  readonly detail: string;
}

/** What was administered here and by whom, the newest first. @throws cursor.malformed */
export const listAudit = defineQuery({
  name: 'audit.list',
  input: auditFilter,
  may: { roles: ADMINS, scope: 'admin' },
  async run({ tx, org }, filter): Promise<AuditPage> {
    const { where, values } = conditions(filter);
    const stored = await tx.all<Stored>(
      `select id, "offset", at, actor, user_id, command, subject, detail from audit
         where org = ?${where} order by "offset" desc, at desc, id desc limit ?`,
      org,
      ...values,
      filter.limit + 1,
    );
    const shown = stored.slice(0, filter.limit);
    const read = shown.map(({ subject, detail, ...row }) => ({
      ...row,
      subjects: JSON.parse(subject) as [string, string][],
      detail: JSON.parse(detail) as AuditDetail,
    }));
    const names = await namesIn(tx, org, read);
    const last = stored.length > shown.length ? shown.at(-1) : undefined;
    return {
      rows: read.map((row) => ({ ...row, says: sentenceOf(row, names) })),
      next: last ? `${last.offset}.${last.at}.${last.id}` : null,
    };
  },
});

function conditions(filter: z.output<typeof auditFilter>): { where: string; values: Value[] } {
  const parts: string[] = [];
  const values: Value[] = [];
  const add = (sql: string, ...given: Value[]) => {
    parts.push(` and ${sql}`);
    values.push(...given);
  };
  if (filter.actor !== null) add('(user_id = ? or actor = ?)', filter.actor, filter.actor);
  if (filter.command?.endsWith('.')) add('substr(command, 1, ?) = ?', filter.command.length, filter.command);
  else if (filter.command !== null) add('command = ?', filter.command);
  if (filter.from !== null) add('at >= ?', filter.from);
  if (filter.until !== null) add('at < ?', filter.until);
  if (filter.before !== null) add('("offset", at, id) < (?, ?, ?)', ...placeOf(filter.before));
  return { where: parts.join(''), values };
}

function placeOf(before: string): [number, number, string] {
  const [, offset, at, id] = /^(\d{1,15})\.(\d{1,15})\.([a-z0-9]*)$/.exec(before) ?? [];
  if (offset === undefined) throw new Failure('cursor.malformed');
  return [Number(offset), Number(at), id ?? ''];
}

/** Names of every person and inbox that these rows speak of, also of those who left. */
async function namesIn(
  tx: Tx,
  org: string,
  rows: readonly {
    user_id: string | null;
    subjects: readonly (readonly [string, string])[];
    detail: AuditDetail;
  }[],
): Promise<Names> {
  const ids = new Set<string>();
  for (const { user_id, subjects, detail } of rows) {
    for (const id of [user_id, detail.user_id, detail.invited_by]) if (typeof id === 'string') ids.add(id);
    for (const [kind, id] of subjects) if (kind === 'member' || kind === 'inbox') ids.add(id);
  }
  const wanted = [...ids];
  if (wanted.length === 0) return new Map();
  const marks = wanted.map(() => '?').join(', ');
  const people = await tx.all<{ id: string; name: string; email: string }>(
    `select id, name, email from person where id in (${marks})`,
    ...wanted,
  );
  const inboxes = await tx.all<{ id: string; name: string }>(
    `select id, name from inbox where org = ? and id in (${marks})`,
    org,
    ...wanted,
  );
  return new Map([
    ...people.map(({ id, name, email }) => [id, name || email] as const),
    ...inboxes.map(({ id, name }) => [id, name] as const),
  ]);
}
