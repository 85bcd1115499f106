import type { RuleField } from '@roost/protocol';

/** What rules may look at of one mail, for one inbox. Addresses in lower case. */
export interface MailFacts {
  readonly envelope_from: string;
  readonly envelope_to: readonly string[];
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  /** Bounded; see {@link FACT_TEXT_MAX_CHARS}. */
  readonly text: string;
  readonly list_id: string | null;
  readonly size_bytes: number;
  readonly attachment_types: readonly string[];
}

/** How far into a text rules look. */
export const FACT_TEXT_MAX_CHARS = 100_000;

/** The values of a field; a condition holds when one of them fits. */
export function valuesOf(facts: MailFacts, field: RuleField): readonly string[] {
  switch (field) {
    case 'envelope_from':
      return [facts.envelope_from];
    case 'envelope_to':
      return facts.envelope_to;
    case 'envelope_to_local':
      return facts.envelope_to.map((address) => address.slice(0, Math.max(0, address.lastIndexOf('@'))));
    case 'from':
      return [facts.from];
    case 'from_domain':
      return [facts.from.slice(facts.from.lastIndexOf('@') + 1)];
    case 'to':
      return facts.to;
    case 'subject':
      return [facts.subject];
    case 'text':
      return [facts.text];
    case 'list_id':
      return facts.list_id === null ? [] : [facts.list_id];
    case 'size_bytes':
      return [String(facts.size_bytes)];
    case 'attachment_type':
      return facts.attachment_types;
  }
}
