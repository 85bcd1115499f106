import { z } from 'zod';
import { SUBSCRIPTIONS_MAX } from '../limits.ts';
import { subscription } from './subscription.ts';

/** First frame of a connection, within five seconds. `cursor` is where the reader stopped; without it everything starts from snapshots. */
export const hello = z.object({
  type: z.literal('hello'),
  token: z.string().max(4096).optional(),
  cursor: z.string().max(64).nullish(),
  subscriptions: z.array(subscription).max(SUBSCRIPTIONS_MAX).default([]),
});
