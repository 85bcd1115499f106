import { type ConversationRow, Failure } from '@roost/protocol';
import type { CommandContext, ForesightContext } from '../../commands/index.ts';
import type { Tx } from '../../store/database.ts';
import { indexConversation } from '../search/write.ts';

interface Held {
  readonly before: ConversationRow | null;
  now: ConversationRow;
}

/** The conversations that one command works on: each read once, changed in memory, written and logged once. */
export class ConversationBook {
  private readonly held = new Map<string, Held>();

  constructor(private readonly context: CommandContext) {}

  /** @throws conversation.unknown */
  async get(id: string): Promise<ConversationRow> {
    const held = this.held.get(id);
    if (held) return held.now;
    const row = await foreseenConversation(this.context, id);
    this.held.set(id, { before: row, now: row });
    return row;
  }

  /** A new conversation, or what one now is. */
  put(row: ConversationRow): ConversationRow {
    const now = { ...row, version: this.context.offset };
    const held = this.held.get(row.id);
    if (held) held.now = now;
    else this.held.set(row.id, { before: null, now });
    return now;
  }

  async write(): Promise<void> {
    const changed = [...this.held.values()].filter(({ before, now }) => before !== now);
    const fresh = changed.filter(({ before }) => before === null).map(({ now }) => now);
    const { tx, org } = this.context;
    if (fresh.length > 0) {
      await tx.insertMany(
        'conversation',
        COLUMNS,
        fresh.map((row) => [org, row.id, ...valuesOf(row)]),
      );
    }
    for (const { before, now } of changed) {
      if (before) {
        const set = COLUMNS.slice(2).map((column) => `"${column}" = ?`);
        await tx.run(
          `update conversation set ${set.join(', ')} where org = ? and id = ?`,
          ...valuesOf(now),
          org,
          now.id,
        );
      }
      await this.writeSets(before, now);
      await indexConversation(this.context, before, now);
      this.context.changed('conversation', now.id, before, now);
      this.context.learn(foreseenName(now.id), now);
    }
  }

  private async writeSets(before: ConversationRow | null, now: ConversationRow): Promise<void> {
    const { tx, org } = this.context;
    for (const [table, column, was, is] of [
      ['conversation_label', 'label', before?.labels ?? [], now.labels],
      ['participant', 'user_id', before?.participants ?? [], now.participants],
    ] as const) {
      for (const gone of was.filter((value) => !is.includes(value)))
        await tx.run(
          `delete from ${table} where org = ? and ${column} = ? and conversation_id = ?`,
          org,
          gone,
          now.id,
        );
      const added = is.filter((value) => !was.includes(value));
      if (added.length > 0)
        await tx.insertMany(
          table,
          ['org', column, 'conversation_id'],
          added.map((value) => [org, value, now.id]),
        );
    }
  }
}

const COLUMNS = [
  'org',
  'id',
  'version',
  'kind',
  'inbox_id',
  'contact_id',
  'status',
  'assignee_id',
  'activity',
  'inbound_offset',
  'snoozed_until',
  'row',
] as const;

/** In the order of the columns after `org` and `id`. */
function valuesOf(row: ConversationRow): (string | number | null)[] {
  return [
    row.version,
    row.kind,
    row.inbox_id,
    row.contact?.id ?? null,
    row.status,
    row.assignee_id,
    row.activity,
    row.inbound_offset,
    row.snoozed_until === null ? null : Date.parse(row.snoozed_until),
    JSON.stringify(row),
  ];
}

/** A conversation as a command of this transaction finds it; read ahead, where the command foresaw it. @throws conversation.unknown */
export function foreseenConversation(context: ForesightContext, id: string): Promise<ConversationRow> {
  return context.foreseen(foreseenName(id), () => knownConversation(context.tx, context.org, id));
}

function foreseenName(id: string): string {
  return `conversation:${id}`;
}

/** @throws conversation.unknown */
export async function knownConversation(tx: Tx, org: string, id: string): Promise<ConversationRow> {
  const found = await tx.get<{ row: string }>(
    'select "row" from conversation where org = ? and id = ?',
    org,
    id,
  );
  if (!found) throw new Failure('conversation.unknown');
  return JSON.parse(found.row);
}
