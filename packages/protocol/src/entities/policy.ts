import { z } from 'zod';
import { decision } from './rule.ts';

/** What a domain takes. `id` is the domain. */
export const policyRow = z.object({
  id: z.string(),
  version: z.int(),
  /** Everything; only what a rule lets in (the rest is quarantined); or nothing. */
  mode: z.enum(['OPEN', 'RESTRICTED', 'PAUSED']),
  /** What becomes of mail that no rule decides about; while paused, of all of it. */
  default_action: decision,
  /** Content types such as `application/pdf` or `image/*`; a mail with another attachment is quarantined. Null: any. */
  attachment_types: z.array(z.string()).nullable(),
  /** Larger mail is refused; null for the server's own bound. */
  max_bytes: z.int().nullable(),
  /** Days that quarantined mail is kept; null for the organisation's own. */
  quarantine_days: z.int().nullable(),
});
export type PolicyRow = z.infer<typeof policyRow>;
