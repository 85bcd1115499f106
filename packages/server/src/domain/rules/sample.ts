import type { MessageRow } from '@roost/protocol';
import { z } from 'zod';
import type { QueryContext } from '../../commands/index.ts';
import { factsOf } from '../mail/file.ts';
import { arrival } from '../messages/arrival.ts';
import { seenMessage } from '../messages/queries.ts';
import { FACT_TEXT_MAX_CHARS, type MailFacts } from './facts.ts';

const address = z.string().trim().toLowerCase().max(320);

/** A mail in the fields that rules look at; what is left out is empty. */
export const sampleFields = z.object({
  /** `from` when left out. */
  envelope_from: address.optional(),
  envelope_to: z.array(address).max(100).default([]),
  from: address.default(''),
  to: z.array(address).max(200).default([]),
  subject: z.string().max(998).default(''),
  text: z.string().max(FACT_TEXT_MAX_CHARS).default(''),
  list_id: address.nullable().default(null),
  size_bytes: z.int().min(0).default(0),
  attachment_types: z.array(z.string().trim().toLowerCase().max(200)).max(200).default([]),
});

/** A mail to try rules on: in fields, as it was read of its source, or one that is stored. */
export const sample = z.union([
  z.object({ message_id: z.string().min(1).max(64) }),
  z.object({ fields: sampleFields }),
  z.object({ arrival }),
]);

/** @throws message.unknown  there is none, or whoever asks may not see it */
export async function factsOfSample(
  context: QueryContext,
  given: z.output<typeof sample>,
): Promise<MailFacts> {
  if ('fields' in given) {
    const { envelope_from, ...rest } = given.fields;
    return { ...rest, envelope_from: envelope_from ?? rest.from };
  }
  if ('arrival' in given) return factsOf(given.arrival, given.arrival.to);
  const { row, content } = await seenMessage(context, given.message_id);
  return factsOfStored(row, content);
}

/** @param row, content  as they stand in the store */
export function factsOfStored(row: string, content: string): MailFacts {
  const message = JSON.parse(row) as MessageRow;
  return factsOf({ ...message, content: JSON.parse(content) }, message.to);
}
