import { type Kysely, Migrator } from 'kysely';
import type { Dialect } from '../database.ts';
import { OpeningError } from '../opening-error.ts';
import { firstTables } from './0001-first-tables.ts';
import { conversations } from './0002-conversations.ts';
import { people } from './0003-people.ts';
import { whatsapp } from './0004-whatsapp.ts';
import { webhooks } from './0005-webhooks.ts';
import { outboxOrder } from './0006-outbox-order.ts';
import { search } from './0007-search.ts';
import { mail } from './0008-mail.ts';
import { jobs } from './0009-jobs.ts';
import { inboxBehaviour } from './0010-inbox-behaviour.ts';
import { ingestAttempts } from './0011-ingest-attempts.ts';
import type { Step } from './step.ts';

/** In order, never edited once released. Schema steps only; a data step gets a migration of its own. */
const steps: Readonly<Record<string, Step>> = {
  '0001-first-tables': firstTables,
  '0002-conversations': conversations,
  '0003-people': people,
  '0004-whatsapp': whatsapp,
  '0005-webhooks': webhooks,
  '0006-outbox-order': outboxOrder,
  '0007-search': search,
  '0008-mail': mail,
  '0009-jobs': jobs,
  '0010-inbox-behaviour': inboxBehaviour,
  '0011-ingest-attempts': ingestAttempts,
};

/** The newest schema this version knows, by the name of its migration. */
export const SCHEMA_VERSION = Object.keys(steps).sort().at(-1) as string;

/**
 * Brings the store to the newest schema, under the dialect's own lock.
 *
 * @throws OpeningError  a newer version of this program has migrated the store further than we know
 */
export async function migrate(kysely: Kysely<unknown>, dialect: Dialect): Promise<void> {
  const migrator = new Migrator({
    db: kysely,
    provider: {
      getMigrations: async () =>
        Object.fromEntries(
          Object.entries(steps).map(([name, step]) => [
            name,
            { up: (db: Kysely<unknown>) => step(db, dialect) },
          ]),
        ),
    },
    // Names keep the order. The recorded times do not: a clock may have stepped back between two of them.
    allowUnorderedMigrations: true,
  });
  const { error } = await migrator.migrateToLatest();
  if (/previously executed migration .* is missing/.test(String(error))) {
    throw new OpeningError(
      'The store was written by a newer version of this program: start that version, or restore an older backup.',
      { cause: error },
    );
  }
  if (error) throw error;
}
