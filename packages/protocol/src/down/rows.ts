import { z } from 'zod';

export const row = z.looseObject({ id: z.string(), version: z.int() });

/** What `snapshot` and `page` share: rows of a channel as of `cursor`, newest first. */
export const rowsOfChannel = z.object({
  /** The request that asked. */
  id: z.string(),
  channel: z.string(),
  /** Names channel and parameters together where parameters choose a part of the channel; deltas carry the same. */
  key: z.string().optional(),
  cursor: z.string(),
  rows: z.array(row),
  /** Send as `before` to fetch what lies below; null when there is nothing. */
  next: z.string().nullable(),
  has_more: z.boolean(),
});
