import { domainPart, type InboxRow, type MailboxRow, type MessageRow, type PolicyRow } from '@roost/protocol';
import type { Tx } from '../../store/database.ts';
import { inboxesOf } from '../inboxes/queries.ts';
import { policiesOf } from '../rules/store.ts';

const DAY_MS = 24 * 3_600_000;

/** Days that an organisation keeps mail where nothing nearer says otherwise; null for ever. */
export interface Retention {
  readonly mail_days: number | null;
  readonly quarantine_days: number | null;
}

/** Mail of which the oldest may be old. Everything in it received before `before` (ms since 1970) goes. */
export type PurgeScope =
  | { readonly kind: 'mailbox'; readonly id: string; readonly before: number }
  /** What lies in no mailbox of the inbox. */
  | { readonly kind: 'inbox'; readonly id: string; readonly before: number }
  /** Days by the domains that set their own; null for ever. */
  | {
      readonly kind: 'quarantine';
      readonly before: number;
      readonly days: number | null;
      readonly ofDomain: Readonly<Record<string, number>>;
    };

export async function retentionOf(tx: Tx, org: string): Promise<Retention> {
  const found = await tx.get<Retention>(
    'select mail_days, quarantine_days from retention where org = ?',
    org,
  );
  return { mail_days: found?.mail_days ?? null, quarantine_days: found?.quarantine_days ?? null };
}

/** Every place that mail does not stay in for ever: a mailbox's own days before its inbox's, before the organisation's. */
export async function purgeScopes(tx: Tx, org: string, now: number): Promise<PurgeScope[]> {
  const own = await retentionOf(tx, org);
  const inboxes = (await inboxesOf(tx, org)).filter(({ kind }) => kind === 'mail');
  const settings = await inboxAges(tx, org);
  const mailboxes = await tx.all<{ row: string }>('select "row" from mailbox where org = ?', org);
  const scopes: PurgeScope[] = [];
  const add = (kind: 'mailbox' | 'inbox', id: string, days: number | null) => {
    if (days !== null) scopes.push({ kind, id, before: now - days * DAY_MS });
  };
  for (const inbox of inboxes) add('inbox', inbox.id, daysOfInbox(inbox, settings, own));
  const known = new Map(inboxes.map((inbox) => [inbox.id, inbox]));
  for (const { row } of mailboxes) {
    const { id, inbox_id } = JSON.parse(row) as MailboxRow;
    const inbox = known.get(inbox_id);
    const days = settings.get(inbox_id)?.mailbox_retention_days[id];
    if (inbox) add('mailbox', id, days ?? daysOfInbox(inbox, settings, own));
  }
  const quarantine = quarantineScope([...(await policiesOf(tx, org)).values()], own, now);
  return quarantine === null ? scopes : [...scopes, quarantine];
}

interface InboxAges {
  readonly retention_days: number | null;
  readonly mailbox_retention_days: Readonly<Record<string, number>>;
}

function daysOfInbox(
  { id }: InboxRow,
  settings: ReadonlyMap<string, InboxAges>,
  own: Retention,
): number | null {
  return settings.get(id)?.retention_days ?? own.mail_days;
}

async function inboxAges(tx: Tx, org: string): Promise<Map<string, InboxAges>> {
  const found = await tx.all<{ row: string }>('select "row" from inbox_settings where org = ?', org);
  return new Map(found.map(({ row }) => JSON.parse(row)).map((row) => [row.id, row]));
}

function quarantineScope(policies: readonly PolicyRow[], own: Retention, now: number): PurgeScope | null {
  const ofDomain = Object.fromEntries(
    policies.flatMap(({ id, quarantine_days }) => (quarantine_days === null ? [] : [[id, quarantine_days]])),
  );
  const days = own.quarantine_days;
  const shortest = Math.min(...Object.values(ofDomain), days ?? Number.POSITIVE_INFINITY);
  if (shortest === Number.POSITIVE_INFINITY) return null;
  return { kind: 'quarantine', before: now - shortest * DAY_MS, days, ofDomain };
}

/** Whether a message of this place is to go. Mail for several domains stays as long as the one that keeps longest. */
export function isPast(scope: PurgeScope, row: MessageRow, now: number): boolean {
  const at = Date.parse(row.received_at);
  if (scope.kind !== 'quarantine') return at < scope.before;
  const days = row.to.map((address) => scope.ofDomain[domainPart(address)] ?? scope.days);
  if (days.length === 0) days.push(scope.days);
  return days.every((one) => one !== null && at < now - one * DAY_MS);
}
