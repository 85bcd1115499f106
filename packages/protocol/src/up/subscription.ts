import { z } from 'zod';
import { PAGE_DEFAULT_ROWS, PAGE_MAX_ROWS } from '../limits.ts';

/** Names a request within its connection; the answer carries it back. */
export const requestId = z.string().min(1).max(64);

export const subscription = z.object({
  id: requestId,
  channel: z.string().min(1).max(200),
  params: z
    .looseObject({ limit: z.int().min(1).max(PAGE_MAX_ROWS).default(PAGE_DEFAULT_ROWS) })
    .default({ limit: PAGE_DEFAULT_ROWS }),
});
export type Subscription = z.infer<typeof subscription>;
