import { Failure } from '@roost/protocol';
import { oneLine, withoutDirections } from '../mime/text.ts';
import { readContent } from './content.ts';
import type { Happening, MessageHappening, Place, Referral, StatusHappening, Trouble } from './happening.ts';
import { at, isFields, listAt, nameAt, numberAt, rawOf, textAt, timeAt } from './json.ts';

/** The platform puts at most 1,000 updates into one call. */
const HAPPENINGS_MAX = 5_000;
const NAME_MAX_CHARS = 200;
const TITLE_MAX_CHARS = 1_000;
const ERRORS_MAX = 10;

/**
 * Everything a webhook tells, in its order, over every entry and change; of any version of the API. What is not
 * understood becomes `unknown`, or a message of unknown content.
 *
 * @param body  the JSON, read
 * @throws request.malformed  it is no object
 * @throws request.too_big  it tells more than {@link HAPPENINGS_MAX} things, of which none may then be acknowledged
 */
export function readPayload(body: unknown): Happening[] {
  if (!isFields(body)) throw new Failure('request.malformed', 'A webhook is a JSON object.');
  const collected = new Collected();
  const entries = at(body, 'entry');
  if (!Array.isArray(entries)) {
    collected.add({ ...NOWHERE, what: 'unknown', says: 'It has no list of entries.', raw: rawOf(body) });
    return collected.all;
  }
  for (const entry of entries) readEntry(entry, collected);
  return collected.all;
}

const NOWHERE: Place = { account_id: null, phone_number_id: null, display_phone: null };

class Collected {
  readonly all: Happening[] = [];

  add(happening: Happening): void {
    if (this.all.length >= HAPPENINGS_MAX) {
      throw new Failure('request.too_big', `A webhook tells at most ${HAPPENINGS_MAX} things.`);
    }
    this.all.push(happening);
  }
}

function readEntry(entry: unknown, collected: Collected): void {
  const account_id = nameAt(entry, 'id');
  const changes = at(entry, 'changes');
  if (!Array.isArray(changes)) {
    const place = { ...NOWHERE, account_id };
    collected.add({ ...place, what: 'unknown', says: 'An entry has no list of changes.', raw: rawOf(entry) });
    return;
  }
  for (const change of changes) readChange(change, account_id, collected);
}

function readChange(change: unknown, account_id: string | null, collected: Collected): void {
  const value = at(change, 'value');
  const field = nameAt(change, 'field') ?? '';
  const place: Place = {
    account_id,
    phone_number_id: nameAt(value, 'metadata', 'phone_number_id'),
    display_phone: nameAt(value, 'metadata', 'display_phone_number'),
  };
  const before = collected.all.length;
  if (isFields(value)) {
    if (field === 'messages' || place.phone_number_id !== null) readValue(value, place, collected);
    else if (isTemplateField(field)) collected.add(readTemplate(value, place));
    else if (field !== '') collected.add({ ...place, what: 'notice', field, raw: rawOf(value) });
  }
  if (collected.all.length > before) return;
  const says =
    field === '' ? 'A change says not what it is about.' : `A change of “${field}” tells nothing we know.`;
  collected.add({ ...place, what: 'unknown', says, raw: rawOf(change) });
}

/** Messages, statuses and errors, each in its list. */
function readValue(value: unknown, place: Place, collected: Collected): void {
  const people = peopleOf(value);
  for (const name of ['messages', 'statuses', 'errors']) {
    const found = at(value, name);
    if (found === undefined || found === null || Array.isArray(found)) continue;
    collected.add({ ...place, what: 'unknown', says: `“${name}” is no list.`, raw: rawOf(found) });
  }
  for (const message of listAt(value, 'messages')) collected.add(readMessage(message, place, people));
  for (const status of listAt(value, 'statuses')) collected.add(readStatus(status, place));
  for (const error of listAt(value, 'errors'))
    collected.add({ ...place, what: 'error', error: readTrouble(error) });
}

interface Person {
  readonly name: string;
  readonly username: string | null;
  readonly user_id: string | null;
  readonly wa_id: string | null;
}

/** Whom the value names, by phone and by user id. */
function peopleOf(value: unknown): readonly Person[] {
  return listAt(value, 'contacts').map((contact) => ({
    name: oneLine(withoutDirections(textAt(contact, NAME_MAX_CHARS, 'profile', 'name') ?? '')),
    username: nameAt(contact, 'profile', 'username'),
    user_id: nameAt(contact, 'user_id'),
    wa_id: phoneDigits(nameAt(contact, 'wa_id')),
  }));
}

