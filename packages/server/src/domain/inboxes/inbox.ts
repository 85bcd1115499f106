import { Failure, type InboxRow } from '@roost/protocol';
import type { CommandContext } from '../../commands/index.ts';
import type { Tx } from '../../store/database.ts';

export const INBOX_COLUMNS = 'id, version, kind, address, name, access, member_ids, threads, phone';

interface Stored {
  readonly id: string;
  readonly version: number;
  readonly kind: string;
  readonly address: string;
  readonly name: string;
  readonly access: string;
  readonly member_ids: string;
  readonly threads: number;
  readonly phone: string | null;
}

export function inboxOf<S extends Stored>(stored: S): Omit<S, keyof Stored> & InboxRow {
  return {
    ...stored,
    kind: stored.kind as InboxRow['kind'],
    access: stored.access as InboxRow['access'],
    member_ids: JSON.parse(stored.member_ids),
    threads: stored.threads === 1,
  };
}

export async function findInbox(tx: Tx, org: string, id: string): Promise<InboxRow | null> {
  const found = await tx.get<Stored>(`select ${INBOX_COLUMNS} from inbox where org = ? and id = ?`, org, id);
  return found ? inboxOf(found) : null;
}

/** @throws inbox.unknown */
export async function knownInbox(tx: Tx, org: string, id: string): Promise<InboxRow> {
  const inbox = await findInbox(tx, org, id);
  if (!inbox) throw new Failure('inbox.unknown');
  return inbox;
}

/** @param settings  keys and secrets of the channel, which no reader sees */
export async function insertInbox(
  context: CommandContext,
  inbox: Omit<InboxRow, 'id' | 'version'>,
  settings: Readonly<Record<string, unknown>> = {},
): Promise<InboxRow> {
  const row: InboxRow = { id: context.newId(), version: context.offset, ...inbox };
  await context.tx.insertMany(
    'inbox',
    [
      'org',
      'id',
      'version',
      'kind',
      'address',
      'name',
      'access',
      'member_ids',
      'threads',
      'phone',
      'settings',
    ],
    [
      [
        context.org,
        row.id,
        row.version,
        row.kind,
        row.address,
        row.name,
        row.access,
        JSON.stringify(row.member_ids),
        row.threads ? 1 : 0,
        row.phone,
        JSON.stringify(settings),
      ],
    ],
  );
  context.forget(`inboxes:${context.org}`);
  context.changed('inbox', row.id, null, row);
  return row;
}
