import { z } from 'zod';
import { subscription } from './subscription.ts';

/** Opens a channel. With `cursor` the reader holds the channel as of then and asks only for what came after. */
export const subscribe = subscription.extend({
  type: z.literal('subscribe'),
  cursor: z.string().max(64).nullish(),
});
