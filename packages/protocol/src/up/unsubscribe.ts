import { z } from 'zod';
import { requestId } from './subscription.ts';

/** Ends the subscription that was opened under `id`. No answer; deltas on their way may still arrive. */
export const unsubscribe = z.object({ type: z.literal('unsubscribe'), id: requestId });
