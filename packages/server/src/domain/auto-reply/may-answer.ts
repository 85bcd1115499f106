import type { AutoReplyRow } from '@roost/protocol';

const DAY_MS = 24 * 3_600_000;

/** What of a mail, and of how it came, says whether it may be answered. Addresses are in normal form. */
export interface AnswerFacts {
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  /** `MAIL FROM`: '' for the null return path; null where no envelope is known. */
  readonly envelope_from: string | null;
  /** Whom the header `From` names. */
  readonly from: string;
  readonly subject: string;
  /** Recipients of the envelope that belong to this inbox. */
  readonly recipients: readonly string[];
  /** The inbox's address. */
  readonly own: string;
  /** Whoever wrote it, or wants the answer, is an inbox of the organisation. */
  readonly isFromOurselves: boolean;
  /** It was quarantined or dropped. */
  readonly isKeptBack: boolean;
  /** It tells of a mail of ours. */
  readonly isReport: boolean;
}

/** When whoever would get the answer last got one, ms since 1970; null for never. */
export type AnswerHistory = { readonly last_at: number | null };

export type Answerable =
  /** To whom: the return path (RFC 3834, 4), else who wrote it. */
  { readonly may: true; readonly to: string } | { readonly may: false; readonly why: string };

/**
 * Whether an inbox answers a mail by itself (RFC 3834; RFC 5230, 4.6). In doubt it does not: an answer too few is a
 * person who waits, one too many is a loop, or a stranger who is troubled by what somebody else forged.
 */
export function mayAnswer(
  facts: AnswerFacts,
  settings: AutoReplyRow,
  history: AnswerHistory,
  now: number,
): Answerable {
  const why = reasons.find(([holds]) => holds(facts, settings, history, now))?.[1];
  if (why !== undefined) return { may: false, why };
  return { may: true, to: returnPathOf(facts) ?? facts.from };
}

/** Everybody who would be answered with it: the return path, and who wrote it where that is somebody else. */
export function sendersOf(facts: Pick<AnswerFacts, 'headers' | 'envelope_from' | 'from'>): string[] {
  return [...new Set([returnPathOf(facts), facts.from])].filter((one): one is string => !!one);
}

type Reason = readonly [
  holds: (facts: AnswerFacts, settings: AutoReplyRow, history: AnswerHistory, now: number) => boolean,
  why: string,
];

const reasons: readonly Reason[] = [
  [(_, settings, __, now) => !isOn(settings, now), 'no answer is switched on now'],
  [({ isKeptBack }) => isKeptBack, 'the mail is kept back'],
  [({ own, recipients }) => !isOnlyFor(own, recipients), 'it did not come to the inbox’s own address'],
  [(facts) => returnPathOf(facts) === '', 'it has a null return path: nobody wants an answer'],
  [({ isReport, ...facts }) => isReport || tellsOfMail(facts), 'it is a report about a mail'],
  [({ headers }) => headers.some(isOfList), 'it came by a list, or to many'],
  [({ headers }) => headers.some(isAutomatic), 'a program wrote it'],
  [({ subject }) => AUTOMATIC_SUBJECT.test(subject), 'its subject is that of an automatic answer'],
  [({ isFromOurselves }) => isFromOurselves, 'it is from an inbox of our own'],
  [(facts) => sendersOf(facts).some((one) => one === facts.own), 'it is from the inbox itself'],
  [
    (facts) => ![...sendersOf(facts), facts.from].every(isSomebody),
    'whoever sent it is nobody who reads answers',
  ],
  [({ headers }) => repliesOf(headers).some(wantsNoReply), 'answers to it go to nobody'],
  [({ headers, own }) => !isNamed(headers, own), 'it does not name the inbox as a recipient'],
  [(_, settings, { last_at }, now) => isSoon(settings, last_at, now), 'whoever sent it was answered lately'],
];

function isOn({ enabled, text, starts_at, ends_at }: AutoReplyRow, now: number): boolean {
  if (!enabled || text.trim() === '') return false;
  if (starts_at !== null && now < Date.parse(starts_at)) return false;
  return ends_at === null || now < Date.parse(ends_at);
}

/** A clock that stepped back is no reason to answer again. */
function isSoon({ every_days }: AutoReplyRow, lastAt: number | null, now: number): boolean {
  return lastAt !== null && now - lastAt < every_days * DAY_MS;
}

function isOnlyFor(own: string, recipients: readonly string[]): boolean {
  return own.includes('@') && recipients.length === 1 && recipients[0] === own;
}

