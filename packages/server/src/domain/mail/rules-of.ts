import { type Condition, domainPart, Failure, type MessageRow, type RuleRow } from '@roost/protocol';
import { z } from 'zod';
import { ADMINS, defineCommand } from '../../commands/index.ts';
import { authorOf } from '../messages/author.ts';
import { knownMessage } from '../messages/store.ts';
import { addRule } from '../rules/commands.ts';
import { rulesOf } from '../rules/store.ts';

/** As many as one rule each may be made of. */
const SELECTION_MAX_COUNT = 200;
/** What is let in or kept out by name goes before what rules say of mail at large. */
const POSITION = 50;

const by = z.enum(['sender', 'sender_domain', 'recipient', 'subject']);
type By = z.infer<typeof by>;
const FIELDS = {
  sender: 'from',
  sender_domain: 'from_domain',
  recipient: 'envelope_to',
  subject: 'subject',
} as const satisfies Record<By, Condition['field']>;

/**
 * Makes rules of quarantined mail for the domains it came to: one for each distinct value. One that says the same
 * already is left as it is, and told with the others.
 *
 * @throws message.unknown  it is not in quarantine; rule.invalid
 */
export const makeRulesOf = defineCommand({
  name: 'quarantine.make_rules',
  input: z.object({
    message_ids: z.array(z.string().max(64)).min(1).max(SELECTION_MAX_COUNT),
    by,
    action: z.enum(['ALLOW', 'BLOCK']),
    /** What a block does with such mail from now on. */
    block_as: z.enum(['QUARANTINE', 'DROP']).default('DROP'),
  }),
  may: { roles: ADMINS, scope: 'admin' },
  weight: ({ message_ids }) => message_ids.length,
  async run(context, { message_ids, by, action, block_as }): Promise<RuleRow[]> {
    const { tx, org } = context;
    const known = (await rulesOf(tx, org)).filter(({ enabled, domain }) => enabled && domain !== null);
    const decision = action === 'ALLOW' ? ('INBOX' as const) : block_as;
    const made = new Map<string, RuleRow>();
    for (const id of new Set(message_ids)) {
      const message = await knownMessage(tx, org, id);
      if (message.mail?.decision !== 'QUARANTINE') throw new Failure('message.unknown');
      for (const [domain, value] of valuesOf(message, by)) {
        const key = `${domain} ${value.toLowerCase()}`;
        if (made.has(key)) continue;
        const conditions = [{ field: FIELDS[by], op: 'is' as const, value, not: false }];
        const actions = [{ type: 'decide' as const, decision }];
        const same = known.find(
          (rule) =>
            rule.domain === domain &&
            JSON.stringify([rule.conditions, rule.actions]) === JSON.stringify([conditions, actions]),
        );
        const name = `${action === 'ALLOW' ? 'Let in' : 'Keep out'} ${by.replace('_', ' ')} “${value}”`;
        const input = { inbox_id: null, domain, name: name.slice(0, 200), enabled: true, position: POSITION };
        made.set(
          key,
          same ??
            (await addRule.run(context, {
              ...input,
              match: 'all',
              conditions,
              actions,
              note: 'Made of mail in quarantine.',
            })),
        );
      }
    }
    return [...made.values()];
  },
});

/** For each domain the mail came to, what a rule is to look for. */
function valuesOf(message: MessageRow, by: By): [domain: string, value: string][] {
  const sender = authorOf(message.from).address.toLowerCase();
  const ofAll = { sender, sender_domain: domainPart(sender), subject: message.subject.slice(0, 1_000) };
  return message.to
    .map((address): [string, string] => [domainPart(address), by === 'recipient' ? address : ofAll[by]])
    .filter(([, value]) => value !== '');
}
