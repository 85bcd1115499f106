/** Time comes in through this and nowhere else, so that a test can own it. */
export interface Clock {
  /** Wall time, ms since 1970 UTC. May jump; shown to people, never used to order anything. */
  now(): number;
  /** Calls `run` once, `ms` from now. The returned function cancels and is safe to call twice. */
  after(ms: number, run: () => void): () => void;
}

/** Uniform in [0, 1). */
export type Random = () => number;

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

export const systemRandom: Random = Math.random;
