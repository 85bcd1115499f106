import { enhancedCodeIn } from '../../mail-refusal.ts';
import { wordsOfHtml } from '../mime/html-words.ts';
import type { Fate, MaybeReport } from './dsn.ts';

/** Who sends what no person wrote. */
const MACHINES =
  /mailer-?daemon|postmaster|mail-?delivery|mail delivery (sub)?system|maildelivery|mail administrator|mdaemon|bounce-?handler/i;
const FAILED_SUBJECTS =
  /undeliver|failure notice|returned mail|delivery (status notification|failure|failed|has failed|error)|mail delivery failed|delivery problem|non[- ]?remis|unzustellbar|nicht zugestellt|non recapitabile|no entregado/i;
const DELAYED =
  /\bdelay(ed)?\b|warning: (could not send|message)|still being retried|will (continue|keep) (to )?try|verzögert/i;
const FAILED_WORDS =
  /could not be delivered|couldn[’']t be delivered|wasn[’']t delivered|was not delivered|unable to deliver|permanent(ly)? (fatal )?(error|failure|failed)|delivery (to the following|has) (recipient|failed)|undeliverable|did not reach|had permanent fatal errors|i[’']m afraid i wasn[’']t able|returned to (its )?sender|konnte nicht zugestellt|n[’']a pas pu être remis/i;
/** Where the words of the report end and the mail it is about begins. */
const COPY_BEGINS =
  /^[ \t]*-{2,}[ \t]*(below this line is a copy|this is a copy of|original message|included is a copy|your original message|message header follows|returned message|the (header|body) of the (original )?message)|^[ \t]*original message headers:?[ \t]*$|^[ \t]*(message|your message) (headers? )?(follows|is attached)|^--- ?original message/im;
const ADDRESS = /[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+/;
const WORDS_MAX_CHARS = 16 * 1024;
/** Looked through for where the copy begins. */
const ALL_MAX_CHARS = 4 * WORDS_MAX_CHARS;
const SAID_MAX_CHARS = 600;
const RECIPIENTS_MAX = 10;

/**
 * Reads a report that has no part for machines: qmail, old Exim, gateways. Only from a machine, about a failure or a
 * delay, and with the mail it is about, or with a header that says whom it failed for.
 */
export function readByHand(mail: MaybeReport): Fate[] | null {
  if (isOtherReport(mail) || isAnswerByItself(mail)) return null;
  const failedFor = headerOf(mail, 'x-failed-recipients').match(new RegExp(ADDRESS, 'g')) ?? [];
  const isFromMachine = MACHINES.test(mail.from) || failedFor.length > 0 || isFromNobody(mail);
  if (!isFromMachine) return null;
  const words = wordsOf(mail);
  const isFailed = FAILED_SUBJECTS.test(mail.subject) || FAILED_WORDS.test(words) || failedFor.length > 0;
  const isDelayed = DELAYED.test(mail.subject) || (DELAYED.test(words) && !FAILED_WORDS.test(words));
  if (!isFailed && !isDelayed) return null;
  const kind = isDelayed ? 'delayed' : 'failed';
  const recipients = failedFor.length > 0 ? failedFor : recipientsIn(words, mail);
  const named = [...new Set(recipients.map((one) => one.toLowerCase()))].slice(0, RECIPIENTS_MAX);
  if (named.length === 0) return [{ kind, recipient: '', ...reasonIn(words, '') }];
  return named.map((recipient) => ({ kind, recipient, ...reasonIn(words, recipient) }));
}

/** Reports of reading and of abuse say so. */
function isOtherReport(mail: MaybeReport): boolean {
  const type = headerOf(mail, 'content-type').toLowerCase();
  return /report-type\s*=\s*"?(disposition-notification|feedback-report|tlsrpt)/.test(type);
}

/** Somebody is away, a list confirms: mail that answers by itself and returns nothing (RFC 3834). */
function isAnswerByItself(mail: MaybeReport): boolean {
  if (MACHINES.test(mail.from)) return false;
  return (
    (/auto-replied/i.test(headerOf(mail, 'auto-submitted')) && !FAILED_SUBJECTS.test(mail.subject)) ||
    /^(auto_?reply|list|bulk)/i.test(headerOf(mail, 'precedence'))
  );
}

function isFromNobody(mail: MaybeReport): boolean {
  return (
    headerOf(mail, 'return-path').trim() === '<>' &&
    /auto-generated|failure/i.test(headerOf(mail, 'auto-submitted'))
  );
}

function headerOf({ headers }: MaybeReport, name: string): string {
  return headers.find((one) => one.name.toLowerCase() === name)?.value ?? '';
}

function wordsOf({ text, html }: MaybeReport): string {
  const all = (text ?? wordsOfHtml(html ?? '', ALL_MAX_CHARS)).slice(0, ALL_MAX_CHARS);
  const copy = COPY_BEGINS.exec(all);
  return (copy ? all.slice(0, copy.index) : all).slice(0, WORDS_MAX_CHARS);
}

/** Addresses that begin a line, as every report of this kind puts them; else any that is not the report's own. */
function recipientsIn(words: string, mail: MaybeReport): string[] {
  const own = new Set(mail.from.toLowerCase().match(new RegExp(ADDRESS, 'g')) ?? []);
  const isOther = (address: string) => !own.has(address.toLowerCase());
  const leading = new RegExp(
    `^[ \\t]{0,40}(?:to:|recipient:|<|\\*)?[ \\t]{0,10}<?(?:mailto:)?(${ADDRESS.source})`,
    'gim',
  );
  const first = [...words.matchAll(leading)].map(([, address]) => address as string).filter(isOther);
  return first.length > 0 ? first : (words.match(new RegExp(ADDRESS, 'g')) ?? []).filter(isOther).slice(0, 1);
}

/** What stands after the address until an empty line; or, where that holds no code, the first line with one. */
function reasonIn(words: string, recipient: string): { said: string; code: string | null } {
  const at = recipient === '' ? -1 : words.toLowerCase().indexOf(recipient);
  const after = at === -1 ? '' : words.slice(at + recipient.length).replace(/^[>\s:;,.*-]+/, '');
  const paragraph = after.split(/\r?\n[ \t]*\r?\n/)[0]?.trim() ?? '';
  const coded = hasCode(paragraph) ? undefined : words.split(/\r?\n/).find(hasCode);
  const said = (coded ?? paragraph).replace(/\s+/g, ' ').trim().slice(0, SAID_MAX_CHARS);
  return { said, code: enhancedCodeIn(said) };
}

function hasCode(text: string): boolean {
  return enhancedCodeIn(text) !== null || /(?:^|[\s:])[45]\d\d[ :-]/.test(text);
}
