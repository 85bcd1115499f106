import {
  type DecidedBy,
  type Decision,
  domainPart,
  Failure,
  type MessageRow,
  type RuleRow,
} from '@roost/protocol';
import { condition, ruleAction } from '@roost/protocol/schema';
import { z } from 'zod';
import { defineQuery, type QueryContext } from '../../commands/index.ts';
import { hiddenFrom, readAccess } from '../access/hidden.ts';
import { knownInbox } from '../inboxes/inbox.ts';
import { PAST_EVERY_ID } from '../views/page.ts';
import { testsOf } from './condition.ts';
import { judge, matchOf, ready } from './decide.ts';
import { factsOfStored } from './sample.ts';
import { openPolicy, policiesOf, rulesOf } from './store.ts';

/** Mails that one page asks the rules about. */
const PAGE_MAX_COUNT = 100;
/** Rows that one page goes through to find those of the inbox or domain. */
const LOOKED_AT_MAX_COUNT = 500;

const proposal = z.object({
  /** The rule it is to stand for; null for a new one. */
  rule_id: z.string().max(64).nullable().default(null),
  name: z.string().max(200).default('This rule'),
  position: z.int().min(0).max(1_000_000).default(100),
  match: z.enum(['all', 'any']).default('all'),
  conditions: z.array(condition).max(50).default([]),
  actions: z.array(ruleAction).min(1).max(20),
});

export const trial = z.object({
  rule: proposal.nullable().default(null),
  /** `next` of the page above. */
  cursor: z.string().max(64).nullable().default(null),
  limit: z.int().min(1).max(PAGE_MAX_COUNT).default(PAGE_MAX_COUNT),
});

export interface Tried {
  readonly message_id: string;
  readonly received_at: string;
  readonly from: string;
  readonly subject: string;
  /** What the proposed rule found in it; null where it matches every mail, or none was proposed. */
  readonly found: { readonly field: string; readonly value: string } | null;
  /** What became of it when it came. */
  readonly was: Decision;
  /** What would become of it now, all rules taken together. */
  readonly would: {
    readonly decision: Decision;
    readonly decided_by: DecidedBy | null;
    readonly mailbox_id: string | null;
    readonly seen: boolean;
    readonly flagged: boolean;
    readonly labels: readonly string[];
  };
}

export interface DryRun {
  /** Those that the proposed rule matches; without one, those that would lie elsewhere than where they came. */
  readonly rows: readonly Tried[];
  /** Mails that the rules were asked about. */
  readonly tried_count: number;
  /** Where the next page begins, further back; null when there is no more. */
  readonly next: string | null;
}

/**
 * Asks a proposed rule about stored mail of an inbox or a domain, newest first, put among the rules that are there. Nothing
 * is changed, and no hit is counted. Without a rule it asks those that are there. Mail in quarantine is tried for owners
 * and admins alone.
 *
 * @throws rule.invalid, inbox.unknown; access.forbidden  a domain, for others than owners and admins
 */
export const dryRunRules = defineQuery({
  name: 'rule.dry_run',
  input: trial.extend({
    inbox_id: z.string().max(200).nullable(),
    domain: z.string().trim().toLowerCase().max(253).nullable(),
  }),
  may: { roles: ['owner', 'admin', 'agent'], scope: 'write' },
  async run(context, { inbox_id, domain, rule, cursor, limit }): Promise<DryRun> {
    const isAdmin = await assertMayAsk(context, inbox_id, domain);
    const proposed = rule && proposedRow(rule, inbox_id, domain);
    if (proposed) testsOf(proposed.conditions);
    const asked = await rulesWith(context, proposed);
    const readyProposed = proposed && ready([proposed])[0];
    const ofDomain = once((home) => ready(asked.rules.filter(({ domain }) => domain === home)));
    const ofInbox = once((id) => ready(asked.rules.filter(({ inbox_id }) => inbox_id === id)));
    const { picked, next } = await pick(context, { inbox_id, domain, isAdmin, cursor, limit });
    const rows = picked.flatMap(({ row, content }): Tried[] => {
      const message = JSON.parse(row) as MessageRow;
      const facts = factsOfStored(row, content);
      const found = readyProposed ? matchOf(readyProposed, facts) : null;
      if (readyProposed && found === null) return [];
      const home = domain ?? domainPart(message.to[0] ?? '');
      const { hits: _, ...would } = judge(
        asked.policies.get(home) ?? openPolicy(home),
        ofDomain(home),
        ofInbox(message.inbox_id as string),
        facts,
      );
      const was = message.mail?.decision ?? 'INBOX';
      if (!readyProposed && would.decision === was) return [];
      const { id: message_id, received_at, from, subject } = message;
      return [
        { message_id, received_at, from, subject, found: found === 'every mail' ? null : found, was, would },
      ];
    });
    return { rows, tried_count: picked.length, next };
  },
});

