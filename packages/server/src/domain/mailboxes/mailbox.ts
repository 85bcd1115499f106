import { Failure, type MailboxRow, type MessageRow, type SpecialUse } from '@roost/protocol';
import type { CommandContext } from '../../commands/index.ts';
import type { Tx } from '../../store/database.ts';

/** Those that every mail inbox has, by what the server uses them for. */
export const SPECIAL: readonly (readonly [SpecialUse, string])[] = [
  ['inbox', 'INBOX'],
  ['sent', 'Sent'],
  ['drafts', 'Drafts'],
  ['junk', 'Junk'],
  ['archive', 'Archive'],
  ['trash', 'Trash'],
];

/** Paths are one whatever their letter case, so that nobody looks for mail in `inbox` that lies in `INBOX`. */
export function pathKey(path: string): string {
  return path.toLowerCase();
}

/** A message's share of the counters of the mailbox it lies in. */
export type Counted = Pick<MessageRow, 'size_bytes' | 'mail'>;

/**
 * The mailboxes of one command: each read once, its counters moved by what comes and goes, written and logged once. The
 * counters change in the transaction of the messages they count, so they are exact at every offset.
 */
export class MailboxBook {
  private readonly held = new Map<string, { readonly before: MailboxRow | null; now: MailboxRow }>();

  constructor(private readonly context: CommandContext) {}

  /** @throws mailbox.unknown */
  async get(id: string): Promise<MailboxRow> {
    const held = this.held.get(id);
    if (held) return held.now;
    const row = await knownMailbox(this.context.tx, this.context.org, id);
    this.held.set(id, { before: row, now: row });
    return row;
  }

  put(row: MailboxRow): MailboxRow {
    const now = { ...row, version: this.context.offset };
    const held = this.held.get(row.id);
    if (held) held.now = now;
    else this.held.set(row.id, { before: null, now });
    return now;
  }

  /** The mailbox that an inbox uses for this; all of them are made when it is first asked for. */
  async special(inboxId: string, use: SpecialUse): Promise<MailboxRow> {
    for (const { now } of this.held.values())
      if (now.inbox_id === inboxId && now.special_use === use) return now;
    const { tx, org } = this.context;
    const key = `mailboxes:${inboxId}`;
    const known = await this.context.once(key, async () => {
      const stored = await mailboxesOf(tx, org, inboxId);
      return new Map(stored.map(({ special_use, id }) => [special_use, id]));
    });
    const id = known.get(use);
    if (id !== undefined) return this.get(id);
    this.context.forget(key);
    for (const [special_use, path] of SPECIAL)
      if (!known.has(special_use)) this.put(newMailbox(this.context, inboxId, path, special_use));
    return this.special(inboxId, use);
  }

  /** A message is another one than it was, or came, or went. */
  async count(before: Counted | null, after: Counted | null): Promise<void> {
    await this.move(before, -1);
    await this.move(after, 1);
  }

  async write(): Promise<void> {
    const { tx, org } = this.context;
    for (const { before, now } of this.held.values()) {
      if (
        before === now ||
        (before && JSON.stringify({ ...now, version: before.version }) === JSON.stringify(before))
      )
        continue;
      if (before)
        await tx.run(
          // A column that is set is written into its indexes, though it is as it was: a counter is no new name.
          before.path === now.path
            ? 'update mailbox set version = ?, "row" = ? where org = ? and id = ?'
            : 'update mailbox set version = ?, "row" = ?, path_key = ? where org = ? and id = ?',
          now.version,
          JSON.stringify(now),
          ...(before.path === now.path ? [] : [pathKey(now.path)]),
          org,
          now.id,
        );
      else
        await tx.insertMany(
          'mailbox',
          ['org', 'id', 'version', 'inbox_id', 'path_key', 'row'],
          [[org, now.id, now.version, now.inbox_id, pathKey(now.path), JSON.stringify(now)]],
        );
      this.context.changed('mailbox', now.id, before, now);
    }
  }

  private async move(message: Counted | null, by: 1 | -1): Promise<void> {
    const id = message?.mail?.mailbox_id;
    if (!message || !id) return;
    const row = await this.get(id);
    this.put({
      ...row,
      total: row.total + by,
      unseen: row.unseen + (message.mail?.seen ? 0 : by),
      size_bytes: row.size_bytes + by * message.size_bytes,
    });
  }
}

export function newMailbox(
  context: Pick<CommandContext, 'newId' | 'offset'>,
  inboxId: string,
  path: string,
  use: SpecialUse | null,
): MailboxRow {
  return {
    id: context.newId(),
    version: context.offset,
    inbox_id: inboxId,
    path,
    special_use: use,
    subscribed: true,
    hidden: false,
    total: 0,
    unseen: 0,
    size_bytes: 0,
  };
}

export async function mailboxesOf(tx: Tx, org: string, inboxId: string): Promise<MailboxRow[]> {
  const found = await tx.all<{ row: string }>(
    'select "row" from mailbox where org = ? and inbox_id = ? order by id',
    org,
    inboxId,
  );
  return found.map(({ row }) => JSON.parse(row));
}

/** @throws mailbox.unknown */
export async function knownMailbox(tx: Tx, org: string, id: string): Promise<MailboxRow> {
  const found = await tx.get<{ row: string }>('select "row" from mailbox where org = ? and id = ?', org, id);
  if (!found) throw new Failure('mailbox.unknown');
  return JSON.parse(found.row);
}
