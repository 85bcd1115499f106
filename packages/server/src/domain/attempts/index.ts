import { readDeliveryHealth } from './health.ts';
import { listAttempts } from './list.ts';
import { noteAttempts } from './note.ts';
import { trimAttempts } from './trim.ts';

export type { DeliveryHealth } from './health.ts';
export { type AttemptListed, attemptOutcome, attemptWay } from './list.ts';
export { ATTEMPTS_AT_ONCE, type Attempt } from './note.ts';
export { ATTEMPTS_KEPT_COUNT } from './trim.ts';

export const attemptCommands = { noteAttempts, trimAttempts } as const;
export const attemptQueries = { listAttempts, readDeliveryHealth } as const;
