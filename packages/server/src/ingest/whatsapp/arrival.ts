import type { MessagePart } from '@roost/protocol';
import { type Arrival, whatsappIdentity } from '../../domain/index.ts';
import { snippetOf } from '../mime/snippet.ts';
import { oneLine } from '../mime/text.ts';
import type { Content, MessageHappening } from './happening.ts';

/** A file that a part of a message stands for, and that is still to be fetched. */
export interface FileToFetch {
  readonly part: number;
  readonly file_id: string;
  readonly sha256: string | null;
}

export interface MessageArrival {
  readonly arrival: Arrival;
  readonly files: readonly FileToFetch[];
  /** Another name of the sender, by which alone they may write one day; null for none. */
  readonly alias: string | null;
}

/** Who has sent a message, as contacts are recognised. Somebody without a number has an id under this prefix. */
const USER_ID_PREFIX = 'wa:';

/** How whoever wrote is recognised: by the number where it is shown, else by the id. */
export function senderOf({ from, user_id, name }: MessageHappening): NonNullable<Arrival['sender']> {
  if (from !== null) return { ...whatsappIdentity(from), name };
  return { kind: 'external', value: USER_ID_PREFIX + user_id, name };
}

/** A message made ready for the store. */
export function toArrival(inboxId: string, message: MessageHappening): MessageArrival {
  const sender = senderOf(message);
  const said = sayingOf(message.content);
  const files = said.file === null ? [] : [{ part: 0, ...said.file }];
  const shown = said.text === '' ? said.instead : said.text;
  const arrival: Arrival = {
    to: [],
    inbox_id: inboxId,
    sender,
    from: sender.name === '' ? sender.value : sender.name,
    subject: '',
    snippet: snippetOf(shown, null),
    text: said.text,
    parts: said.parts,
    reply_to_external_id: said.about ?? message.reply_to,
    size_bytes: Buffer.byteLength(said.text),
    external_id: message.id,
    content: {
      headers: headersOf(message),
      // What nobody here understands stays readable where the message is opened.
      text: message.content.kind === 'unknown' ? message.content.raw : said.text,
      html: null,
      attachments: [],
      truncated: false,
    },
    source: null,
    attachment_blobs: [],
    problem: message.group_id === null ? null : 'Written in a group; an answer goes to its sender alone.',
  };
  const { from, user_id } = message;
  const alias = from === null || user_id === null ? null : USER_ID_PREFIX + user_id;
  return { arrival, files, alias };
}

interface Saying {
  readonly text: string;
  readonly parts: MessagePart[];
  /** What a list shows where there is no text. */
  readonly instead: string;
  readonly file: { readonly file_id: string; readonly sha256: string | null } | null;
  /** The provider's id of the message it is about, where that is said by its kind. */
  readonly about: string | null;
}

function said(text: string, instead: string, ...parts: MessagePart[]): Saying {
  return { text, instead, parts, file: null, about: null };
}

/** What is shown of each kind. */
function sayingOf(content: Content): Saying {
  switch (content.kind) {
    case 'text':
      return said(content.body, '');
    case 'media':
      return mediaSaying(content);
    case 'location': {
      const { latitude, longitude, name, address } = content;
      const where = [name, address].filter((one) => one !== null).join(', ');
      const part: MessagePart = { type: 'location', latitude, longitude, name, address };
      return said('', where === '' ? 'A place' : `A place: ${where}`, part);
    }
    case 'contacts': {
      const contacts = content.contacts.map(({ name, phones, emails }) => ({
        name,
        phones: [...phones],
        emails: [...emails],
      }));
      return said('', `Contacts: ${contacts.map(({ name }) => name).join(', ')}`, {
        type: 'contacts',
        contacts,
      });
    }
    case 'choice': {
      const { id, title, description } = content;
      const text = description === null ? title : `${title}\n${description}`;
      return said(text, '', { type: 'choice', id, title });
    }
    case 'form':
      return said(formText(content.answer), content.body === '' ? 'A form, filled in' : content.body);
    case 'order':
      return said(orderText(content), 'An order');
    case 'reaction':
      return {
        ...said(content.emoji ?? '', 'A reaction taken back'),
        about: content.to,
      };
    case 'edited':
      return { ...said(`Changed to: ${content.body}`, ''), about: content.of };
    case 'revoked': {
      const says = 'The sender has taken back a message.';
      return { ...said('', says, { type: 'unsupported', says }), about: content.of };
    }
    case 'system':
      return said('', content.body === '' ? 'The chat was opened.' : content.body, {
        type: 'unsupported',
        says: content.body === '' ? 'The chat was opened.' : content.body,
      });
    case 'unsupported': {
      const says = `WhatsApp does not hand over messages of this kind${kindIn(content.type)}.`;
      return said('', says, { type: 'unsupported', says });
    }
    case 'unknown': {
      const says = `A message of a kind that cannot be shown here${kindIn(content.type)}.`;
      return said('', says, { type: 'unsupported', says });
    }
  }
}

