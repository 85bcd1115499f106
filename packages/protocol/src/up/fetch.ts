import { z } from 'zod';
import { PAGE_DEFAULT_ROWS, PAGE_MAX_ROWS } from '../limits.ts';
import { requestId } from './subscription.ts';

/** Asks for the rows below `params.before`, the `next` of the snapshot or page above. Answered by `page`. */
export const fetchPage = z.object({
  type: z.literal('fetch'),
  id: requestId,
  channel: z.string().min(1).max(200),
  params: z.looseObject({
    before: z.string().min(1).max(200),
    limit: z.int().min(1).max(PAGE_MAX_ROWS).default(PAGE_DEFAULT_ROWS),
  }),
});
