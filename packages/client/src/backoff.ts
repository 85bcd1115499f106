import type { Random } from './clock.ts';
import type { Timing } from './timing.ts';

/**
 * How long to wait before the next attempt: anything between nothing and a ceiling that doubles with each failure.
 * The whole range is random ("full jitter"), so that a thousand clients cut off together do not come back together.
 *
 * @param failures  failed attempts in a row, 0 or more
 */
export function reconnectDelayMs(
  failures: number,
  random: Random,
  timing: Pick<Timing, 'backoffBaseMs' | 'backoffCeilingMs'>,
): number {
  return random() * Math.min(timing.backoffCeilingMs, timing.backoffBaseMs * 2 ** failures);
}

/** Uniform between the two. */
export function within([least, most]: readonly [number, number], random: Random): number {
  return least + random() * (most - least);
}
