import { z } from 'zod';
import { requestId } from './subscription.ts';

/** A fresh token for the same person; the connection goes on. Answered by `ack`. */
export const auth = z.object({ type: z.literal('auth'), id: requestId, token: z.string().min(1).max(4096) });
