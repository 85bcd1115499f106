import {
  type ConversationRow,
  Failure,
  formatArrival,
  type InboxRow,
  limits,
  type MessagePart,
  type MessageRow,
} from '@roost/protocol';
import { draftMessage } from '@roost/protocol/schema';
import { z } from 'zod';
import { type CommandContext, defineCommand } from '../../commands/index.ts';
import { ConversationBook } from '../conversations/book.ts';
import { learnKeys, withMessage } from '../conversations/inbound.ts';
import { readToEnd } from '../conversations/read.ts';
import { visibleConversation } from '../conversations/visible.ts';
import { knownInbox } from '../inboxes/inbox.ts';
import { layInSent } from '../mail/sent.ts';
import { MailboxBook } from '../mailboxes/mailbox.ts';
import { readMember } from '../members/member.ts';
import { enqueue } from '../outbox/queue.ts';
import { settingsOf } from '../settings/index.ts';
import { assertSayable } from '../whatsapp/sayable.ts';
import { mailPayload, whatsappPayload } from './outgoing.ts';
import { insertMessage } from './store.ts';
import { mailKey } from './thread-keys.ts';
import { takeUploads, type Upload } from './uploads.ts';

const NEWS_MAX_COUNT = 20;
const SNIPPET_MAX_CHARS = 160;

const sendInput = draftMessage.extend({ conversation_id: z.string().min(1).max(64) });
type SendInput = z.output<typeof sendInput>;

export interface SentMessage {
  readonly message_id: string;
  readonly conversation_id: string;
}

/**
 * Says something in a conversation: an answer, which goes out once it is committed, or a note for colleagues. With a
 * client's id it happens once.
 *
 * @throws conversation.unknown; conversation.moved  something came since `based_on`; conversation.window_closed;
 *   upload.unknown; request.invalid
 */
export const sendMessage = defineCommand({
  name: 'message.send',
  input: sendInput,
  may: { roles: ['owner', 'admin', 'agent'], scope: 'write' },
  async run(context, input): Promise<SentMessage> {
    const { tx, org, actor, offset } = context;
    const conversation = await visibleConversation(tx, org, actor, input.conversation_id);
    const inbox = conversation.inbox_id === null ? null : await knownInbox(tx, org, conversation.inbox_id);
    assertSaysSomething(input, inbox);
    if (input.kind === 'reply') {
      await assertUpToDate(context, conversation, input);
      assertWindow(context, conversation, inbox, input);
      if (inbox?.kind === 'whatsapp') await assertSayable(context, inbox.id, input);
    }
    const uploads = await takeUploads(context, input.uploads);
    const mailboxes = new MailboxBook(context);
    const written = await rowOf(context, conversation, inbox, input, uploads);
    const isMail = inbox?.kind === 'mail' && written.status === 'queued';
    const row = isMail ? await layInSent(mailboxes, { ...written, inbox_id: inbox.id }) : written;
    await insertMessage(context, {
      row,
      external_id: null,
      content: {
        headers: [],
        text: input.text,
        html: null,
        attachments: uploads.map(describe),
        truncated: false,
        has_source: false,
        blobs: uploads.map(({ digest }) => digest),
      },
    });
    if (row.status === 'queued' && inbox) await queue(context, conversation, inbox, row, input, uploads);
    await mailboxes.write();
    await readToEnd(context, conversation);
    const book = new ConversationBook(context);
    const said = withMessage(await book.get(conversation.id), row, offset);
    book.put(conversation.kind === 'direct' ? { ...said, inbound_offset: offset } : said);
    await book.write();
    return { message_id: row.id, conversation_id: conversation.id };
  },
});

function assertSaysSomething({ text, template, uploads, kind }: SendInput, inbox: InboxRow | null): void {
  if (text.trim() === '' && !template && uploads.length === 0)
    throw new Failure('request.invalid', 'The message is empty.');
  if (template && (kind === 'note' || inbox?.kind !== 'whatsapp'))
    throw new Failure('request.invalid', 'Templates are for WhatsApp only.');
  if (inbox?.kind === 'whatsapp' && kind === 'reply' && text.length > limits.WHATSAPP_TEXT_MAX_CHARS)
    throw new Failure(
      'request.invalid',
      `A WhatsApp message has at most ${limits.WHATSAPP_TEXT_MAX_CHARS} characters.`,
    );
}

