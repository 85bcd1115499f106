import { afterAll, beforeAll, describe, expect, inject } from 'vitest';
import type { Database } from '../../store/database.ts';
import { openPostgres } from '../../store/postgres/postgres.ts';
import { openSqlite } from '../../store/sqlite/sqlite.ts';
import { type FreshDatabase, freshPostgres, postgresMissing } from '../../store/testing/postgres.ts';
import { accessContract } from '../testing/access-contract.ts';
import { answersContract } from '../testing/answers-contract.ts';
import { arrivalsContract } from '../testing/arrivals-contract.ts';
import { directoryContract } from '../testing/directory-contract.ts';
import { predicateContract } from '../testing/predicate-contract.ts';
import { Premises } from '../testing/team.ts';
import { unreadContract } from '../testing/unread-contract.ts';

describe('over SQLite', () => {
  conversationsContract(async () => [await openSqlite(':memory:')]);
});

const server = inject('postgresUrl');

describe.skipIf(postgresMissing(server))('over PostgreSQL, on three nodes', () => {
  let own: FreshDatabase;
  beforeAll(async () => {
    own = await freshPostgres(server as string);
  });
  afterAll(() => own.drop());
  conversationsContract(async () => [
    await openPostgres(own.url),
    await openPostgres(own.url),
    await openPostgres(own.url),
  ]);
});

/** What holds of conversations and of all that belongs to them. */
function conversationsContract(open: () => Promise<readonly Database[]>): void {
  let premises: Premises;
  beforeAll(async () => {
    premises = new Premises(await open());
  });
  afterAll(async () => {
    await premises.close();
    expect(premises.nodes.flatMap(({ unexpected }) => unexpected)).toEqual([]);
  });
  const begin = () => premises.team();
  arrivalsContract(begin);
  answersContract(begin);
  accessContract(begin);
  directoryContract(begin);
  predicateContract(begin);
  unreadContract(begin);
}
