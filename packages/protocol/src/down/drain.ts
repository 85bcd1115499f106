import { z } from 'zod';

/** This server is about to close the connection; come back after the delay, which differs from client to client. */
export const drain = z.object({ type: z.literal('drain'), retry_after_ms: z.int() });
