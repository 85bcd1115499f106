import { z } from 'zod';

const digits = z.string().regex(/^\d{5,20}$/, 'A number is 5 to 20 digits.');
const file = z.object({
  /** Base64; a small file of the right kind when left out. */
  bytes: z.base64().optional(),
  content_type: z.string().max(200).optional(),
  filename: z.string().max(200).optional(),
  caption: z.string().max(4_096).optional(),
});

/** Something a simulated customer does. Exactly what is set is said, each as a message of its own. */
export const saying = z.strictObject({
  from: digits.default('16505551234'),
  name: z.string().max(200).default('Ann Lee'),
  /** Shows this instead of the number … */
  user_id: z.string().max(140).optional(),
  /** … or beside it. */
  shows_both: z.boolean().default(false),
  /** The platform's id of the message answered. */
  reply_to: z.string().max(512).optional(),
  forwarded: z.boolean().optional(),
  /** Own id; drawn when left out. */
  id: z.string().max(512).optional(),
  text: z.string().max(20_000).optional(),
  image: file.optional(),
  video: file.optional(),
  audio: file.optional(),
  voice: file.optional(),
  document: file.optional(),
  sticker: file.optional(),
  location: z
    .object({
      latitude: z.number(),
      longitude: z.number(),
      name: z.string().max(200).optional(),
      address: z.string().max(500).optional(),
    })
    .optional(),
  contact: z.object({ name: z.string().max(200), phone: z.string().max(40) }).optional(),
  button: z.object({ payload: z.string().max(500), text: z.string().max(200) }).optional(),
  choice: z
    .object({ id: z.string().max(200), title: z.string().max(200), list: z.boolean().default(false) })
    .optional(),
  reaction: z.object({ to: z.string().max(512), emoji: z.string().max(16) }).optional(),
  new_number: digits.optional(),
  unsupported: z.boolean().optional(),
  /** A message as it is, for kinds that are not listed here. */
  raw: z.record(z.string(), z.unknown()).optional(),
});
export type Saying = z.output<typeof saying>;
export type SayingInput = z.input<typeof saying>;

const MEDIA_KINDS = ['image', 'video', 'audio', 'voice', 'document', 'sticker'] as const;
type MediaKind = (typeof MEDIA_KINDS)[number];

/** The smallest picture there is, and stand-ins for the rest. */
const SMALL: Readonly<Record<MediaKind, { bytes: Buffer; content_type: string }>> = {
  image: {
    content_type: 'image/png',
    bytes: Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      'base64',
    ),
  },
  video: { content_type: 'video/mp4', bytes: Buffer.from('\0\0\0\x18ftypmp42\0\0\0\0mp42isom', 'latin1') },
  audio: { content_type: 'audio/mpeg', bytes: Buffer.from('ID3\x03\0\0\0\0\0\0', 'latin1') },
  voice: {
    content_type: 'audio/ogg; codecs=opus',
    bytes: Buffer.from('OggS\0\x02\0\0\0\0\0\0\0\0', 'latin1'),
  },
  document: { content_type: 'application/pdf', bytes: Buffer.from('%PDF-1.4\n%%EOF\n') },
  sticker: { content_type: 'image/webp', bytes: Buffer.from('RIFF\x04\0\0\0WEBP', 'latin1') },
};

export interface StoredFile {
  readonly bytes: Buffer;
  readonly content_type: string;
}

/** The messages of a webhook that one saying makes. @param store  keeps a file, and says its id and digest */
export function messagesOf(
  said: Saying,
  now: number,
  newId: () => string,
  store: (file: StoredFile) => { id: string; sha256: string },
): Record<string, unknown>[] {
  const messages: Record<string, unknown>[] = [];
  const say = (type: string, content: Record<string, unknown>) => {
    const context = {
      ...(said.reply_to !== undefined && { from: '', id: said.reply_to }),
      ...(said.forwarded && { forwarded: true }),
    };
    messages.push({
      ...((said.user_id === undefined || said.shows_both) && { from: said.from }),
      ...(said.user_id !== undefined && { from_user_id: said.user_id }),
      id: messages.length === 0 && said.id !== undefined ? said.id : newId(),
      timestamp: String(Math.floor(now / 1_000)),
      ...(Object.keys(context).length > 0 && { context }),
      type,
      ...content,
    });
  };
  if (said.text !== undefined) say('text', { text: { body: said.text } });
  for (const kind of MEDIA_KINDS) {
    const file = said[kind];
    if (!file) continue;
    const bytes = file.bytes === undefined ? SMALL[kind].bytes : Buffer.from(file.bytes, 'base64');
    const content_type = file.content_type ?? SMALL[kind].content_type;
    const { id, sha256 } = store({ bytes, content_type });
    const told = {
      mime_type: content_type,
      sha256,
      id,
      ...(file.caption !== undefined && { caption: file.caption }),
      ...(kind === 'document' && { filename: file.filename ?? 'document.pdf' }),
    };
    if (kind === 'voice') say('audio', { audio: { ...told, voice: true } });
    else say(kind, { [kind]: told });
  }
  if (said.location) say('location', { location: said.location });
  if (said.contact) {
    const { name, phone } = said.contact;
    say('contacts', {
      contacts: [{ name: { formatted_name: name, first_name: name }, phones: [{ phone }] }],
    });
  }
  if (said.button) say('button', { button: said.button });
  if (said.choice) {
    const { list, ...choice } = said.choice;
    const type = list ? 'list_reply' : 'button_reply';
    say('interactive', { interactive: { type, [type]: choice } });
  }
  if (said.reaction) {
    say('reaction', { reaction: { message_id: said.reaction.to, emoji: said.reaction.emoji } });
  }
  if (said.new_number !== undefined) {
    const body = `User ${said.name} changed from ${said.from} to ${said.new_number}`;
    say('system', { system: { body, wa_id: said.new_number, type: 'user_changed_number' } });
  }
  if (said.unsupported) {
    say('unsupported', { errors: [{ code: 131051, title: 'Message type unknown' }] });
  }
  if (said.raw) {
    say(typeof said.raw.type === 'string' ? said.raw.type : 'unknown', said.raw);
  }
  return messages;
}

/** How the webhook names who is speaking. */
export function personOf({ from, name, user_id, shows_both }: Saying): Record<string, unknown> {
  return {
    profile: { name },
    ...((user_id === undefined || shows_both) && { wa_id: from }),
    ...(user_id !== undefined && { user_id }),
  };
}
