import { type ConversationRow, Failure, type MessageRow } from '@roost/protocol';
import { conversationStatus } from '@roost/protocol/schema';
import { z } from 'zod';
import { type CommandContext, defineCommand } from '../../commands/index.ts';
import { hiddenFrom } from '../access/hidden.ts';
import { readMember } from '../members/member.ts';
import { insertMessage } from '../messages/store.ts';
import { ConversationBook } from './book.ts';
import { maySee } from './visible.ts';

const BULK_MAX_COUNT = 200;
const LABELS_MAX_COUNT = 50;
const label = z.string().trim().toLowerCase().min(1).max(50);

const change = z.object({
  status: conversationStatus.optional(),
  /** ISO 8601; for `snoozed`, and only then. */
  snoozed_until: z.iso.datetime({ offset: true }).nullish(),
  /** User id of a member; null for nobody. */
  assignee_id: z.string().max(64).nullish(),
  add_labels: z.array(label).max(LABELS_MAX_COUNT).default([]),
  remove_labels: z.array(label).max(LABELS_MAX_COUNT).default([]),
  subject: z.string().max(998).optional(),
});
type ConversationChange = z.output<typeof change>;

/**
 * Changes one conversation or a selection, all or none: status, assignee, labels, subject.
 *
 * @throws conversation.unknown, member.unknown; request.invalid  a snooze without a time to come
 */
export const changeConversations = defineCommand({
  name: 'conversation.change',
  input: z.object({ conversation_ids: z.array(z.string().max(64)).min(1).max(BULK_MAX_COUNT), change }),
  may: { roles: ['owner', 'admin', 'agent'], scope: 'write' },
  weight: ({ conversation_ids }) => conversation_ids.length,
  async run(context, { conversation_ids, change }) {
    const { tx, org, actor } = context;
    assertSnooze(context, change);
    await assertAssignee(context, change);
    const hidden = await hiddenFrom(tx, org, actor);
    const book = new ConversationBook(context);
    for (const id of new Set(conversation_ids)) {
      const before = await book.get(id);
      if (!maySee(before, actor, hidden)) throw new Failure('conversation.unknown');
      const after = changed(context, before, change);
      if (JSON.stringify(after) === JSON.stringify(before)) continue;
      book.put(after);
      await tell(context, before, after);
    }
    await book.write();
  },
});

/** Conversations whose snooze is over are open again. For the server itself. */
export const wakeConversations = defineCommand({
  name: 'conversation.wake',
  input: z.object({ conversation_ids: z.array(z.string()).min(1).max(BULK_MAX_COUNT) }),
  may: { roles: [] },
  async run(context, { conversation_ids }) {
    const book = new ConversationBook(context);
    for (const id of conversation_ids) {
      const row = await book.get(id);
      const isDue = row.snoozed_until !== null && Date.parse(row.snoozed_until) <= context.now;
      if (row.status !== 'snoozed' || !isDue) continue;
      const after = { ...row, status: 'open' as const, snoozed_until: null };
      book.put(after);
      await tell(context, row, after);
    }
    await book.write();
  },
});

function changed(
  { now }: CommandContext,
  row: ConversationRow,
  { status, snoozed_until, assignee_id, add_labels, remove_labels, subject }: ConversationChange,
): ConversationRow {
  const isResolved = status === 'closed' || status === 'archived';
  const labels = [...new Set([...row.labels, ...add_labels])].filter((one) => !remove_labels.includes(one));
  return {
    ...row,
    ...(status && {
      status,
      snoozed_until: status === 'snoozed' ? new Date(snoozed_until as string).toISOString() : null,
      resolved_at: isResolved ? (row.resolved_at ?? new Date(now).toISOString()) : null,
    }),
    ...(assignee_id !== undefined && { assignee_id }),
    ...(subject !== undefined && { subject }),
    labels: labels.slice(0, LABELS_MAX_COUNT).sort(),
  };
}

function assertSnooze({ now }: CommandContext, { status, snoozed_until }: ConversationChange): void {
  const until = snoozed_until ? Date.parse(snoozed_until) : null;
  if (status === 'snoozed' && (until === null || until <= now))
    throw new Failure('request.invalid', '“snoozed_until” must be a time to come.');
  if (status !== 'snoozed' && until !== null)
    throw new Failure('request.invalid', '“snoozed_until” goes with the status “snoozed”.');
}

async function assertAssignee(
  { tx, org }: CommandContext,
  { assignee_id }: ConversationChange,
): Promise<void> {
  if (!assignee_id) return;
  const member = await readMember(tx, org, assignee_id);
  if (!member?.active) throw new Failure('member.unknown');
}

/** What happened to a conversation stands in it, where everybody reads it later. */
async function tell(context: CommandContext, before: ConversationRow, after: ConversationRow): Promise<void> {
  const says = await sentences(context, before, after);
  if (says.length === 0) return;
  const text = says.join(' ');
  const row: MessageRow = {
    id: context.newId(),
    version: context.offset,
    inbox_id: after.inbox_id,
    conversation_id: after.id,
    via: 'direct',
    kind: 'system',
    author_id: context.actor.kind === 'system' ? null : context.actor.user_id,
    received_at: new Date(context.now).toISOString(),
    from: '',
    to: [],
    subject: '',
    snippet: text,
    text,
    parts: [],
    reply_to: null,
    reactions: [],
    status: null,
    error: null,
    size_bytes: 0,
    attachment_count: 0,
    problem: null,
  };
  await insertMessage(context, {
    row,
    external_id: null,
    content: {
      headers: [],
      text,
      html: null,
      attachments: [],
      truncated: false,
      has_source: false,
      blobs: [],
    },
  });
}

async function sentences(
  context: CommandContext,
  before: ConversationRow,
  after: ConversationRow,
): Promise<string[]> {
  const { tx, org, actor } = context;
  const nameOf = async (id: string) => {
    const member = await readMember(tx, org, id);
    return member?.name || member?.email || 'somebody';
  };
  const says: string[] = [];
  const who = actor.kind === 'system' ? null : await nameOf(actor.user_id);
  const by = who === null ? '' : ` by ${who}`;
  if (before.status !== after.status) {
    const until =
      after.snoozed_until === null ? '' : ` until ${after.snoozed_until.slice(0, 16).replace('T', ' ')} UTC`;
    const words = {
      open: 'Reopened',
      pending: 'Set to pending',
      snoozed: 'Snoozed',
      closed: 'Closed',
      archived: 'Archived',
    };
    says.push(`${words[after.status]}${by}${until}.`);
  }
  if (before.assignee_id !== after.assignee_id) {
    says.push(
      after.assignee_id === null
        ? `Unassigned${by}.`
        : `Assigned to ${await nameOf(after.assignee_id)}${by}.`,
    );
  }
  return says;
}
