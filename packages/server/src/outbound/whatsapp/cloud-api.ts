import type { Readable } from 'node:stream';
import { meaningOfTrouble, troubleInWords } from '../../whatsapp-trouble.ts';
import type { Outgoing, Sent, Transport } from '../transport.ts';
import { fieldOf, type Graph, type Key, type Told, textOf } from './graph.ts';
import {
  type MediaSource,
  mediaSaid,
  mediaTypeOf,
  messageBody,
  reactionSaid,
  type Said,
  templateSaid,
  textSaid,
  unsayable,
} from './message-body.ts';

export interface CloudApiNeeds {
  readonly graph: Graph;
  /** The key of an inbox; null when it has none, or is gone. */
  keyOf(org: string, inboxId: string): Promise<Key | null>;
  /** A missing blob is an `error` event with code ENOENT. */
  readBlob(digest: string): Readable;
}

/** Sends messages by the WhatsApp Cloud API. */
export class CloudApi implements Transport {
  constructor(private readonly needs: CloudApiNeeds) {}

  async send(item: Outgoing, signal: AbortSignal): Promise<Sent> {
    const { payload } = item;
    const says = unsayable(payload);
    if (says !== null) return { kind: 'failed', says };
    const key = await this.needs.keyOf(item.org, item.inbox_id).catch(() => 'unread' as const);
    if (key === 'unread') return { kind: 'later', after_ms: null, says: KEY_UNREAD };
    if (key === null) return { kind: 'later', after_ms: null, says: NO_KEY };
    const said = await this.said(item, key, signal);
    if ('failure' in said) return said.failure;
    const about = { reply_to: payload.reply_to_external_id, our_id: item.message_id };
    const told = await this.needs.graph.post(
      `${key.phone_number_id}/messages`,
      messageBody(payload.to.address, said.said, about),
      key.token,
      signal,
    );
    return outcomeOf(told);
  }

  /** A file goes ahead of the message that shows it. Whatever becomes of that, no message was sent yet. */
  private async said(
    { payload }: Outgoing,
    key: Key,
    signal: AbortSignal,
  ): Promise<{ said: Said } | { failure: Sent }> {
    const { text, template, attachments } = payload;
    if (template) return { said: templateSaid(template) };
    const [file] = attachments;
    if (!file) return { said: textSaid(text) };
    const bytes = this.needs.readBlob(file.blob);
    const { filename, content_type, size_bytes } = file;
    const upload = { bytes, size_bytes, filename, content_type };
    const told = await this.needs.graph.upload(`${key.phone_number_id}/media`, upload, key.token, signal);
    bytes.destroy();
    if (told.kind === 'kept' && isGone(told.cause)) {
      return { failure: { kind: 'failed', says: 'The file of this message is not on the server any more.' } };
    }
    const id = told.kind === 'done' ? textOf(fieldOf(told.value, 'id')) : '';
    if (id === '') return { failure: certainly(outcomeOf(told)) };
    const source: MediaSource = { id };
    return { said: mediaSaid(mediaTypeOf(file, text !== ''), source, text, filename) };
  }

  /** Shows the sender of a message two blue ticks on it and everything before. */
  markRead(key: Key, externalId: string, signal: AbortSignal): Promise<Told> {
    const body = { messaging_product: 'whatsapp', status: 'read', message_id: externalId };
    return this.needs.graph.post(`${key.phone_number_id}/messages`, body, key.token, signal);
  }

  /** @param emoji  null takes a reaction back @param to  as {@link messageBody} takes it */
  async react(
    key: Key,
    to: string,
    externalId: string,
    emoji: string | null,
    signal: AbortSignal,
  ): Promise<Sent> {
    const body = messageBody(to, reactionSaid(externalId, emoji), { reply_to: null, our_id: null });
    return outcomeOf(await this.needs.graph.post(`${key.phone_number_id}/messages`, body, key.token, signal));
  }
}

const KEY_UNREAD = 'The access token of this inbox could not be read; the store does not answer.';
const NO_KEY = 'This inbox has no access token for WhatsApp; somebody has to set one.';

function isGone(cause: unknown): boolean {
  return (cause as NodeJS.ErrnoException | null)?.code === 'ENOENT';
}

/** Of something that is no message yet: that nobody knows what became of it does no harm. */
function certainly(sent: Sent): Sent {
  if (sent.kind === 'failed' || sent.kind === 'later') return sent;
  return { kind: 'later', after_ms: null, says: 'WhatsApp did not confirm that it has the file.' };
}

/** What an answer to a sending means. */
export function outcomeOf(told: Told): Sent {
  switch (told.kind) {
    case 'kept':
      return { kind: 'later', after_ms: null, says: `WhatsApp could not be reached. ${told.says}.` };
    case 'unanswered':
      return { kind: 'unknown', says: `${told.says} after the message was handed over. ${CHECK}` };
    case 'done': {
      const id = idOf(told.value);
      return id === null
        ? { kind: 'unknown', says: `WhatsApp took the message and gave no id for it. ${CHECK}` }
        : { kind: 'sent', external_id: id };
    }
    case 'refused':
      return refused(told);
  }
}

const CHECK = 'It may or may not have been sent: check, then send again or mark as sent.';
/** What a proxy says that has handed the request on and heard nothing useful back. */
const PROXY_LOST_IT: ReadonlySet<number> = new Set([502, 504]);

function refused({ status, trouble, retry_after_ms }: Extract<Told, { kind: 'refused' }>): Sent {
  if (trouble === null) {
    if (PROXY_LOST_IT.has(status)) {
      return {
        kind: 'unknown',
        says: `Something between here and WhatsApp gave no answer (${status}). ${CHECK}`,
      };
    }
    const isPassing = status === 429 || status >= 500 || status < 400 || status === 408;
    const says = `WhatsApp answered ${status} and no reason.`;
    return isPassing ? { kind: 'later', after_ms: retry_after_ms, says } : { kind: 'failed', says };
  }
  const passes =
    status === 429 ||
    status >= 500 ||
    trouble.isTransient ||
    (meaningOfTrouble(trouble.code)?.passes ?? status === 401);
  const why = troubleInWords(trouble);
  return passes
    ? { kind: 'later', after_ms: retry_after_ms, says: `The message could not be sent yet: ${why}.` }
    : { kind: 'failed', says: `The message was not sent: ${why}.` };
}

/** The id of the first message in an answer. */
function idOf(value: unknown): string | null {
  const messages = fieldOf(value, 'messages');
  const id = Array.isArray(messages) ? fieldOf(messages[0], 'id') : undefined;
  return typeof id === 'string' && id !== '' ? id : null;
}
