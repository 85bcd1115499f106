export type { Fanout, Hint } from './fanout.ts';
export { MemoryNetwork } from './memory.ts';
export { redisFanout } from './redis.ts';
