import { z } from 'zod';

/** A sign-in or an API token, as far as the log tells of it: its end voids every connection that used it. */
export const sessionRow = z.object({ id: z.string(), version: z.int(), user_id: z.string() });
export type SessionRow = z.infer<typeof sessionRow>;
