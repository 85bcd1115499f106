import type { AccessRow, EntityKind, InboxRow, MemberRow, MeRow, ReadRow, Row } from '@roost/protocol';
import type { Tx } from '../store/database.ts';
import type { RowsOfKinds } from './log-state.ts';

/** Kinds whose rows a table holds as they are. */
const WHOLE = ['message', 'conversation', 'contact', 'label', 'canned_reply'] as const satisfies EntityKind[];

/** Every row of an organisation that some reader may see, read from the tables themselves. */
export async function readRows(tx: Tx, org: string): Promise<RowsOfKinds> {
  const rows: Partial<Record<EntityKind, readonly Row[]>> = {};
  for (const kind of WHOLE) {
    const found = await tx.all<{ row: string }>(`select "row" from ${kind} where org = ?`, org);
    rows[kind] = found.map(({ row }) => JSON.parse(row) as Row);
  }
  return {
    ...rows,
    read: await readReads(tx, org),
    inbox: await readInboxes(tx, org),
    ...(await readPeople(tx, org)),
  };
}

async function readPeople(tx: Tx, org: string): Promise<RowsOfKinds> {
  type Stored = Omit<MemberRow, 'active'> &
    Pick<MeRow, 'read_offset' | 'read_version'> & {
      active: number;
      hidden: string;
      admin: number;
      access_version: number;
    };
  const found = await tx.all<Stored>(
    `select member.id, version, email, name, role, read_offset, read_version, active, hidden, admin, access_version
       from member join person on person.id = member.id where member.org = ?`,
    org,
  );
  const member: MemberRow[] = [];
  const me: MeRow[] = [];
  const access: AccessRow[] = [];
  for (const { active, hidden, admin, access_version, read_offset, read_version, ...known } of found) {
    member.push({ ...known, active: active === 1 });
    const version = Math.max(known.version, read_version);
    me.push({ ...known, version, read_offset, read_version });
    access.push({ id: known.id, version: access_version, hidden: JSON.parse(hidden), admin: admin === 1 });
  }
  return { member, me, access };
}

async function readReads(tx: Tx, org: string): Promise<ReadRow[]> {
  const found = await tx.all<Omit<ReadRow, 'id'>>(
    'select version, conversation_id, user_id, "offset", unread, first_unread from read_cursor where org = ?',
    org,
  );
  return found.map((read) => ({ id: `${read.conversation_id}:${read.user_id}`, ...read }));
}

async function readInboxes(tx: Tx, org: string): Promise<InboxRow[]> {
  type Stored = Omit<InboxRow, 'member_ids' | 'threads'> & { member_ids: string; threads: number };
  const found = await tx.all<Stored>(
    'select id, version, kind, address, name, access, member_ids, threads, phone from inbox where org = ?',
    org,
  );
  return found.map((inbox) => ({
    ...inbox,
    member_ids: JSON.parse(inbox.member_ids),
    threads: inbox.threads === 1,
  }));
}