function kindIn(type: string | null): string {
  return type === null || type === 'unsupported' ? '' : ` (${oneLine(type).slice(0, 60)})`;
}

const WORD: Readonly<Record<Extract<Content, { kind: 'media' }>['as'], string>> = {
  image: 'A picture',
  video: 'A video',
  audio: 'A sound',
  voice: 'A voice message',
  document: 'A document',
  sticker: 'A sticker',
};

function mediaSaying({ as, media, caption }: Extract<Content, { kind: 'media' }>): Saying {
  const content_type = bareType(media.content_type);
  const filename = media.filename ?? `${as}.${extensionOf(content_type)}`;
  const part: MessagePart = {
    type: as,
    index: null,
    filename,
    content_type,
    size_bytes: null,
    problem: media.id === null ? 'WhatsApp did not say where the file is.' : null,
  };
  const instead = as === 'document' ? `${WORD[as]}: ${filename}` : WORD[as];
  const file = media.id === null ? null : { file_id: media.id, sha256: media.sha256 };
  return { ...said(caption ?? '', instead, part), file };
}

/** `audio/ogg; codecs=opus` without what stands behind; what is no media type is taken for bytes. */
function bareType(written: string): string {
  const bare = (written.split(';')[0] ?? '').trim().toLowerCase();
  return /^[\w.+-]{1,80}\/[\w.+-]{1,80}$/.test(bare) ? bare : 'application/octet-stream';
}

const EXTENSIONS: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'image/svg+xml': 'svg',
  'audio/mpeg': 'mp3',
  'audio/mp4': 'm4a',
  'video/3gpp': '3gp',
  'application/octet-stream': 'bin',
};

function extensionOf(contentType: string): string {
  const known = Object.hasOwn(EXTENSIONS, contentType) ? EXTENSIONS[contentType] : undefined;
  return known ?? /\/([a-z0-9]{1,8})$/.exec(contentType)?.[1] ?? 'bin';
}

/** One line for each field of a form; its JSON where it is none. */
function formText(answer: string): string {
  try {
    const fields: unknown = JSON.parse(answer);
    if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) return answer;
    return Object.entries(fields)
      .filter(([name]) => name !== 'flow_token')
      .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
      .join('\n');
  } catch {
    return answer;
  }
}

function orderText({ text, items }: Extract<Content, { kind: 'order' }>): string {
  const lines = items.map(({ id, quantity, price, currency }) =>
    [quantity === null ? '' : `${quantity} ×`, id, price === null ? '' : `at ${price} ${currency}`.trim()]
      .filter((word) => word !== '')
      .join(' '),
  );
  return [text ?? '', ...lines].filter((line) => line !== '').join('\n');
}

/** What else was told of a message, where mail has its headers. */
function headersOf({ at, forwarded, referral, username, user_id, group_id, errors }: MessageHappening) {
  const found: readonly (readonly [string, string | null | undefined])[] = [
    ['Sent', at === null ? null : new Date(at).toISOString()],
    ['Forwarded', forwarded ? 'yes' : null],
    [
      'Came-By',
      referral && [referral.source_type, referral.headline, referral.source_url].filter(Boolean).join(' '),
    ],
    ['Username', username],
    ['User-Id', user_id],
    ['Group', group_id],
    ...errors.map(
      ({ code, title, details }) => ['Error', [code, title, details].filter(Boolean).join(' ')] as const,
    ),
  ];
  return found.flatMap(([name, value]) => (value ? [{ name, value: oneLine(value) }] : []));
}
