import { keepRetention, readRetention, trimAudit, trimDropped } from './commands.ts';
import { beginPurge, planPurge, purgeMail } from './purge.ts';

export type { PurgeScope, Retention } from './ages.ts';
export { PURGE_MAX_COUNT, type PurgePlan } from './purge.ts';

export const retentionCommands = { keepRetention, trimAudit, trimDropped, beginPurge, purgeMail } as const;
export const retentionQueries = { readRetention, planPurge } as const;
