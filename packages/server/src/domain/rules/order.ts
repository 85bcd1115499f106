import { Failure } from '@roost/protocol';
import { z } from 'zod';
import { defineCommand } from '../../commands/index.ts';
import { assertMayChange, writeRule } from './commands.ts';
import { rulesOf } from './store.ts';

/** Between two rules there is room for others. */
const STEP = 10;

/**
 * Says in which order the rules of an inbox, or of a domain, are asked. Names every one of them.
 *
 * @throws rule.unknown; rule.invalid  one is missing; access.forbidden
 */
export const orderRules = defineCommand({
  name: 'rule.order',
  input: z.object({
    inbox_id: z.string().max(64).nullish(),
    domain: z.string().trim().toLowerCase().max(253).nullish(),
    rule_ids: z.array(z.string().max(64)).max(1_000),
  }),
  may: { roles: ['owner', 'admin', 'agent'], scope: 'write' },
  async run(context, { inbox_id = null, domain = null, rule_ids }): Promise<void> {
    const { tx, org, offset } = context;
    if ((inbox_id === null) === (domain === null))
      throw new Failure('rule.invalid', 'Rules belong to an inbox or to a domain.');
    await assertMayChange(context, { inbox_id, domain });
    const rules = await rulesOf(tx, org);
    const known = new Map(
      rules
        .filter((rule) => rule.inbox_id === inbox_id && rule.domain === domain)
        .map((rule) => [rule.id, rule]),
    );
    const wanted = [...new Set(rule_ids)];
    if (wanted.some((id) => !known.has(id))) throw new Failure('rule.unknown');
    if (wanted.length < known.size)
      throw new Failure('rule.invalid', `Name all ${known.size} rules, each once; nothing was changed.`);
    for (const [at, id] of wanted.entries()) {
      const before = known.get(id) as (typeof rules)[number];
      const position = (at + 1) * STEP;
      if (before.position === position) continue;
      const after = { ...before, position, version: offset };
      await writeRule(context, after);
      context.changed('rule', id, before, after);
    }
  },
});
