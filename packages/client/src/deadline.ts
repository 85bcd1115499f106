import type { Clock } from './clock.ts';

/**
 * What `work` gives, unless it takes longer than `ms`. Work that ends later is forgotten, whichever way it ends.
 *
 * @throws what `late` returns, after `ms`
 */
export function withDeadline<T>(clock: Clock, ms: number, work: Promise<T>, late: () => Error): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(ms, () => reject(late()));
    work.then(resolve, reject).finally(cancel);
  });
}
