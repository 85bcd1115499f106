import type { InboxSettingsRow } from '@roost/protocol';
import type { CommandContext } from '../../commands/index.ts';
import type { Tx } from '../../store/database.ts';

/** How an inbox behaves; as an inbox does that nobody has set, where nothing is stored. */
export async function settingsOf(tx: Tx, org: string, inboxId: string): Promise<InboxSettingsRow> {
  const found = await tx.get<{ row: string }>(
    'select "row" from inbox_settings where org = ? and id = ?',
    org,
    inboxId,
  );
  return found ? JSON.parse(found.row) : unset(inboxId);
}

export async function writeSettings({ tx, org }: CommandContext, row: InboxSettingsRow): Promise<void> {
  await tx.run(
    `insert into inbox_settings (org, id, version, "row") values (?, ?, ?, ?)
       on conflict (org, id) do update set version = excluded.version, "row" = excluded."row"`,
    org,
    row.id,
    row.version,
    JSON.stringify(row),
  );
}

function unset(inboxId: string): InboxSettingsRow {
  return {
    id: inboxId,
    version: 0,
    signature: '',
    sender_name: '',
    undo_seconds: 0,
    retention_days: null,
    mailbox_retention_days: {},
  };
}
