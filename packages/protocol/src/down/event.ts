import { z } from 'zod';
import { eventName } from '../events/event.ts';

/** Something happened, for whoever subscribed to `events` and may see it. Told once, live, and never again (rule N1). */
export const eventFrame = z.object({
  type: z.literal('event'),
  event: eventName,
  /** Its fields depend on the event; see `events`. */
  data: z.record(z.string(), z.unknown()),
});
