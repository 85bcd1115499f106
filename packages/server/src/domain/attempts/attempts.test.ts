import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { openPostgres } from '../../store/postgres/postgres.ts';
import { openSqlite } from '../../store/sqlite/sqlite.ts';
import { freshPostgres, postgresMissing } from '../../store/testing/postgres.ts';
import { commands, queries } from '../index.ts';
import { Premises, type Team } from '../testing/team.ts';
import type { Attempt } from './index.ts';

const HOUR_MS = 60 * 60_000;
const some: Attempt = {
  at: 0,
  way: 'smtp',
  sender: 'app@shop.example',
  recipients: ['bob@qa.test', 'eve@qa.test'],
  size_bytes: 100,
  outcome: 'stored',
  code: null,
  says: null,
};
const refused = {
  outcome: 'refused',
  code: 'address.unknown',
  says: 'No inbox takes mail for nobody@qa.test.',
} as const;

describe('over SQLite', () => {
  attemptsContract(async () => ({
    premises: new Premises([await openSqlite(':memory:')]),
    drop: async () => {},
  }));
});

const server = inject('postgresUrl');

describe.skipIf(postgresMissing(server))('over PostgreSQL', () => {
  attemptsContract(async () => {
    const own = await freshPostgres(server as string);
    const databases = [await openPostgres(own.url), await openPostgres(own.url)];
    return { premises: new Premises(databases), drop: async () => void (await own.drop()) };
  });
});

function attemptsContract(open: () => Promise<{ premises: Premises; drop(): Promise<void> }>): void {
  let opened: Awaited<ReturnType<typeof open>>;
  beforeAll(async () => {
    opened = await open();
  });
  afterAll(async () => {
    await opened.premises.close();
    await opened.drop();
  });

  const busOf = ({ premises: { nodes } }: Team) => (nodes[0] as (typeof nodes)[number]).bus;
  const note = (team: Team, ...attempts: Partial<Attempt>[]) =>
    team.do(commands.noteAttempts, { attempts: attempts.map((one) => ({ ...some, ...one })) });
  const list = async (team: Team, filter: Record<string, unknown> = {}) => {
    const input = {
      outcome: null,
      way: null,
      sender: null,
      recipient: null,
      before: null,
      limit: 50,
      ...filter,
    };
    return busOf(team).query(queries.listAttempts, {
      org: team.org,
      actor: team.owner,
      input,
    });
  };
  const health = (team: Team, now: number) =>
    busOf(team).query(queries.readDeliveryHealth, {
      org: team.org,
      actor: team.owner,
      input: { now },
    });

  test('attempts are told newest first, by page and by filter, with why', async () => {
    const team = await opened.premises.team();
    await note(team, { at: 1 }, { at: 2, ...refused, recipients: ['nobody@qa.test'] });
    await note(team, { at: 3, way: 'http', outcome: 'quarantined', sender: 'x@spam.example' });
    expect((await list(team)).rows.map(({ at }) => at)).toEqual([3, 2, 1]);
    expect((await list(team, { outcome: 'refused' })).rows).toMatchObject([
      { at: 2, code: 'address.unknown', says: refused.says, recipients: ['nobody@qa.test'] },
    ]);
    expect((await list(team, { way: 'http' })).rows.map(({ at }) => at)).toEqual([3]);
    expect((await list(team, { sender: 'SPAM' })).rows.map(({ at }) => at)).toEqual([3]);
    expect((await list(team, { recipient: 'eve@' })).rows.map(({ at }) => at)).toEqual([3, 1]);
    const top = await list(team, { limit: 2 });
    expect((await list(team, { limit: 2, before: top.next })).rows.map(({ at }) => at)).toEqual([1]);
    await expect(list(team, { before: 'x' })).rejects.toMatchObject({ code: 'cursor.malformed' });
  });

  test('figures are by hour, way and outcome, senders by domain', async () => {
    const team = await opened.premises.team();
    const now = 1_000 * HOUR_MS + 5;
    await note(team, { at: now }, { at: now, ...refused }, { at: now - 23 * HOUR_MS });
    await note(team, { at: now, sender: 'x@spam.example' }, { at: now - 24 * HOUR_MS });
    const { hours, outcomes, senders, storage } = await health(team, now);
    expect(hours).toHaveLength(24);
    expect(hours[0]).toEqual({ at: 977 * HOUR_MS, count: 1, refused_count: 0 });
    expect(hours[23]).toEqual({ at: 1_000 * HOUR_MS, count: 3, refused_count: 1 });
    expect(outcomes).toEqual([
      { way: 'smtp', outcome: 'stored', count: 3, size_bytes: 300 },
      { way: 'smtp', outcome: 'refused', count: 1, size_bytes: 100 },
    ]);
    expect(senders).toEqual([
      { domain: 'shop.example', count: 3, size_bytes: 300 },
      { domain: 'spam.example', count: 1, size_bytes: 100 },
    ]);
    expect(storage).toEqual({ messages: 0, mail_bytes: 0, quarantined: 0, blobs: 0 });
  });

  test('domains that senders make up do not make it longer', async () => {
    const team = await opened.premises.team();
    for (let from = 0; from < 1_500; from += 500)
      await note(team, ...Array.from({ length: 500 }, (_, at) => ({ sender: `x@d${from + at}.example` })));
    const { senders } = await health(team, 0);
    const others = senders.find(({ domain }) => domain === '');
    expect(others?.count).toBeGreaterThan(450);
  });

  test('what is old, or past what is kept, is forgotten', async () => {
    const team = await opened.premises.team();
    await note(team, ...[1, 2, 3, 4, 5].map((at) => ({ at })));
    expect(await team.do(commands.trimAttempts, { before: 2 })).toBe(false);
    expect((await list(team)).rows.map(({ at }) => at)).toEqual([5, 4, 3, 2]);
    await team.do(commands.trimAttempts, { before: 0, keep: 2 });
    expect((await list(team)).rows.map(({ at }) => at)).toEqual([5, 4]);
  });

  test('they are for owners and admins', async () => {
    const team = await opened.premises.team();
    team.owner = await team.add('agent');
    await expect(list(team)).rejects.toMatchObject({ code: 'access.forbidden' });
    await expect(health(team, 0)).rejects.toMatchObject({ code: 'access.forbidden' });
  });
}
