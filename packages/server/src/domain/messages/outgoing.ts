import {
  type ConversationRow,
  type DraftMessage,
  domainPart,
  type InboxRow,
  type MessageContent,
  type MessageRow,
} from '@roost/protocol';
import type { CommandContext } from '../../commands/index.ts';
import type { OutgoingPayload } from '../outbox/outgoing.ts';
import { settingsOf } from '../settings/index.ts';
import type { Upload } from './uploads.ts';

/** Message-IDs that an answer names, so that no header grows without end. */
const REFERENCES_MAX_COUNT = 20;
const MESSAGE_ID = /<[^<>\s]{1,250}>/g;

interface Making {
  readonly conversation: ConversationRow;
  readonly inbox: InboxRow;
  readonly row: MessageRow;
  readonly input: DraftMessage;
  readonly uploads: readonly Upload[];
}

/** A mail that answers the newest one of the conversation. */
export async function mailPayload(context: CommandContext, making: Making): Promise<OutgoingPayload> {
  const { conversation, inbox, row, input, uploads } = making;
  const answered = await newestInbound(context, conversation.id);
  const headers = answered?.content.headers ?? [];
  const own = idsIn(headers, 'message-id').slice(0, 1);
  const before = [...idsIn(headers, 'references'), ...idsIn(headers, 'in-reply-to')];
  // Who wrote to a whole domain is answered from the address they wrote to.
  const from = inbox.address.includes('@') ? inbox.address : (answered?.row.to[0] ?? '');
  const domain = domainPart(from) || 'localhost';
  const { sender_name, signature } = await settingsOf(context.tx, context.org, inbox.id);
  return {
    from: { address: from, name: sender_name || (inbox.name === inbox.address ? '' : inbox.name) },
    to: { address: conversation.contact?.address ?? '', name: conversation.contact?.name ?? '' },
    subject: subjectOf(conversation.subject),
    text: signed(input.text, signature),
    html: null,
    reply_to_external_id: own[0] ?? null,
    references: [...new Set([...before, ...own])].slice(-REFERENCES_MAX_COUNT),
    message_id_header: `<${row.id}@${domain}>`,
    template: null,
    attachments: uploads.map(attachmentOf),
  };
}

/** Parted by the line that mail programs know a signature by (RFC 3676, 4.3). */
function signed(text: string, signature: string): string {
  return signature.trim() === '' ? text : `${text}\n\n-- \n${signature}`;
}

export async function whatsappPayload(context: CommandContext, making: Making): Promise<OutgoingPayload> {
  const { conversation, inbox, input, uploads } = making;
  const { tx, org } = context;
  const answered = input.reply_to
    ? await tx.get<{ external_id: string | null }>(
        'select external_id from message where org = ? and conversation_id = ? and id = ?',
        org,
        conversation.id,
        input.reply_to,
      )
    : undefined;
  return {
    from: { address: inbox.address, name: inbox.name },
    to: { address: conversation.contact?.address ?? '', name: conversation.contact?.name ?? '' },
    subject: null,
    text: input.text,
    html: null,
    reply_to_external_id: answered?.external_id ?? null,
    references: [],
    message_id_header: null,
    template: input.template ?? null,
    attachments: uploads.map(attachmentOf),
  };
}

function attachmentOf({ digest, filename, content_type, size_bytes }: Upload) {
  return { filename, content_type, blob: digest, size_bytes };
}

function subjectOf(subject: string): string {
  const plain = subject.trim();
  if (plain === '') return 'Re: your message';
  return /^(re|aw|sv|antw)\s*:/i.test(plain) ? plain : `Re: ${plain}`;
}

async function newestInbound(
  { tx, org }: CommandContext,
  conversationId: string,
): Promise<{ row: MessageRow; content: MessageContent } | null> {
  const found = await tx.get<{ row: string; content: string }>(
    `select "row", content from message where org = ? and conversation_id = ? and kind = 'inbound'
      order by id desc limit 1`,
    org,
    conversationId,
  );
  return found ? { row: JSON.parse(found.row), content: JSON.parse(found.content) } : null;
}

function idsIn(headers: MessageContent['headers'], name: string): string[] {
  return headers
    .filter((header) => header.name.toLowerCase() === name)
    .flatMap(({ value }) => value.match(MESSAGE_ID) ?? []);
}
