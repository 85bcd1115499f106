import { z } from 'zod';

/** Are you there? `cursor` is where the connection stands: nothing up to it is missing. */
export const ping = z.object({ type: z.literal('ping'), cursor: z.string() });
