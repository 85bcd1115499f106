import { type Kysely, type Migration, Migrator } from 'kysely';
import { firstTables } from './0001-first-tables.ts';

/** In order, never edited once released. Schema steps only; a data step gets a migration of its own. */
const migrations: Record<string, Migration> = {
  '0001-first-tables': firstTables,
};

/** Brings the store to the newest schema, under the dialect's own lock. */
export async function migrate(kysely: Kysely<unknown>): Promise<void> {
  const migrator = new Migrator({ db: kysely, provider: { getMigrations: async () => migrations } });
  const { error } = await migrator.migrateToLatest();
  if (error) throw error;
}
