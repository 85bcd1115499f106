/** What happened since the client was made; for `inspect()` and nothing else. */
export interface Counters {
  attempts: number;
  connections: number;
  frames: number;
  gaps: number;
  polls: number;
}

export const newCounters = (): Counters => ({ attempts: 0, connections: 0, frames: 0, gaps: 0, polls: 0 });
