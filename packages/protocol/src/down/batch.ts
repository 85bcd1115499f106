import { z } from 'zod';

/** The next `frames` frames are one cut of the store: show them together or not at all. */
export const batch = z.object({ type: z.literal('batch'), frames: z.int() });
