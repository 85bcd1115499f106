import { z } from 'zod';

/** Answers `ping`. Any other frame says just as well that the client is there. */
export const pong = z.object({ type: z.literal('pong') });
