import { z } from 'zod';

/** What is done with a mail that came. */
export const decision = z.enum(['INBOX', 'QUARANTINE', 'DROP']);
export type Decision = z.infer<typeof decision>;

/** What a condition looks at. */
export const ruleField = z.enum([
  /** Sender of the envelope (`MAIL FROM`). */
  'envelope_from',
  /** Recipient of the envelope (`RCPT TO`): any of them. */
  'envelope_to',
  /** Its part before the `@`. */
  'envelope_to_local',
  /** Address in the header `From`. */
  'from',
  'from_domain',
  /** Addresses in the headers `To` and `Cc`: any of them. */
  'to',
  'subject',
  'text',
  /** Header `List-Id`, without angle brackets. */
  'list_id',
  'size_bytes',
  /** Content type of an attachment: any of them. */
  'attachment_type',
]);
export type RuleField = z.infer<typeof ruleField>;

export const condition = z.object({
  field: ruleField,
  /**
   * `is` and `contains` compare text, `wildcard` takes `*` for anything, `regex` is a pattern of RE2; all without regard
   * to letter case. `over` and `under` compare a size in bytes.
   */
  op: z.enum(['is', 'contains', 'wildcard', 'regex', 'over', 'under']),
  value: z.string().max(1_000),
  /** Holds where it otherwise would not. */
  not: z.boolean().default(false),
});
export type Condition = z.infer<typeof condition>;

export const ruleAction = z.discriminatedUnion('type', [
  z.object({ type: z.literal('decide'), decision }),
  z.object({ type: z.literal('mailbox'), mailbox_id: z.string().max(64) }),
  z.object({ type: z.literal('seen') }),
  z.object({ type: z.literal('flag') }),
  z.object({ type: z.literal('label'), label: z.string().trim().toLowerCase().min(1).max(50) }),
  /** No later rule is asked. */
  z.object({ type: z.literal('stop') }),
]);
export type RuleAction = z.infer<typeof ruleAction>;

/** A rule that is asked when mail comes: of an inbox, or of a whole domain. */
export const ruleRow = z.object({
  id: z.string(),
  version: z.int(),
  /** Inbox whose filter it is; null for a rule of a domain's policy. */
  inbox_id: z.string().nullable(),
  /** Domain whose policy it belongs to; null for a filter. */
  domain: z.string().nullable(),
  name: z.string(),
  enabled: z.boolean(),
  /** Lower ones are asked first; among equals the older one. */
  position: z.int(),
  match: z.enum(['all', 'any']),
  /** None: every mail. */
  conditions: z.array(condition),
  actions: z.array(ruleAction),
  note: z.string(),
  /** Mails that it matched. */
  hits: z.int(),
  /** ISO 8601 in UTC. */
  last_hit_at: z.string().nullable(),
});
export type RuleRow = z.infer<typeof ruleRow>;

/** Which rule decided about a mail, and on what. */
export const decidedBy = z.object({
  /** Null where the policy itself decided. */
  rule_id: z.string().nullable(),
  /** In words: the rule's name, or why the policy did. */
  says: z.string(),
  field: ruleField.nullable(),
  /** The value it matched, cut to 200 characters. */
  value: z.string().nullable(),
});
export type DecidedBy = z.infer<typeof decidedBy>;