/** One answer (rule O1): whoever has not seen what came since does not answer, unless they say so. */
async function assertUpToDate(
  { tx, org, actor }: CommandContext,
  conversation: ConversationRow,
  { based_on, override }: SendInput,
): Promise<void> {
  if (override || conversation.kind === 'direct') return;
  if (based_on === null || based_on === undefined)
    throw new Failure(
      'request.invalid',
      'Say what the answer is based on: “based_on”, the conversation’s “answer_offset”; or “override”.',
    );
  if (conversation.answer_offset <= based_on) return;
  // What somebody sent themselves is no news to them.
  const news = await tx.all<{ row: string }>(
    `select "row" from message where org = ? and conversation_id = ? and id >= ?
        and kind in ('inbound', 'outbound') and (author_id is null or author_id <> ?)
      order by id limit ${NEWS_MAX_COUNT}`,
    org,
    conversation.id,
    formatArrival(based_on + 1),
    actor.kind === 'system' ? '' : actor.user_id,
  );
  if (news.length === 0) return;
  throw new Failure('conversation.moved', undefined, {
    about: {
      answer_offset: conversation.answer_offset,
      messages: news.map(({ row }) => JSON.parse(row)),
    },
  });
}

function assertWindow(
  { now }: CommandContext,
  { reply_until }: ConversationRow,
  inbox: InboxRow | null,
  { template }: SendInput,
): void {
  if (inbox?.kind !== 'whatsapp' || template) return;
  if (reply_until === null || Date.parse(reply_until) <= now) throw new Failure('conversation.window_closed');
}

async function rowOf(
  context: CommandContext,
  conversation: ConversationRow,
  inbox: InboxRow | null,
  input: SendInput,
  uploads: readonly Upload[],
): Promise<MessageRow> {
  const { tx, org, actor, now, offset } = context;
  const author = actor.kind === 'system' ? undefined : await readMember(tx, org, actor.user_id);
  const isNote = input.kind === 'note';
  const text = input.text;
  const shown = text.trim() === '' ? (input.template?.name ?? uploads[0]?.filename ?? '') : text;
  const via = inbox?.kind ?? 'direct';
  return {
    id: context.newId(),
    version: offset,
    inbox_id: conversation.inbox_id,
    conversation_id: conversation.id,
    via,
    kind: isNote ? 'note' : 'outbound',
    author_id: author?.id ?? null,
    received_at: new Date(now).toISOString(),
    from: author ? author.name || author.email : 'Roost',
    to: [],
    subject: '',
    snippet: shown.replace(/\s+/g, ' ').trim().slice(0, SNIPPET_MAX_CHARS),
    text,
    parts: partsOf(input, uploads),
    reply_to: input.reply_to ?? null,
    reactions: [],
    // A visitor and a colleague have it as soon as it is here.
    status: isNote ? null : via === 'mail' || via === 'whatsapp' ? 'queued' : 'sent',
    error: null,
    size_bytes: Buffer.byteLength(text),
    attachment_count: uploads.length,
    problem: null,
  };
}

function partsOf({ template }: SendInput, uploads: readonly Upload[]): MessagePart[] {
  const files = uploads.map(
    ({ filename, content_type, size_bytes }, index): MessagePart => ({
      type: /^(image|audio|video)\//.test(content_type)
        ? (content_type.slice(0, content_type.indexOf('/')) as 'image' | 'audio' | 'video')
        : 'document',
      index,
      filename,
      content_type,
      size_bytes,
      problem: null,
    }),
  );
  return template ? [...files, { type: 'template', ...template }] : files;
}

function describe({ filename, content_type, size_bytes }: Upload, index: number) {
  return { index, filename, content_type, size_bytes, content_id: null, inline: false };
}

/** The message and its way out commit together (design §6). */
async function queue(
  context: CommandContext,
  conversation: ConversationRow,
  inbox: InboxRow,
  row: MessageRow,
  input: SendInput,
  uploads: readonly Upload[],
): Promise<void> {
  const make = inbox.kind === 'mail' ? mailPayload : whatsappPayload;
  const payload = await make(context, { conversation, inbox, row, input, uploads });
  if (payload.message_id_header) {
    const messageId = payload.message_id_header.slice(1, -1);
    await learnKeys(context, inbox.id, [mailKey(messageId)], conversation.id);
  }
  await enqueue(context, {
    message_id: row.id,
    inbox_id: inbox.id,
    conversation_id: conversation.id,
    via: inbox.kind === 'mail' ? 'mail' : 'whatsapp',
    payload,
    wait_ms: inbox.kind === 'mail' ? await undoMs(context, inbox.id) : 0,
  });
}

/** A mail may be taken back (`message.cancel`) until it leaves. */
async function undoMs({ tx, org }: CommandContext, inboxId: string): Promise<number> {
  return (await settingsOf(tx, org, inboxId)).undo_seconds * 1_000;
}
