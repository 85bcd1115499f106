import type { OutgoingPayload } from '../transport.ts';

/** As the API bounds it. */
const CAPTION_MAX_CHARS = 1_024;
const TEXT_MAX_CHARS = 4_096;
const MIB = 1 << 20;

export type MediaType = 'image' | 'video' | 'audio' | 'document' | 'sticker';
export type MediaSource = { readonly id: string } | { readonly link: string };

/** What goes under `type` and beside it. */
export type Said = { readonly type: string } & Readonly<Record<string, unknown>>;

/** Where the prefix says so, `to` is no number but what a person is called to this business alone. */
export const USER_ID_PREFIX = 'wa:';

/** Body of a call that sends something. @param to  E.164, or a user id with {@link USER_ID_PREFIX} */
export function messageBody(
  to: string,
  said: Said,
  about: { reply_to: string | null; our_id: string | null },
): Record<string, unknown> {
  return {
    messaging_product: 'whatsapp',
    recipient_type: 'individual',
    ...(to.startsWith(USER_ID_PREFIX)
      ? { recipient: to.slice(USER_ID_PREFIX.length) }
      : { to: to.replace(/\D/g, '') }),
    // Comes back with every status, so that one finds its message also when the answer to this call was lost.
    ...(about.our_id !== null && { biz_opaque_callback_data: about.our_id }),
    ...(about.reply_to !== null && { context: { message_id: about.reply_to } }),
    ...said,
  };
}

export function textSaid(body: string): Said {
  return { type: 'text', text: { body, preview_url: /https?:\/\//.test(body) } };
}

export function templateSaid(template: NonNullable<OutgoingPayload['template']>): Said {
  const parameters = template.parameters.map((text) => ({ type: 'text', text }));
  return {
    type: 'template',
    template: {
      name: template.name,
      language: { code: template.language },
      ...(parameters.length > 0 && { components: [{ type: 'body', parameters }] }),
    },
  };
}

export function mediaSaid(type: MediaType, source: MediaSource, caption: string, filename: string): Said {
  const hasCaption = caption !== '' && type !== 'audio' && type !== 'sticker';
  return {
    type,
    [type]: { ...source, ...(hasCaption && { caption }), ...(type === 'document' && { filename }) },
  };
}

export function reactionSaid(to: string, emoji: string | null): Said {
  return { type: 'reaction', reaction: { message_id: to, emoji: emoji ?? '' } };
}

const SHOWN: readonly { type: MediaType; types: RegExp; maxBytes: number }[] = [
  { type: 'image', types: /^image\/(?:jpeg|png)$/, maxBytes: 5 * MIB },
  { type: 'video', types: /^video\/(?:mp4|3gpp)$/, maxBytes: 16 * MIB },
  { type: 'audio', types: /^audio\/(?:aac|amr|mpeg|mp4|ogg)$/, maxBytes: 16 * MIB },
  { type: 'sticker', types: /^image\/webp$/, maxBytes: 100 * 1_024 },
];

/** How a file is shown: in the way of its kind where the platform takes it so, else as a document. */
export function mediaTypeOf(file: { content_type: string; size_bytes: number }, hasText: boolean): MediaType {
  const bare = (file.content_type.split(';')[0] ?? '').trim().toLowerCase();
  const shown = SHOWN.find(({ types, maxBytes }) => types.test(bare) && file.size_bytes <= maxBytes);
  // These two have no text beside them; as a document they do.
  const isMute = shown?.type === 'sticker' || shown?.type === 'audio';
  return shown && !(isMute && hasText) ? shown.type : 'document';
}

/** Why WhatsApp could not carry this at all, as a sentence; null when it can. */
export function unsayable({ to, text, template, attachments }: OutgoingPayload): string | null {
  if (to.address === '') return 'The contact has no number to write to.';
  if (template) return attachments.length > 0 ? 'A template cannot carry a file of yours.' : null;
  const [file] = attachments;
  if (attachments.length > 1)
    return 'A WhatsApp message carries one file: send each in a message of its own.';
  if (!file) {
    if (text.trim() === '') return 'The message is empty.';
    return text.length > TEXT_MAX_CHARS
      ? `A WhatsApp message has at most ${TEXT_MAX_CHARS} characters.`
      : null;
  }
  if (file.size_bytes > 100 * MIB) return 'WhatsApp takes files of at most 100 MiB.';
  if (file.size_bytes === 0) return 'WhatsApp takes no empty files.';
  if (text.length > CAPTION_MAX_CHARS)
    return `The text beside a file has at most ${CAPTION_MAX_CHARS} characters.`;
  return null;
}
