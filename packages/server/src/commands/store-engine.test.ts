import { expect, test } from 'vitest';
import { systemClock } from '../clock.ts';
import { commands, queries, registry } from '../domain/index.ts';
import { openSqlite } from '../store/sqlite/sqlite.ts';
import { CommandBus, StoreEngine } from './index.ts';

const system = { kind: 'system', name: 'test' } as const;

async function open() {
  const engine = new StoreEngine(await openSqlite(':memory:'), registry, systemClock, Math.random);
  const entries: number[] = [];
  const bus = new CommandBus(
    engine,
    () => 'all',
    (more) => entries.push(...more.map((e) => e.offset)),
    (name, detail) => console.error(name, detail),
  );
  await bus.execute(commands.foundOrganisation, {
    org: 'a',
    actor: system,
    input: { name: 'A', owner_email: 'o@a.test', owner_name: '', password_hash: null },
  });
  await bus.execute(commands.keepMailInbox, { org: 'a', actor: system, input: { address: '*.test' } });
  return { bus, entries };
}

function arrival(subject: string, externalId: string | null = null) {
  return {
    to: ['bob@x.test'],
    from: 'Ann <ann@y.org>',
    subject,
    snippet: '',
    size_bytes: 1,
    external_id: externalId,
    content: { headers: [], text: subject, html: null, attachments: [], truncated: false },
    source: null,
    attachment_blobs: [],
    problem: null,
  };
}

test('every committed change takes one offset, and a group fails one by one', async () => {
  const { bus, entries } = await open();
  const settled = await Promise.allSettled([
    bus.execute(commands.acceptMessages, { org: 'a', actor: system, input: { arrivals: [arrival('one')] } }),
    bus.execute(commands.acceptMessages, {
      org: 'a',
      actor: system,
      input: { arrivals: [{ ...arrival('lost'), to: ['x@nowhere.example'] }] },
    }),
    bus.execute(commands.acceptMessages, { org: 'a', actor: system, input: { arrivals: [arrival('two')] } }),
  ]);
  expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(entries).toEqual([1, 2, 3, 4]);
  const page = await bus.query(queries.readView, {
    org: 'a',
    actor: system,
    input: { channel: 'inbox', params: { filter: 'bob' }, user_id: 'u', before: null, limit: 50 },
  });
  expect(page.rows.map((row) => JSON.parse(row).subject)).toEqual(['two', 'one']);
  expect(page.offset).toBe(4);
});

test('the same id is answered from memory; for something else it is refused', async () => {
  const { bus } = await open();
  const once = () =>
    bus.execute(commands.acceptMessages, {
      org: 'a',
      actor: system,
      id: 'k',
      input: { arrivals: [arrival('one')] },
    });
  const [first, second] = await Promise.all([once(), once()]);
  expect(await once()).toEqual(first);
  expect(second).toEqual(first);
  await expect(
    bus.execute(commands.acceptMessages, {
      org: 'a',
      actor: system,
      id: 'k',
      input: { arrivals: [arrival('two')] },
    }),
  ).rejects.toThrow(/used before/);
});
