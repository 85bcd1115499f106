import { limits } from '@roost/protocol';
import { FILENAME_MAX_CHARS } from '../mime/limits.ts';
import { oneLine, withoutDirections } from '../mime/text.ts';
import type { Content, Media, MediaKind, SharedContact } from './happening.ts';
import { at, isFields, listAt, nameAt, numberAt, rawOf, textAt } from './json.ts';

const TEXT_MAX_CHARS = limits.TEXT_MAX_CHARS;
const TITLE_MAX_CHARS = 1_000;
const CONTACTS_MAX = 100;
const NUMBERS_MAX = 20;
const ITEMS_MAX = 200;

/**
 * What a message says. A kind this version does not know, or one whose shape has changed so far that nothing is left
 * of it, is `unknown` with its JSON.
 */
export function readContent(message: unknown): Content {
  const type = nameAt(message, 'type') ?? kindByField(message);
  const read = type !== null && Object.hasOwn(readers, type) ? readers[type] : undefined;
  return read?.(message) ?? { kind: 'unknown', type, raw: rawOf(message) };
}

/** Some notices of older versions say no type; the one field of a kind then stands for it. */
function kindByField(message: unknown): string | null {
  return isFields(message)
    ? (Object.keys(readers).find((kind) => Object.hasOwn(message, kind)) ?? null)
    : null;
}

/** Each reads one kind, or gives up by null. */
const readers: Readonly<Record<string, (message: unknown) => Content | null>> = {
  text: (message) => {
    const body = textAt(message, TEXT_MAX_CHARS, 'text', 'body');
    return body === null ? null : { kind: 'text', body };
  },
  image: (message) => media(message, 'image'),
  video: (message) => media(message, 'video'),
  audio: (message) => media(message, at(message, 'audio', 'voice') === true ? 'voice' : 'audio', 'audio'),
  voice: (message) => media(message, 'voice'),
  document: (message) => media(message, 'document'),
  sticker: (message) => media(message, 'sticker'),
  location,
  contacts: (message) => {
    const contacts = listAt(message, 'contacts').slice(0, CONTACTS_MAX).map(sharedContact);
    return contacts.length === 0 ? null : { kind: 'contacts', contacts };
  },
  button: (message) => {
    const title = textAt(message, TITLE_MAX_CHARS, 'button', 'text');
    const id = textAt(message, TITLE_MAX_CHARS, 'button', 'payload');
    if (title === null && id === null) return null;
    return {
      kind: 'choice',
      by: 'template button',
      id: id ?? (title as string),
      title: title ?? (id as string),
      description: null,
    };
  },
  interactive,
  reaction: (message) => {
    const to = nameAt(message, 'reaction', 'message_id');
    return to === null ? null : { kind: 'reaction', to, emoji: textAt(message, 64, 'reaction', 'emoji') };
  },
  order,
  system: (message) => ({
    kind: 'system',
    type: nameAt(message, 'system', 'type') ?? '',
    body: textAt(message, TITLE_MAX_CHARS, 'system', 'body') ?? '',
    new_wa_id: nameAt(message, 'system', 'wa_id') ?? nameAt(message, 'system', 'new_wa_id'),
  }),
  request_welcome: () => ({ kind: 'system', type: 'request_welcome', body: '', new_wa_id: null }),
  edit: (message) => {
    const of = nameAt(message, 'edit', 'original_message_id');
    if (of === null) return null;
    const now = at(message, 'edit', 'message');
    const content = isFields(now) ? readContent(now) : null;
    if (content?.kind === 'text') return { kind: 'edited', of, body: content.body };
    if (content?.kind === 'media') return { kind: 'edited', of, body: content.caption ?? '' };
    return null;
  },
  revoke: (message) => {
    const of = nameAt(message, 'revoke', 'original_message_id');
    return of === null ? null : { kind: 'revoked', of };
  },
  unsupported: (message) => ({ kind: 'unsupported', type: nameAt(message, 'unsupported', 'type') }),
};

function media(message: unknown, as: MediaKind, field: string = as): Content | null {
  const found = at(message, field);
  if (!isFields(found)) return null;
  const filename = textAt(found, FILENAME_MAX_CHARS, 'filename');
  const described: Media = {
    id: nameAt(found, 'id'),
    content_type: nameAt(found, 'mime_type') ?? '',
    sha256: nameAt(found, 'sha256'),
    filename: filename === null ? null : oneLine(withoutDirections(filename)),
  };
  return { kind: 'media', as, media: described, caption: textAt(found, TEXT_MAX_CHARS, 'caption') };
}

function location(message: unknown): Content | null {
  const latitude = numberAt(message, 'location', 'latitude');
  const longitude = numberAt(message, 'location', 'longitude');
  if (latitude === null || longitude === null) return null;
  if (Math.abs(latitude) > 90 || Math.abs(longitude) > 180) return null;
  return {
    kind: 'location',
    latitude,
    longitude,
    name: textAt(message, TITLE_MAX_CHARS, 'location', 'name'),
    address: textAt(message, TITLE_MAX_CHARS, 'location', 'address'),
  };
}

function sharedContact(contact: unknown): SharedContact {
  const given = ['first_name', 'middle_name', 'last_name']
    .map((part) => textAt(contact, TITLE_MAX_CHARS, 'name', part))
    .filter((part) => part !== null);
  const name = textAt(contact, TITLE_MAX_CHARS, 'name', 'formatted_name') ?? given.join(' ');
  const some = (list: string, field: string, or: string) =>
    listAt(contact, list)
      .slice(0, NUMBERS_MAX)
      .flatMap((one) => textAt(one, 320, field) ?? textAt(one, 320, or) ?? []);
  return {
    name: oneLine(withoutDirections(name)),
    phones: some('phones', 'phone', 'wa_id'),
    emails: some('emails', 'email', 'address'),
  };
}

function interactive(message: unknown): Content | null {
  const reply = at(message, 'interactive');
  const type = nameAt(reply, 'type');
  if (type === 'button_reply' || type === 'list_reply') {
    const id = textAt(reply, TITLE_MAX_CHARS, type, 'id');
    const title = textAt(reply, TITLE_MAX_CHARS, type, 'title');
    if (id === null && title === null) return null;
    return {
      kind: 'choice',
      by: type === 'list_reply' ? 'list' : 'reply button',
      id: id ?? (title as string),
      title: title ?? (id as string),
      description: textAt(reply, TITLE_MAX_CHARS, type, 'description'),
    };
  }
  if (type === 'nfm_reply') {
    return {
      kind: 'form',
      name: nameAt(reply, 'nfm_reply', 'name') ?? '',
      body: textAt(reply, TITLE_MAX_CHARS, 'nfm_reply', 'body') ?? '',
      answer: textAt(reply, TEXT_MAX_CHARS, 'nfm_reply', 'response_json') ?? '',
    };
  }
  return null;
}

function order(message: unknown): Content | null {
  const found = at(message, 'order');
  if (!isFields(found)) return null;
  return {
    kind: 'order',
    catalog_id: nameAt(found, 'catalog_id') ?? '',
    text: textAt(found, TEXT_MAX_CHARS, 'text'),
    items: listAt(found, 'product_items')
      .slice(0, ITEMS_MAX)
      .map((item) => ({
        id: nameAt(item, 'product_retailer_id') ?? '',
        quantity: numberAt(item, 'quantity'),
        price: numberAt(item, 'item_price'),
        currency: nameAt(item, 'currency') ?? '',
      })),
  };
}
