import type { DeliveryStatus, MessageRow } from '@roost/protocol';
import { z } from 'zod';
import { type CommandContext, defineCommand } from '../../commands/index.ts';
import { rewriteMessage } from '../messages/store.ts';
import { dropFromOutbox, moveOutbox, outboxRow } from '../outbox/queue.ts';
import { nextStatus } from '../outbox/status.ts';
import { keepExternalId } from '../outbox/tell.ts';
import { keepEarlyStatuses } from './early.ts';

const status = z.object({
  external_id: z.string(),
  /** Our own id of the message, where the report brought it back. */
  our_id: z.string().nullable(),
  status: z.enum(['sent', 'delivered', 'read', 'failed']),
  /** Why it failed, as a sentence. */
  says: z.string().max(2_000).nullable(),
});
export type ToldStatus = z.output<typeof status>;

const reaction = z.object({
  /** The provider's id of the message reacted to. */
  to: z.string(),
  /** Null takes it back. */
  emoji: z.string().max(64).nullable(),
  /** Who reacts, as the message itself names them: a number, or a user id. */
  from: z.string(),
});

export interface Reported {
  /** Statuses of messages that nobody here knows, kept for a while. */
  readonly early_count: number;
  /** Places in the input of reactions to messages that nobody here knows. */
  readonly unknown_reactions: readonly number[];
}

/**
 * Takes reports about messages of one inbox: how far they have got, and what people make of them. In any order and
 * any number of times; the outcome is the same.
 */
export const reportWhatsApp = defineCommand({
  name: 'whatsapp.report',
  input: z.object({
    inbox_id: z.string(),
    statuses: z.array(status).max(1_000),
    reactions: z.array(reaction).max(1_000),
  }),
  may: { roles: [] },
  weight: ({ statuses, reactions }) => statuses.length + reactions.length,
  async run(context, { inbox_id, statuses, reactions }): Promise<Reported> {
    const book = new MessageBook(context, inbox_id);
    const early: ToldStatus[] = [];
    for (const told of statuses) {
      const message = (await book.byExternalId(told.external_id)) ?? (await book.byOurId(told.our_id));
      if (!message) early.push(told);
      else if (message.kind === 'outbound') await tell(context, book, message, told);
    }
    if (early.length > 0) await keepEarlyStatuses(context, inbox_id, early);
    const unknown_reactions: number[] = [];
    for (const [at, { to, emoji, from }] of reactions.entries()) {
      const message = await book.byExternalId(to);
      if (message) book.put({ ...message, reactions: withReaction(message, from, emoji) });
      else unknown_reactions.push(at);
    }
    await book.write();
    return { early_count: early.length, unknown_reactions };
  },
});

/** The platform has it, whatever became of our attempt to hand it over: nobody has to send it again. */
async function tell(
  context: CommandContext,
  book: MessageBook,
  message: MessageRow,
  { external_id, status, says }: ToldStatus,
): Promise<void> {
  await keepExternalId(context, message, external_id);
  const told = book.put(withStatus(message, { status, says }));
  const row = await outboxRow(context.tx, context.org, message.id);
  if (!row) return;
  if (told.status !== 'failed') await dropFromOutbox(context, message.id);
  // Whoever is handing it over at this moment will record that it was taken, and a person then decides.
  else if (row.state !== 'sending') await moveOutbox(context, message.id, { state: 'failed' });
}

function withStatus(
  message: MessageRow,
  told: { readonly status: DeliveryStatus; readonly says: string | null },
): MessageRow {
  const now = message.status ?? 'queued';
  const status = nextStatus(now, told.status);
  if (status === now) return message;
  return { ...message, status, error: told.says };
}

/** One of each person. */
function withReaction({ reactions }: MessageRow, from: string, emoji: string | null) {
  const others = reactions.filter((one) => one.from !== from);
  return emoji === null ? others : [...others, { emoji, from }];
}

/** The messages that one command works on: each changed in memory, and logged once. */
class MessageBook {
  private readonly before = new Map<string, MessageRow>();
  private readonly now = new Map<string, MessageRow>();
  private readonly ids = new Map<string, string>();

  constructor(
    private readonly context: CommandContext,
    private readonly inboxId: string,
  ) {}

  async byExternalId(externalId: string): Promise<MessageRow | null> {
    const known = this.ids.get(externalId);
    if (known !== undefined) return this.now.get(known) ?? null;
    return this.read('external_id', externalId, externalId);
  }

  /** A message of this inbox alone: what an app brings back is no proof. */
  async byOurId(id: string | null): Promise<MessageRow | null> {
    return id === null ? null : (this.now.get(id) ?? this.read('id', id, null));
  }

  put(message: MessageRow): MessageRow {
    this.now.set(message.id, message);
    return message;
  }

  async write(): Promise<void> {
    for (const [id, before] of this.before) {
      const now = this.now.get(id);
      if (now && JSON.stringify(now) !== JSON.stringify(before))
        await rewriteMessage(this.context, before, now);
    }
  }

  private async read(
    column: 'external_id' | 'id',
    value: string,
    externalId: string | null,
  ): Promise<MessageRow | null> {
    const { tx, org } = this.context;
    const found = await tx.get<{ row: string }>(
      `select "row" from message where org = ? and inbox_id = ? and ${column} = ?`,
      org,
      this.inboxId,
      value,
    );
    if (!found) return null;
    const row = JSON.parse(found.row) as MessageRow;
    if (externalId !== null) this.ids.set(externalId, row.id);
    const held = this.now.get(row.id);
    if (held) return held;
    this.before.set(row.id, row);
    this.now.set(row.id, row);
    return row;
  }
}