function readMessage(message: unknown, place: Place, people: readonly Person[]): Happening {
  const id = nameAt(message, 'id');
  const from = phoneDigits(nameAt(message, 'from'));
  const user_id = nameAt(message, 'from_user_id') ?? userIdIn(nameAt(message, 'from'));
  // Somebody alone in the list is the sender, where the message itself does not say who that is.
  const alone = people.length === 1 ? people[0] : undefined;
  const person =
    people.find((one) => from !== null && one.wa_id === from) ??
    people.find((one) => user_id !== null && one.user_id === user_id) ??
    (from === null && user_id === null ? alone : undefined);
  const sender = { from: from ?? person?.wa_id ?? null, user_id: user_id ?? person?.user_id ?? null };
  if (id === null || (sender.from === null && sender.user_id === null)) {
    const says = id === null ? 'A message has no id.' : 'A message says not who sent it.';
    return { ...place, what: 'unknown', says, raw: rawOf(message) };
  }
  const happening: MessageHappening = {
    ...place,
    what: 'message',
    id,
    ...sender,
    name: person?.name ?? '',
    username: person?.username ?? null,
    at: timeAt(message, 'timestamp'),
    group_id: nameAt(message, 'group_id'),
    reply_to: nameAt(message, 'context', 'id'),
    forwarded:
      at(message, 'context', 'forwarded') === true || at(message, 'context', 'frequently_forwarded') === true,
    content: readContent(message),
    referral: readReferral(at(message, 'referral')),
    errors: readTroubles(message),
  };
  return happening;
}

/** A phone number as digits; null for what is none. */
function phoneDigits(written: string | null): string | null {
  const digits = written?.replace(/[\s()+.-]/g, '') ?? '';
  return /^\d{5,20}$/.test(digits) ? digits : null;
}

/** A country, a full stop, an id that means this person to one business alone. */
function userIdIn(written: string | null): string | null {
  return written !== null && /^[A-Z]{2}(?:\.ENT)?\.[A-Za-z0-9]{1,128}$/.test(written) ? written : null;
}

function readReferral(referral: unknown): Referral | null {
  if (!isFields(referral)) return null;
  return {
    source_url: textAt(referral, TITLE_MAX_CHARS, 'source_url'),
    source_type: nameAt(referral, 'source_type'),
    headline: textAt(referral, TITLE_MAX_CHARS, 'headline'),
    body: textAt(referral, TITLE_MAX_CHARS, 'body'),
  };
}

/** As the platform calls them, and how far a message then is. A voice message that was heard was read. */
const STATUSES: Readonly<Record<string, StatusHappening['status']>> = {
  sent: 'sent',
  delivered: 'delivered',
  read: 'read',
  played: 'read',
  failed: 'failed',
};

function readStatus(status: unknown, place: Place): Happening {
  const id = nameAt(status, 'id');
  const written = nameAt(status, 'status') ?? '';
  const known = Object.hasOwn(STATUSES, written) ? STATUSES[written] : undefined;
  if (id === null || known === undefined) {
    const says =
      id === null ? 'A status says not of which message.' : `A status, “${written}”, is not known.`;
    return { ...place, what: 'unknown', says, raw: rawOf(status) };
  }
  return {
    ...place,
    what: 'status',
    id,
    status: known,
    at: timeAt(status, 'timestamp'),
    recipient: nameAt(status, 'recipient_id') ?? nameAt(status, 'recipient_user_id'),
    errors: readTroubles(status),
    our_id: nameAt(status, 'biz_opaque_callback_data'),
  };
}

function readTroubles(of: unknown): Trouble[] {
  return listAt(of, 'errors').slice(0, ERRORS_MAX).map(readTrouble);
}

/** An error object, as the API and the webhook both tell it. */
export function readTrouble(error: unknown): Trouble {
  return {
    code: numberAt(error, 'code'),
    title: textAt(error, TITLE_MAX_CHARS, 'title') ?? textAt(error, TITLE_MAX_CHARS, 'message') ?? '',
    details:
      textAt(error, TITLE_MAX_CHARS, 'error_data', 'details') ??
      textAt(error, TITLE_MAX_CHARS, 'details') ??
      '',
  };
}

function isTemplateField(field: string): boolean {
  return field.startsWith('message_template_') || field === 'template_category_update';
}

function readTemplate(value: unknown, place: Place): Happening {
  return {
    ...place,
    what: 'template',
    id: nameAt(value, 'message_template_id'),
    name: nameAt(value, 'message_template_name'),
    language: nameAt(value, 'message_template_language'),
    status: nameAt(value, 'event')?.toUpperCase() ?? null,
    reason: textAt(value, TITLE_MAX_CHARS, 'reason'),
  };
}
