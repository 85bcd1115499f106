import { existsSync } from 'node:fs';
import pg from 'pg';
import { type StorePlace, sqliteFile } from '../../open-store.ts';
import { SCHEMA_VERSION } from '../../store/migrations/index.ts';
import { openSqlite } from '../../store/sqlite/sqlite.ts';
import { checkClocksAgree } from './clock.ts';
import { type Finding, within } from './finding.ts';

const ANSWER_MAX_MS = 6_000;
const what = 'database';

export interface DatabaseFindings {
  readonly findings: readonly Finding[];
  /** When the store was last written to by its own account, ms since 1970 UTC; null when that is not known. */
  readonly writtenAt: number | null;
}

/** The store can be reached, and its schema is one this version knows. Changes nothing. */
export async function checkDatabase(place: StorePlace, now: () => number): Promise<DatabaseFindings> {
  let writtenAt: number | null = null;
  const more: Finding[] = [];
  const finding = await within(ANSWER_MAX_MS, what, async () => {
    const found =
      place.databaseUrl === null ? await lookAtSqlite(place) : await lookAtPostgres(place.databaseUrl);
    writtenAt = found.writtenAt;
    if (found.now !== null) more.push(checkClocksAgree(now(), found.now));
    return { what, ...schemaState(found) };
  });
  return { findings: [finding, ...more], writtenAt };
}

interface Look {
  readonly name: string;
  /** Newest migration that ran; null when there are no tables yet. */
  readonly schema: string | null;
  readonly writtenAt: number | null;
  /** The database's own time, where it has one; ms since 1970 UTC. */
  readonly now: number | null;
}

function schemaState({ name, schema }: Look): Pick<Finding, 'state' | 'says'> {
  if (schema === null)
    return { state: 'ok', says: `${name}: empty, its tables are made at the first start.` };
  if (schema === SCHEMA_VERSION) return { state: 'ok', says: `${name}: reachable, schema ${schema}.` };
  if (schema < SCHEMA_VERSION) {
    return {
      state: 'ok',
      says: `${name}: schema ${schema}, brought to ${SCHEMA_VERSION} at the next start.`,
    };
  }
  return { state: 'fail', says: `${name}: schema ${schema} was made by a newer version than this one.` };
}

const NEWEST_SCHEMA = 'select max(name) as name from kysely_migration';
const NEWEST_ENTRY = 'select max(at) as at from log';

async function lookAtSqlite(place: StorePlace): Promise<Look> {
  const file = sqliteFile(place);
  const name = `SQLite ${file}`;
  if (!existsSync(file)) return { name, schema: null, writtenAt: null, now: null };
  const database = await openSqlite(file, { readOnly: true });
  try {
    return await database.read(async (tx) => {
      const tables = await tx.get(`select 1 from sqlite_master where name = 'kysely_migration'`);
      if (!tables) return { name, schema: null, writtenAt: null, now: null };
      const schema = (await tx.get<{ name: string | null }>(NEWEST_SCHEMA))?.name ?? null;
      const writtenAt = (await tx.get<{ at: number | null }>(NEWEST_ENTRY))?.at ?? null;
      return { name, schema, writtenAt, now: null };
    });
  } finally {
    await database.close();
  }
}

async function lookAtPostgres(url: string): Promise<Look> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: ANSWER_MAX_MS - 1_000 });
  client.on('error', () => {});
  await client.connect();
  try {
    const { rows } = await client.query<{ version: string; at: Date; tables: string | null }>(
      `select current_setting('server_version') as version, clock_timestamp() as at,
              to_regclass('kysely_migration')::text as tables`,
    );
    const [server] = rows;
    const name = `PostgreSQL ${server?.version ?? ''}`.trim();
    const now = server?.at.getTime() ?? null;
    if (!server?.tables) return { name, schema: null, writtenAt: null, now };
    const schema = (await client.query<{ name: string | null }>(NEWEST_SCHEMA)).rows[0]?.name ?? null;
    const at = (await client.query<{ at: string | null }>(NEWEST_ENTRY)).rows[0]?.at ?? null;
    return { name, schema, writtenAt: at === null ? null : Number(at), now };
  } finally {
    await client.end();
  }
}
