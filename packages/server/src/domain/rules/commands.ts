import { Failure, type PolicyRow, type RuleRow } from '@roost/protocol';
import { condition, decision, ruleAction } from '@roost/protocol/schema';
import { z } from 'zod';
import { ADMINS, type CommandContext, defineCommand } from '../../commands/index.ts';
import { hiddenFrom } from '../access/hidden.ts';
import { knownInbox } from '../inboxes/inbox.ts';
import { seenMailbox } from '../mailboxes/commands.ts';
import { testsOf } from './condition.ts';
import { forgetRules, openPolicy } from './store.ts';

const RULES_MAX = 1_000;
const CONDITIONS_MAX = 50;
const domain = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[\p{L}\p{N}](?:[\p{L}\p{N}.-]{0,251}[\p{L}\p{N}])?$/u, 'That is no domain.');

const fields = {
  name: z.string().trim().min(1).max(200),
  enabled: z.boolean(),
  position: z.int().min(0).max(1_000_000),
  match: z.enum(['all', 'any']),
  conditions: z.array(condition).max(CONDITIONS_MAX),
  actions: z.array(ruleAction).min(1).max(20),
  note: z.string().max(2_000),
};

/** Adds a rule: a filter of an inbox, or a rule of a domain's policy, which only owners and admins make. @throws rule.invalid, inbox.unknown */
export const addRule = defineCommand({
  name: 'rule.add',
  input: z.object({
    inbox_id: z.string().max(64).nullish(),
    domain: domain.nullish(),
    name: fields.name,
    enabled: fields.enabled.default(true),
    position: fields.position.default(100),
    match: fields.match.default('all'),
    conditions: fields.conditions.default([]),
    actions: fields.actions,
    note: fields.note.default(''),
  }),
  may: { roles: ['owner', 'admin', 'agent'], scope: 'write' },
  async run(context, { inbox_id = null, domain = null, ...input }): Promise<RuleRow> {
    const { tx, org, offset } = context;
    if ((inbox_id === null) === (domain === null))
      throw new Failure('rule.invalid', 'A rule belongs to an inbox or to a domain.');
    const row: RuleRow = {
      id: context.newId(),
      version: offset,
      inbox_id,
      domain,
      ...input,
      hits: 0,
      last_hit_at: null,
    };
    await assertMayChange(context, row);
    await assertUsable(context, row);
    const count = await tx.get<{ count: number }>('select count(*) as count from rule where org = ?', org);
    if (Number(count?.count) >= RULES_MAX)
      throw new Failure('rule.invalid', `An organisation has at most ${RULES_MAX} rules.`);
    await tx.insertMany(
      'rule',
      ['org', 'id', 'version', 'inbox_id', 'domain', 'row'],
      [[org, row.id, offset, inbox_id, domain, JSON.stringify(row)]],
    );
    forgetRules(context);
    context.changed('rule', row.id, null, row);
    return row;
  },
});

/** @throws rule.unknown, rule.invalid */
export const updateRule = defineCommand({
  name: 'rule.update',
  input: z.object({
    rule_id: z.string().max(64),
    name: fields.name.optional(),
    enabled: fields.enabled.optional(),
    position: fields.position.optional(),
    match: fields.match.optional(),
    conditions: fields.conditions.optional(),
    actions: fields.actions.optional(),
    note: fields.note.optional(),
  }),
  may: { roles: ['owner', 'admin', 'agent'], scope: 'write' },
  async run(context, { rule_id, ...said }): Promise<RuleRow> {
    const before = await knownRule(context, rule_id);
    await assertMayChange(context, before);
    const given = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
    const after: RuleRow = { ...before, ...given, version: context.offset };
    await assertUsable(context, after);
    await writeRule(context, after);
    context.changed('rule', rule_id, before, after);
    return after;
  },
});

/** @throws rule.unknown */
export const removeRule = defineCommand({
  name: 'rule.remove',
  input: z.object({ rule_id: z.string().max(64) }),
  may: { roles: ['owner', 'admin', 'agent'], scope: 'write' },
  async run(context, { rule_id }) {
    const before = await knownRule(context, rule_id);
    await assertMayChange(context, before);
    await context.tx.run('delete from rule where org = ? and id = ?', context.org, rule_id);
    forgetRules(context);
    context.changed('rule', rule_id, before, null);
  },
});

