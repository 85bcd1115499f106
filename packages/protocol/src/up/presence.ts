import { z } from 'zod';

/** Whether I look at the page: somebody whose every connection is away is shown as away. `online` until said otherwise. */
export const presenceUp = z.object({ type: z.literal('presence'), state: z.enum(['online', 'away']) });
