import { indexDocuments, searchBehind, unindexed } from './backfill.ts';
import { runSearch } from './run.ts';

export { SEARCH_MAX_CHARS } from './run.ts';

export const searchCommands = { indexDocuments } as const;

export const searchQueries = { runSearch, searchBehind, unindexed } as const;
