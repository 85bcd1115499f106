/** Time comes from here and nowhere else, so that what depends on it can be tested without waiting. */
export interface Clock {
  /** Wall time, ms since 1970 UTC. */
  now(): number;
  /** Calls `run` once, `ms` from now. The returned function cancels and is safe to call twice. */
  after(ms: number, run: () => void): () => void;
}

export const browserClock: Clock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};