/** Patterns are compiled once, however many mails they are asked about. */
function once<T>(make: (key: string) => T): (key: string) => T {
  const made = new Map<string, T>();
  return (key) => {
    const known = made.get(key) ?? make(key);
    made.set(key, known);
    return known;
  };
}

/** @returns whether quarantined mail is tried as well */
async function assertMayAsk(
  { tx, org, actor }: QueryContext,
  inboxId: string | null,
  domain: string | null,
): Promise<boolean> {
  if ((inboxId === null) === (domain === null))
    throw new Failure('rule.invalid', 'A rule belongs to an inbox or to a domain.');
  const isAdmin = actor.kind === 'system' || (await readAccess(tx, org, actor.user_id)).admin;
  if (domain !== null && !isAdmin)
    throw new Failure('access.forbidden', 'Only owners and admins decide what a domain takes.');
  if (inboxId === null) return isAdmin;
  await knownInbox(tx, org, inboxId);
  if ((await hiddenFrom(tx, org, actor)).includes(inboxId)) throw new Failure('inbox.unknown');
  return isAdmin;
}

function proposedRow(
  { rule_id, ...rule }: z.output<typeof proposal>,
  inbox_id: string | null,
  domain: string | null,
): RuleRow {
  return {
    id: rule_id ?? PAST_EVERY_ID,
    version: 0,
    inbox_id,
    domain,
    enabled: true,
    note: '',
    hits: 0,
    last_hit_at: null,
    ...rule,
  };
}

async function rulesWith({ tx, org }: QueryContext, proposed: RuleRow | null) {
  const stored = await rulesOf(tx, org);
  const others = stored.filter(({ id }) => id !== proposed?.id);
  return { policies: await policiesOf(tx, org), rules: proposed ? [...others, proposed] : stored };
}

/** The next mails further back, and where to go on; looks at no more than so many rows. */
async function pick(
  { tx, org }: QueryContext,
  asked: {
    readonly inbox_id: string | null;
    readonly domain: string | null;
    readonly isAdmin: boolean;
    readonly cursor: string | null;
    readonly limit: number;
  },
): Promise<{ picked: { row: string; content: string }[]; next: string | null }> {
  const kept = (decision: string) =>
    tx.all<{ id: string; row: string }>(
      `select id, "row" from message where org = ? and via = 'mail' and kind = 'inbound' and decision = '${decision}' and id < ?
        order by id desc limit ?`,
      org,
      asked.cursor ?? PAST_EVERY_ID,
      LOOKED_AT_MAX_COUNT,
    );
  const lists = [await kept('INBOX'), ...(asked.isAdmin ? [await kept('QUARANTINE')] : [])];
  const looked = lists
    .flat()
    .sort((a, b) => (a.id < b.id ? 1 : -1))
    .slice(0, LOOKED_AT_MAX_COUNT);
  const isMore = lists.flat().length >= LOOKED_AT_MAX_COUNT;
  const fitting: { id: string; row: string }[] = [];
  let last = looked.at(-1)?.id ?? null;
  for (const one of looked) {
    const { inbox_id, to, mail } = JSON.parse(one.row) as MessageRow;
    const isOurs =
      asked.domain === null
        ? inbox_id === asked.inbox_id
        : to.some((address) => domainPart(address) === asked.domain);
    if (!isOurs || mail === undefined) continue;
    if (fitting.length === asked.limit) {
      last = fitting.at(-1)?.id ?? null;
      break;
    }
    fitting.push(one);
  }
  const isCut = last !== (looked.at(-1)?.id ?? null);
  const picked = [];
  for (const { id, row } of fitting) {
    const stored = await tx.get<{ content: string }>(
      'select content from message where org = ? and id = ?',
      org,
      id,
    );
    if (stored) picked.push({ row, content: stored.content });
  }
  return { picked, next: isMore || isCut ? last : null };
}
