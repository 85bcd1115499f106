export { isAmongMembers, mayHear } from './may-hear.ts';
export { namedEvents } from './named-events.ts';
export type { Audience, ToldEvent } from './told.ts';
