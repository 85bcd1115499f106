import type { AutoReplyRow } from '@roost/protocol';
import type { CommandContext, ForesightContext } from '../../commands/index.ts';
import type { Tx } from '../../store/database.ts';

/** As often as most vacation notices are repeated (RFC 5230, 4.1, where no number is said). */
const EVERY_DAYS = 7;

/** What an inbox answers by itself; nothing, where nothing is stored. */
export async function autoReplyOf(tx: Tx, org: string, inboxId: string): Promise<AutoReplyRow> {
  const found = await tx.get<{ row: string }>(
    'select "row" from auto_reply where org = ? and id = ?',
    org,
    inboxId,
  );
  return found ? JSON.parse(found.row) : unset(inboxId);
}

export async function writeAutoReply(context: CommandContext, row: AutoReplyRow): Promise<void> {
  await context.tx.run(
    `insert into auto_reply (org, id, version, "row") values (?, ?, ?, ?)
       on conflict (org, id) do update set version = excluded.version, "row" = excluded."row"`,
    context.org,
    row.id,
    row.version,
    JSON.stringify(row),
  );
  context.forget(keyOf(context.org));
}

/** Those that are switched on, by inbox: read once for many mails. */
export function switchedOn({
  tx,
  org,
  once,
}: Pick<ForesightContext, 'tx' | 'org' | 'once'>): Promise<ReadonlyMap<string, AutoReplyRow>> {
  return once(keyOf(org), async () => {
    const found = await tx.all<{ row: string }>('select "row" from auto_reply where org = ?', org);
    const rows = found.map(({ row }) => JSON.parse(row) as AutoReplyRow);
    return new Map(rows.filter(({ enabled }) => enabled).map((row) => [row.id, row]));
  });
}

function keyOf(org: string): string {
  return `auto-replies:${org}`;
}

function unset(inboxId: string): AutoReplyRow {
  return {
    id: inboxId,
    version: 0,
    enabled: false,
    subject: '',
    text: '',
    starts_at: null,
    ends_at: null,
    every_days: EVERY_DAYS,
  };
}
