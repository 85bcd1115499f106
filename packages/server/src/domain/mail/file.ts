import type { InboxRow, MailState } from '@roost/protocol';
import type { CommandContext } from '../../commands/index.ts';
import type { MailboxBook } from '../mailboxes/mailbox.ts';
import type { ArrivalRead } from '../messages/arrival.ts';
import { authorOf } from '../messages/author.ts';
import { judge, type Verdict } from '../rules/decide.ts';
import { FACT_TEXT_MAX_CHARS, type MailFacts } from '../rules/facts.ts';
import { domainsOf, policyOf, type RuleBook } from '../rules/store.ts';

const ADDRESS = /[^\s<>,;:"()]+@[^\s<>,;:"()]+/g;
const ADDRESSES_MAX = 200;
/** From what keeps least to what lets in. */
const PERMISSIVE = ['DROP', 'QUARANTINE', 'INBOX'] as const;

export type Filed = ReturnType<typeof judge>;
/** Of a mail, what rules look at. */
export type Filable = Pick<ArrivalRead, 'from' | 'subject' | 'size_bytes'> & {
  readonly content: Pick<ArrivalRead['content'], 'headers' | 'text' | 'attachments'>;
};

/**
 * What becomes of a mail for these recipients in one inbox. Where they belong to several domains, the one that takes
 * most decides: they share one message.
 */
export function fileMail(
  rules: RuleBook,
  inbox: Pick<InboxRow, 'id'>,
  arrival: Filable,
  to: readonly string[],
): Filed {
  const facts = factsOf(arrival, to);
  const filters = rules.ofInbox.get(inbox.id) ?? [];
  const verdicts = domainsOf(to).map((domain) =>
    judge(policyOf(rules, domain), rules.ofDomain.get(domain) ?? [], filters, facts),
  );
  return verdicts.reduce((best, next) =>
    PERMISSIVE.indexOf(next.decision) > PERMISSIVE.indexOf(best.decision) ? next : best,
  );
}

/** Where a mail that is kept lies from now on. */
export async function placeOf(book: MailboxBook, inbox: InboxRow, filed: Filed): Promise<MailState> {
  return {
    mailbox_id: filed.decision === 'QUARANTINE' ? null : await mailboxFor(book, inbox, filed),
    seen: filed.seen,
    flagged: filed.flagged,
    answered: false,
    forwarded: false,
    draft: false,
    labels: [...filed.labels].sort(),
    decision: filed.decision === 'QUARANTINE' ? 'QUARANTINE' : 'INBOX',
    decided_by: filed.decided_by,
    restore_to: null,
  };
}

/** A mailbox that a rule names and somebody has deleted since is no reason to lose a mail. */
async function mailboxFor(book: MailboxBook, inbox: InboxRow, { mailbox_id }: Verdict): Promise<string> {
  if (mailbox_id !== null) {
    const named = await book.get(mailbox_id).catch(() => null);
    if (named?.inbox_id === inbox.id) return named.id;
  }
  return (await book.special(inbox.id, 'inbox')).id;
}

/** Of mail that is dropped nothing is kept but that it was, and why. */
export async function recordDrop(
  context: CommandContext,
  inbox: InboxRow,
  arrival: ArrivalRead,
  to: readonly string[],
  filed: Filed,
): Promise<void> {
  const { tx, org, now } = context;
  await tx.insertMany(
    'dropped',
    ['org', 'id', 'at', 'inbox_id', 'sender', 'recipients', 'subject', 'size_bytes', 'decided_by'],
    [
      [
        org,
        context.newId(),
        now,
        inbox.id,
        arrival.from,
        to.join(' '),
        arrival.subject,
        arrival.size_bytes,
        JSON.stringify(filed.decided_by),
      ],
    ],
  );
}

/** What rules are asked about, of a mail that comes or came. */
export function factsOf(arrival: Filable, to: readonly string[]): MailFacts {
  const { headers, text, attachments } = arrival.content;
  const said = (...names: readonly string[]) =>
    headers.filter(({ name }) => names.includes(name.toLowerCase())).map(({ value }) => value);
  const from = authorOf(arrival.from).address;
  const listId = /<([^<>]+)>/.exec(said('list-id')[0] ?? '')?.[1] ?? said('list-id')[0]?.trim() ?? null;
  return {
    envelope_from: (said('return-path')[0] ?? from).replace(/[<>]/g, '').trim().toLowerCase(),
    envelope_to: to,
    from,
    to: said('to', 'cc')
      .flatMap((value) => value.match(ADDRESS) ?? [])
      .slice(0, ADDRESSES_MAX)
      .map((address) => address.toLowerCase()),
    subject: arrival.subject,
    text: (text ?? '').slice(0, FACT_TEXT_MAX_CHARS),
    list_id: listId === null || listId === '' ? null : listId.toLowerCase(),
    size_bytes: arrival.size_bytes,
    attachment_types: attachments.map(({ content_type }) => content_type.toLowerCase()),
  };
}
