import { type ConversationRow, Failure } from '@roost/protocol';
import { z } from 'zod';
import { type CommandContext, defineCommand } from '../../commands/index.ts';
import { hiddenFrom, renewAccess } from '../access/hidden.ts';
import { knownContact } from '../contacts/contact.ts';
import { knownInbox } from '../inboxes/inbox.ts';
import { readMember } from '../members/member.ts';
import { ConversationBook } from './book.ts';
import { contactKey, learnKeys, newConversation } from './inbound.ts';

const PARTICIPANTS_MAX_COUNT = 500;

/** Begins a conversation with a contact, to whom a first message can then be sent. @throws contact.unknown, inbox.unknown */
export const startConversation = defineCommand({
  name: 'conversation.start',
  input: z.object({
    contact_id: z.string().max(64),
    inbox_id: z.string().max(64),
    subject: z.string().max(998).default(''),
  }),
  may: { roles: ['owner', 'admin', 'agent'], scope: 'write' },
  async run(context, { contact_id, inbox_id, subject }): Promise<{ conversation_id: string }> {
    const { tx, org, actor } = context;
    const inbox = await knownInbox(tx, org, inbox_id);
    if ((await hiddenFrom(tx, org, actor)).includes(inbox_id)) throw new Failure('inbox.unknown');
    const contact = await knownContact(tx, org, contact_id);
    const kind = inbox.kind === 'mail' ? 'email' : inbox.kind === 'whatsapp' ? 'phone' : 'external';
    const address = { email: contact.emails, phone: contact.phones, external: contact.external_ids }[kind][0];
    if (!address)
      throw new Failure('request.invalid', 'The contact has no address that this inbox could write to.');
    // Only mail has several conversations with one contact in one inbox.
    const key = kind === 'email' ? null : contactKey({ kind, value: address });
    const known = key === null ? null : await leadsTo(context, inbox_id, key);
    if (known !== null) return { conversation_id: known };
    const book = new ConversationBook(context);
    const row = book.put(newConversation(context, { inbox, contact, address, subject }));
    if (key !== null) await learnKeys(context, inbox_id, [key], row.id);
    await book.write();
    return { conversation_id: row.id };
  },
});

/** The direct conversation of these members and whoever asks; made when there is none. @throws member.unknown */
export const startDirect = defineCommand({
  name: 'conversation.direct',
  input: z.object({
    user_ids: z.array(z.string().max(64)).min(1).max(PARTICIPANTS_MAX_COUNT),
    subject: z.string().max(200).default(''),
  }),
  may: { roles: ['owner', 'admin', 'agent'], scope: 'write' },
  async run(context, { user_ids, subject }): Promise<{ conversation_id: string }> {
    const { tx, org, actor } = context;
    if (actor.kind === 'system') throw new Failure('access.forbidden');
    const participants = [...new Set([actor.user_id, ...user_ids])].sort();
    if (participants.length < 2) throw new Failure('request.invalid', 'Name somebody else.');
    for (const id of participants)
      if (!(await readMember(tx, org, id))?.active) throw new Failure('member.unknown');
    // Two people have one conversation; more may have several, each with a subject.
    const key = participants.length === 2 ? `direct:${participants.join(':')}` : null;
    const known = key === null ? null : await leadsTo(context, '', key);
    if (known !== null) return { conversation_id: known };
    const book = new ConversationBook(context);
    const row = book.put(directRow(context, participants, subject));
    if (key !== null) await learnKeys(context, '', [key], row.id);
    await book.write();
    return { conversation_id: row.id };
  },
});

/** Adds members to a direct conversation of several, or takes them out; they see it, or no longer, at once. */
export const changeParticipants = defineCommand({
  name: 'conversation.participants',
  input: z.object({
    conversation_id: z.string().max(64),
    add: z.array(z.string().max(64)).max(PARTICIPANTS_MAX_COUNT).default([]),
    remove: z.array(z.string().max(64)).max(PARTICIPANTS_MAX_COUNT).default([]),
  }),
  may: { roles: ['owner', 'admin', 'agent'], scope: 'write' },
  async run(context, { conversation_id, add, remove }) {
    const { tx, org, actor } = context;
    const book = new ConversationBook(context);
    const row = await book.get(conversation_id);
    const isIn = actor.kind === 'system' || row.participants.includes(actor.user_id);
    if (row.kind !== 'direct' || !isIn) throw new Failure('conversation.unknown');
    if (await leadsToPair(context, row))
      throw new Failure('request.invalid', 'A conversation of two stays one; begin another with more.');
    for (const id of add) if (!(await readMember(tx, org, id))?.active) throw new Failure('member.unknown');
    const participants = [...new Set([...row.participants, ...add])]
      .filter((id) => !remove.includes(id))
      .sort();
    if (participants.length > PARTICIPANTS_MAX_COUNT)
      throw new Failure('request.invalid', `At most ${PARTICIPANTS_MAX_COUNT} take part.`);
    book.put({ ...row, participants });
    await book.write();
    const touched = [...row.participants, ...participants].filter(
      (id) => row.participants.includes(id) !== participants.includes(id),
    );
    for (const id of new Set(touched)) if (await readMember(tx, org, id)) await renewAccess(context, id);
  },
});

function directRow(
  context: CommandContext,
  participants: readonly string[],
  subject: string,
): ConversationRow {
  const id = context.newId();
  const at = new Date(context.now).toISOString();
  return {
    id,
    version: context.offset,
    kind: 'direct',
    inbox_id: null,
    contact: null,
    participants: [...participants],
    subject,
    status: 'open',
    snoozed_until: null,
    resolved_at: null,
    assignee_id: null,
    labels: [],
    last_message: null,
    last_activity_at: at,
    activity: id,
    answer_offset: 0,
    inbound_offset: 0,
    reply_until: null,
    created_at: at,
  };
}

async function leadsTo({ tx, org }: CommandContext, inboxId: string, key: string): Promise<string | null> {
  const found = await tx.get<{ conversation_id: string }>(
    'select conversation_id from thread_key where org = ? and inbox_id = ? and key = ?',
    org,
    inboxId,
    key,
  );
  return found?.conversation_id ?? null;
}

async function leadsToPair(context: CommandContext, row: ConversationRow): Promise<boolean> {
  return (await leadsTo(context, '', `direct:${row.participants.join(':')}`)) === row.id;
}
