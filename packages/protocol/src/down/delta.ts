import { z } from 'zod';
import { row } from './rows.ts';

/**
 * What changed in a channel. The same bytes for every subscriber. A reader whose position is before `prev` missed
 * something and asks again with its cursor; at or past `offset` it has seen this and ignores it.
 */
export const deltaFrame = z.object({
  type: z.literal('delta'),
  channel: z.string(),
  key: z.string().optional(),
  prev: z.int(),
  offset: z.int(),
  added: z.array(row),
  updated: z.array(row),
  deleted: z.array(z.string()),
  etag: z.string(),
});
