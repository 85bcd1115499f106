import { z } from 'zod';

/** Somebody outside who writes to the organisation. */
export const contactRow = z.object({
  id: z.string(),
  version: z.int(),
  /** Empty where nobody knows it. */
  name: z.string(),
  /** Lower case. */
  emails: z.array(z.string()),
  /** E.164, such as `+4930123456`. */
  phones: z.array(z.string()),
  /** How a host application names its visitor. */
  external_ids: z.array(z.string()),
  /** The organisation's own fields. */
  fields: z.record(z.string(), z.string()),
  /** ISO 8601 in UTC. */
  created_at: z.string(),
});
export type ContactRow = z.infer<typeof contactRow>;
