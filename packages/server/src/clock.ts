import { randomBytes } from 'node:crypto';

export interface Clock {
  /** Wall time, ms since 1970 UTC. May jump; never used to order messages. */
  now(): number;
  /** Calls `run` once, `ms` from now. The returned function cancels and is safe to call twice. */
  after(ms: number, run: () => void): () => void;
}

/** Uniform in [0, 1). */
export type Random = () => number;

/** Unguessable bytes, for tokens and keys. */
export type Secrets = (byteCount: number) => Buffer;

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

export const systemRandom: Random = Math.random;

export const systemSecrets: Secrets = (byteCount) => randomBytes(byteCount);

/** Calls `run` every `ms` after its last call ended. The returned function stops it. */
export function every(clock: Clock, ms: number, run: () => void | Promise<void>): () => void {
  let cancel = () => {};
  let stopped = false;
  const schedule = () => {
    if (stopped) return;
    cancel = clock.after(ms, () => void Promise.resolve(run()).then(schedule, schedule));
  };
  schedule();
  return () => {
    stopped = true;
    cancel();
  };
}
