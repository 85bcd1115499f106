import { decidedBy, decision, ruleField } from '@roost/protocol/schema';
import { z } from 'zod';
import { queries, ruleToTest, sampleFields } from '../domain/index.ts';
import { BodyBudget } from './body-budget.ts';
import type { HttpNeeds } from './needs.ts';
import { type Route, route } from './route.ts';

/** Of a source that is read to try rules on; larger mail is tried once it is stored. */
const SOURCE_MAX_BYTES = 1 << 20;
const JSON_MAX_BYTES = 2 * SOURCE_MAX_BYTES;
/** Of all samples being read at once. */
const BODIES_MAX_BYTES = 32 << 20;

const found = z.object({ field: ruleField, value: z.string() }).nullable();
const tested = z.object({
  matched: z.boolean(),
  found: found.describe('What was matched first; null where nothing was, or every mail is.'),
  conditions: z.array(found).describe('What each condition found; null for one that does not hold.'),
});

export const dryRunAnswer = z.object({
  rows: z.array(
    z.object({
      message_id: z.string(),
      received_at: z.iso.datetime(),
      from: z.string(),
      subject: z.string(),
      found,
      was: decision,
      would: z.object({
        decision,
        decided_by: decidedBy.nullable(),
        mailbox_id: z.string().nullable(),
        seen: z.boolean(),
        flagged: z.boolean(),
        labels: z.array(z.string()),
      }),
    }),
  ),
  tried_count: z.int().describe('Mails that the rules were asked about.'),
  next: z.string().nullable(),
  has_more: z.boolean(),
});

const sample = z.union([
  z.object({ message_id: z.string().min(1).max(64) }).describe('A stored message.'),
  z.object({ fields: sampleFields }).describe('What rules look at.'),
  z.object({
    source: z.string().min(1).max(SOURCE_MAX_BYTES).describe('A mail as it comes, with its headers.'),
    to: z.array(z.string().max(320)).max(100).default([]).describe('Envelope recipients.'),
  }),
]);

/** The test box: a rule, or a pattern, against one mail. */
export function ruleTrialRoutes({ bus, ingest }: HttpNeeds): Route[] {
  const budget = new BodyBudget(BODIES_MAX_BYTES);
  return [
    route({
      method: 'POST',
      path: '/api/v1/rules/test',
      tag: 'Rules',
      summary: 'Try a rule, or a pattern, on one mail',
      description: 'Nothing is stored. What cannot be used is told with what is wrong and where.',
      may: queries.testRule.may,
      body: z.object({ rule: ruleToTest, sample }),
      bodyMaxBytes: JSON_MAX_BYTES,
      answers: { 200: tested },
      errors: ['rule.invalid', 'message.unknown'],
      write: false,
      admit: (request, reply) => budget.admit(request, reply, JSON_MAX_BYTES),
      async handle({ caller: { org, actor }, body: { rule, sample } }) {
        const given =
          'source' in sample ? { arrival: await ingest.read(Buffer.from(sample.source), sample.to) } : sample;
        return bus.query(queries.testRule, { org, actor, input: { rule, sample: given } });
      },
    }),
  ];
}