/** Says what a domain takes. */
export const keepPolicy = defineCommand({
  name: 'policy.keep',
  input: z.object({
    domain,
    mode: z.enum(['OPEN', 'RESTRICTED', 'PAUSED']).optional(),
    default_action: decision.optional(),
    attachment_types: z
      .array(
        z
          .string()
          .trim()
          .toLowerCase()
          .regex(/^[\w.+-]+\/(\*|[\w.+-]+)$/, 'Write a type such as “application/pdf”, or “image/*”.'),
      )
      .max(200)
      .nullish(),
    max_bytes: z.int().min(1_024).nullish(),
    quarantine_days: z.int().min(1).max(3_650).nullish(),
  }),
  may: { roles: ADMINS, scope: 'admin' },
  audited: (input) => ({ domain: input.domain, mode: input.mode ?? null }),
  async run(context, { domain: id, ...said }): Promise<PolicyRow> {
    const { tx, org, offset } = context;
    const found = await tx.get<{ row: string }>('select "row" from policy where org = ? and id = ?', org, id);
    const before = found ? (JSON.parse(found.row) as PolicyRow) : null;
    const given = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
    const after: PolicyRow = { ...(before ?? openPolicy(id)), ...given, version: offset };
    await tx.run(
      `insert into policy (org, id, version, "row") values (?, ?, ?, ?)
         on conflict (org, id) do update set version = excluded.version, "row" = excluded."row"`,
      org,
      id,
      offset,
      JSON.stringify(after),
    );
    forgetRules(context);
    context.changed('policy', id, before, after);
    return after;
  },
});

/** A rule's hits, as one command of mail brought them about. */
export async function countHits(context: CommandContext, hits: ReadonlyMap<string, number>): Promise<void> {
  for (const [id, count] of hits) {
    const before = await knownRule(context, id).catch(() => null);
    if (!before) continue;
    const after: RuleRow = {
      ...before,
      version: context.offset,
      hits: before.hits + count,
      last_hit_at: new Date(context.now).toISOString(),
    };
    await context.tx.run(
      'update rule set version = ?, "row" = ? where org = ? and id = ?',
      after.version,
      JSON.stringify(after),
      context.org,
      id,
    );
    context.changed('rule', id, before, after);
  }
}

export async function writeRule(context: CommandContext, row: RuleRow): Promise<void> {
  await context.tx.run(
    'update rule set version = ?, "row" = ? where org = ? and id = ?',
    row.version,
    JSON.stringify(row),
    context.org,
    row.id,
  );
  forgetRules(context);
}

/** @throws rule.unknown */
async function knownRule({ tx, org }: CommandContext, id: string): Promise<RuleRow> {
  const found = await tx.get<{ row: string }>('select "row" from rule where org = ? and id = ?', org, id);
  if (!found) throw new Failure('rule.unknown');
  return JSON.parse(found.row);
}

/** A domain's rules are for owners and admins, an inbox's for whoever works in it. @throws access.forbidden, rule.unknown */
export async function assertMayChange(
  { tx, org, actor }: CommandContext,
  { inbox_id, domain }: Pick<RuleRow, 'inbox_id' | 'domain'>,
): Promise<void> {
  if (actor.kind === 'system') return;
  if (domain !== null) {
    const member = await tx.get<{ admin: number }>(
      'select admin from member where org = ? and id = ?',
      org,
      actor.user_id,
    );
    if (member?.admin !== 1)
      throw new Failure('access.forbidden', 'Only owners and admins decide what a domain takes.');
  } else if ((await hiddenFrom(tx, org, actor)).includes(inbox_id as string))
    throw new Failure('rule.unknown');
}

/** @throws rule.invalid  saying which condition or action, and why */
async function assertUsable(context: CommandContext, row: RuleRow): Promise<void> {
  testsOf(row.conditions);
  if (row.inbox_id !== null) await knownInbox(context.tx, context.org, row.inbox_id);
  for (const action of row.actions) {
    if (action.type !== 'mailbox') continue;
    const mailbox = await seenMailbox(context, action.mailbox_id);
    if (row.inbox_id !== null && mailbox.inbox_id !== row.inbox_id)
      throw new Failure('rule.invalid', 'Its mailbox is one of another inbox.');
  }
}
