import { z } from 'zod';
import { requestId } from './subscription.ts';

/** I have read everything that arrived up to this offset. Moves forward only. Answered by `ack`. */
export const read = z.object({ type: z.literal('read'), id: requestId, up_to: z.int().min(0) });
