import type { DecidedBy, Decision, PolicyRow, RuleRow } from '@roost/protocol';
import { type Found, type Test, testOf } from './condition.ts';
import type { MailFacts } from './facts.ts';

/** A rule made ready to be asked. */
export interface ReadyRule {
  readonly row: RuleRow;
  readonly tests: readonly Test[];
}

/** What the rules want done with one mail. */
export interface Verdict {
  /** Null where no rule decided. */
  readonly decision: Decision | null;
  readonly decided_by: DecidedBy | null;
  readonly mailbox_id: string | null;
  readonly seen: boolean;
  readonly flagged: boolean;
  readonly labels: readonly string[];
  /** Rules that matched, in the order in which they were asked. */
  readonly hits: readonly string[];
}

const NOTHING: Verdict = {
  decision: null,
  decided_by: null,
  mailbox_id: null,
  seen: false,
  flagged: false,
  labels: [],
  hits: [],
};

/** Those that are switched on, in the order in which they are asked. @throws rule.invalid */
export function ready(rows: readonly RuleRow[]): ReadyRule[] {
  return rows
    .filter(({ enabled }) => enabled)
    .sort((a, b) => a.position - b.position || (a.id < b.id ? -1 : 1))
    .map((row) => ({ row, tests: row.conditions.map(testOf) }));
}

/** Asks every rule in turn: the first that decides, decides; other actions add up, until one says stop. */
export function runRules(rules: readonly ReadyRule[], facts: MailFacts): Verdict {
  let verdict = NOTHING;
  for (const rule of rules) {
    const found = matchOf(rule, facts);
    if (!found) continue;
    verdict = applied(verdict, rule.row, found === 'every mail' ? null : found);
    if (rule.row.actions.some(({ type }) => type === 'stop')) break;
  }
  return verdict;
}

/** The first thing a rule found, if it matches. */
export function matchOf({ row, tests }: ReadyRule, facts: MailFacts): Found | 'every mail' | null {
  if (tests.length === 0) return 'every mail';
  let first: Found | null = null;
  for (const test of tests) {
    const found = test(facts);
    if (found && row.match === 'any') return found;
    if (!found && row.match === 'all') return null;
    first ??= found;
  }
  return row.match === 'all' ? first : null;
}

function applied(verdict: Verdict, rule: RuleRow, found: Found | null): Verdict {
  let next: Verdict = { ...verdict, hits: [...verdict.hits, rule.id] };
  for (const action of rule.actions) {
    switch (action.type) {
      case 'decide':
        if (next.decision !== null) break;
        next = {
          ...next,
          decision: action.decision,
          decided_by: {
            rule_id: rule.id,
            says: rule.name,
            field: found?.field ?? null,
            value: found?.value ?? null,
          },
        };
        break;
      case 'mailbox':
        next = { ...next, mailbox_id: next.mailbox_id ?? action.mailbox_id };
        break;
      case 'seen':
        next = { ...next, seen: true };
        break;
      case 'flag':
        next = { ...next, flagged: true };
        break;
      case 'label':
        next = { ...next, labels: [...new Set([...next.labels, action.label])] };
        break;
      case 'stop':
        break;
    }
  }
  return next;
}

/** What becomes of a mail: the domain's policy first, then the filters of the inbox where the policy lets it in. */
export function judge(
  policy: PolicyRow,
  policyRules: readonly ReadyRule[],
  filters: readonly ReadyRule[],
  facts: MailFacts,
): Verdict & { readonly decision: Decision } {
  if (policy.mode === 'PAUSED') {
    // Paused takes nothing in, whatever the rules say: what is not kept for admins is not kept at all.
    const decision = policy.default_action === 'QUARANTINE' ? 'QUARANTINE' : 'DROP';
    return { ...NOTHING, decision, decided_by: byPolicy('The domain is paused.') };
  }
  const byRules = runRules(policyRules, facts);
  const forbidden = forbiddenType(policy, facts);
  const decided = byRules.decision
    ? { decision: byRules.decision, decided_by: byRules.decided_by }
    : byDefault(policy);
  // A forbidden attachment keeps a mail from people; it does not bring back what a rule dropped.
  const policed =
    forbidden !== null && decided.decision === 'INBOX'
      ? { decision: 'QUARANTINE' as const, decided_by: forbidden }
      : decided;
  if (policed.decision !== 'INBOX') return { ...byRules, ...policed };
  const filtered = runRules(filters, facts);
  const decision = filtered.decision ?? policed.decision;
  // People read the hits of their inbox's filters, and are not to learn from them of mail that is kept from them.
  const filterHits = decision === 'QUARANTINE' ? [] : filtered.hits;
  return {
    decision,
    decided_by: filtered.decided_by ?? policed.decided_by,
    mailbox_id: filtered.mailbox_id ?? byRules.mailbox_id,
    seen: filtered.seen || byRules.seen,
    flagged: filtered.flagged || byRules.flagged,
    labels: [...new Set([...byRules.labels, ...filtered.labels])],
    hits: [...byRules.hits, ...filterHits],
  };
}

function byDefault(policy: PolicyRow): Pick<Verdict, 'decided_by'> & { decision: Decision } {
  if (policy.mode === 'RESTRICTED')
    return { decision: 'QUARANTINE', decided_by: byPolicy('No rule of the domain lets this in.') };
  if (policy.default_action === 'INBOX') return { decision: 'INBOX', decided_by: null };
  return { decision: policy.default_action, decided_by: byPolicy('The domain’s default action.') };
}

function forbiddenType({ attachment_types }: PolicyRow, facts: MailFacts): DecidedBy | null {
  if (attachment_types === null) return null;
  const isAllowed = (type: string) =>
    attachment_types.some((allowed) =>
      allowed.endsWith('/*') ? type.startsWith(allowed.slice(0, -1)) : type === allowed,
    );
  const value = facts.attachment_types.find((type) => !isAllowed(type.toLowerCase()));
  if (value === undefined) return null;
  return {
    rule_id: null,
    says: 'An attachment of this type is not allowed.',
    field: 'attachment_type',
    value,
  };
}

function byPolicy(says: string): DecidedBy {
  return { rule_id: null, says, field: null, value: null };
}