/** Where there is no envelope any more, whoever took the mail has written it down as a header (RFC 5321, 4.4). */
function returnPathOf({
  envelope_from,
  headers,
}: Pick<AnswerFacts, 'headers' | 'envelope_from'>): string | null {
  if (envelope_from !== null) return envelope_from;
  const written = headers.find(({ name }) => name.toLowerCase() === 'return-path')?.value;
  if (written === undefined) return null;
  return (/<([^<>]*)>/.exec(written)?.[1] ?? written).trim().toLowerCase();
}

function tellsOfMail({ headers }: Pick<AnswerFacts, 'headers'>): boolean {
  return headers.some(({ name, value }) => {
    const key = name.toLowerCase();
    if (key === 'x-failed-recipients') return true;
    return (
      key === 'content-type' &&
      /^\s*(multipart\/report|message\/(global-)?(delivery-status|disposition-notification|feedback-report))/i.test(
        value,
      )
    );
  });
}

const LIST_HEADERS: ReadonlySet<string> = new Set([
  'mailing-list',
  'x-mailing-list',
  'x-list',
  'x-beenthere',
  'x-mailman-version',
  'x-listserver',
  'x-campaign-id',
]);

function isOfList({ name, value }: { name: string; value: string }): boolean {
  const key = name.toLowerCase();
  if (key.startsWith('list-') || LIST_HEADERS.has(key)) return true;
  return key === 'precedence' && /^\s*(bulk|list|junk|auto[-_ ]?reply)\b/i.test(value);
}

const AUTOMATIC_HEADERS: ReadonlySet<string> = new Set([
  'x-autoreply',
  'x-auto-reply',
  'x-autoreply-from',
  'x-autorespond',
  'x-autoresponder',
  'x-autogenerated',
  'x-auto-generated',
  'x-mail-autoreply',
  'x-fc-machinegenerated',
  'x-cron-env',
  'x-loop',
]);

function isAutomatic({ name, value }: { name: string; value: string }): boolean {
  const key = name.toLowerCase();
  if (AUTOMATIC_HEADERS.has(key)) return true;
  switch (key) {
    // Whatever else stands there, also what nobody has heard of yet (RFC 3834, 5.2).
    case 'auto-submitted':
      return withoutComments(value).split(';')[0]?.trim().toLowerCase() !== 'no';
    case 'x-auto-response-suppress':
      return /\b(all|autoreply|oof)\b/i.test(value);
    // Who forged it is not who would be answered.
    case 'x-spam-flag':
      return /^\s*yes\b/i.test(value);
    default:
      return false;
  }
}

function withoutComments(value: string): string {
  return value.replace(/\([^()]*\)/g, '');
}

/** For what lost its headers on the way. Ours is the first. */
const AUTOMATIC_SUBJECT =
  /^\s*(auto\s*:|auto(matic|mated)?[ -]?(reply|response|answer)\b|automatische (antwort|reaktion)|abwesenheits|out of (the )?office\b|(undelivered|undeliverable|returned) mail\b|(mail )?delivery (status|failure|failed)|réponse automatique|respuesta automática|risposta automatica)/iu;

/** Names that no person answers to: of programs that move mail, of lists, of who wants no answer (RFC 3834, 2; RFC 2142). */
const NOBODY =
  /^(mailer-?daemon|postmaster|listserv|majordomo|bounces?|daemon|root|nobody|system|owner-.*|.*-(request|owner|bounces?|bounce-.*)|bounces?[-+=_.].*|prvs=bounce.*)$/;
const NO_REPLY = /(^|[-_.+])(no|do-?_?not|dont|never)[-_.]?(reply|response|respond|answer)/;

function isSomebody(address: string): boolean {
  const at = address.lastIndexOf('@');
  if (at < 1 || at === address.length - 1 || /[\s<>,;]/.test(address)) return false;
  return !NOBODY.test(address.slice(0, at).toLowerCase()) && !wantsNoReply(address);
}

function wantsNoReply(address: string): boolean {
  return NO_REPLY.test(address.slice(0, Math.max(address.lastIndexOf('@'), 0)).toLowerCase());
}

const ADDRESS = /[^\s<>,;:"()]+@[^\s<>,;:"()]+/g;

function repliesOf(headers: AnswerFacts['headers']): string[] {
  return addressesIn(headers, ['reply-to']);
}

/** Who is among the recipients by a list or a blind copy was not written to (RFC 3834, 2). */
function isNamed(headers: AnswerFacts['headers'], own: string): boolean {
  return addressesIn(headers, ['to', 'cc', 'resent-to', 'resent-cc']).includes(own);
}

function addressesIn(headers: AnswerFacts['headers'], names: readonly string[]): string[] {
  return headers
    .filter(({ name }) => names.includes(name.toLowerCase()))
    .flatMap(({ value }) => value.match(ADDRESS) ?? [])
    .map((address) => address.toLowerCase());
}
