import type { Kysely } from 'kysely';
import type { Dialect } from '../database.ts';

/** One step forward of the schema or of the data. Runs in a transaction; there is no way back but a backup. */
export type Step = (db: Kysely<unknown>, dialect: Dialect) => Promise<void>;
