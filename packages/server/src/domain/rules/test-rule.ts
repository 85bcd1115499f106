import { condition, ruleField } from '@roost/protocol/schema';
import { z } from 'zod';
import { defineQuery } from '../../commands/index.ts';
import { type Found, testsOf } from './condition.ts';
import { factsOfSample, sample } from './sample.ts';

export const ruleToTest = z.object({
  match: z.enum(['all', 'any']).default('all'),
  conditions: z.array(condition).max(50).default([]),
  /** A regular expression by itself, looked for in `field`. */
  pattern: z.string().max(1_000).optional(),
  field: ruleField.default('subject'),
});

export interface Tested {
  readonly matched: boolean;
  /** What was matched first; null where nothing was, or every mail is. */
  readonly found: Found | null;
  /** What each condition found, in their order; null for one that does not hold. */
  readonly conditions: readonly (Found | null)[];
}

/** Asks one rule, or one pattern, about one mail; nothing is stored. @throws rule.invalid, message.unknown */
export const testRule = defineQuery({
  name: 'rule.test',
  input: z.object({ rule: ruleToTest, sample }),
  may: { roles: ['owner', 'admin', 'agent'], scope: 'write' },
  async run(context, { rule: { match, conditions, pattern, field }, sample }): Promise<Tested> {
    const asked =
      pattern === undefined
        ? conditions
        : [...conditions, { field, op: 'regex' as const, value: pattern, not: false }];
    const tests = testsOf(asked);
    const facts = await factsOfSample(context, sample);
    const found = tests.map((test) => test(facts));
    const held = found.filter((one) => one !== null);
    const isEvery = found.length === held.length;
    const matched = match === 'any' && found.length > 0 ? held.length > 0 : isEvery;
    return { matched, found: matched ? (held[0] ?? null) : null, conditions: found };
  },
});
