import { domainPart, type PolicyRow, type RuleRow } from '@roost/protocol';
import type { ForesightContext } from '../../commands/index.ts';
import type { Tx } from '../../store/database.ts';
import { type ReadyRule, ready } from './decide.ts';

/** All rules and policies of an organisation, ready to be asked. */
export interface RuleBook {
  readonly policies: ReadonlyMap<string, PolicyRow>;
  readonly ofDomain: ReadonlyMap<string, readonly ReadyRule[]>;
  readonly ofInbox: ReadonlyMap<string, readonly ReadyRule[]>;
}

/** Read once for many mails; whoever changes a rule or a policy says `forgetRules`. */
export function ruleBook(context: ForesightContext): Promise<RuleBook> {
  return context.once(keyOf(context.org), () => readRuleBook(context.tx, context.org));
}

export function forgetRules(context: { readonly org: string; forget(key: string): void }): void {
  context.forget(keyOf(context.org));
}

/** The policy of a domain; one that takes everything where nobody has written any. */
export function policyOf({ policies }: RuleBook, domain: string): PolicyRow {
  return policies.get(domain) ?? openPolicy(domain);
}

export function openPolicy(domain: string): PolicyRow {
  return {
    id: domain,
    version: 0,
    mode: 'OPEN',
    default_action: 'INBOX',
    attachment_types: null,
    max_bytes: null,
    quarantine_days: null,
  };
}

/** The domains of these recipients, each once. */
export function domainsOf(recipients: readonly string[]): string[] {
  return [...new Set(recipients.map(domainPart))];
}

async function readRuleBook(tx: Tx, org: string): Promise<RuleBook> {
  const policies = await policiesOf(tx, org);
  const rules = await rulesOf(tx, org);
  return {
    policies,
    ofDomain: grouped(rules, ({ domain }) => domain),
    ofInbox: grouped(rules, ({ inbox_id }) => inbox_id),
  };
}

/** By their domains. */
export async function policiesOf(tx: Tx, org: string): Promise<Map<string, PolicyRow>> {
  const found = await tx.all<{ row: string }>('select "row" from policy where org = ?', org);
  return new Map(found.map(({ row }) => JSON.parse(row) as PolicyRow).map((row) => [row.id, row]));
}

export async function rulesOf(tx: Tx, org: string): Promise<RuleRow[]> {
  const found = await tx.all<{ row: string }>('select "row" from rule where org = ? order by id', org);
  return found.map(({ row }) => JSON.parse(row));
}

function grouped(
  rules: readonly RuleRow[],
  keyOf: (rule: RuleRow) => string | null,
): Map<string, ReadyRule[]> {
  const groups = new Map<string, RuleRow[]>();
  for (const rule of rules) {
    const key = keyOf(rule);
    if (key !== null) groups.set(key, [...(groups.get(key) ?? []), rule]);
  }
  return new Map([...groups].map(([key, of]) => [key, ready(of)]));
}

function keyOf(org: string): string {
  return `rules:${org}`;
}
