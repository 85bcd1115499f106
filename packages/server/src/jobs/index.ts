export { Housekeeping } from './housekeeping.ts';
export { Outbox } from './outbox.ts';
export type { OutboxNeeds, Route } from './outbox-needs.ts';
export { SearchIndexing } from './search-index.ts';
export { Snoozes } from './snoozes.ts';
export { Webhooks } from './webhooks.ts';
