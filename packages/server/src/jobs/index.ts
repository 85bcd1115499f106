export { Housekeeping } from './housekeeping.ts';
export { Snoozes } from './snoozes.ts';
