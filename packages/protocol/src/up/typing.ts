import { z } from 'zod';

/** I am typing in `scope` (a channel's name). Forgotten by itself after six seconds. */
export const typingUp = z.object({ type: z.literal('typing'), scope: z.string().min(1).max(200) });
