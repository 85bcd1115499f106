import { Failure } from '@roost/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { StoreEngine } from '../commands/index.ts';
import { ManualClock } from '../commands/testing/manual-clock.ts';
import { Node } from '../commands/testing/node.ts';
import { registry } from '../domain/index.ts';
import { Correspondence } from '../domain/outbox/testing/correspondence.ts';
import { openSqlite, type SqliteDatabase } from '../store/sqlite/sqlite.ts';
import { ATTEMPTS_MAX } from './backoff.ts';
import { Outbox } from './outbox.ts';
import type { OutboxNeeds, Route } from './outbox-needs.ts';
import { Provider, rest } from './testing/provider.ts';

let clock: ManualClock;
let database: SqliteDatabase;
let node: Node;
let desk: Correspondence;
let provider: Provider;
let outboxes: Outbox[];
let said: string[];
beforeEach(async () => {
  clock = new ManualClock();
  database = await openSqlite(':memory:');
  node = new Node(new StoreEngine(database, registry, clock, Math.random));
  desk = await Correspondence.begin(node.bus, 'a');
  provider = new Provider(clock);
  outboxes = [];
  said = [];
});
afterEach(async () => {
  for (const outbox of outboxes) {
    const stopping = outbox.stop();
    await rest();
    clock.advance(20_000);
    await stopping;
  }
  await node.bus.idle();
  await database.close();
});

function open({
  route,
  isAlone = true,
  ...some
}: { route?: Route; isAlone?: boolean } & Partial<OutboxNeeds> = {}): Outbox {
  const log = {
    warn: (_about: object, says: string) => void said.push(says),
    error: (_about: object, says: string) => void said.push(says),
  };
  const needs = { bus: node.bus, routes: [route ?? provider.route()], log, ...some };
  const outbox = new Outbox(needs, clock, () => 0.5, isAlone);
  outboxes.push(outbox);
  return outbox;
}

/** A message from here, of which the outbox hears as the server does. */
async function answered(outbox: Outbox, conversation: string, text = 'Hello'): Promise<string> {
  const before = node.committed.length;
  const id = await desk.answer(conversation, text);
  outbox.hear(node.committed.slice(before));
  await rest();
  return id;
}

async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 1_000) {
    clock.advance(Math.min(left, 1_000));
    await rest();
  }
}

test('what is committed here goes out at once, without waiting for a look', async () => {
  const outbox = open();
  await rest();
  const id = await answered(outbox, await desk.begun());
  expect(provider.taken).toEqual([id]);
  expect(await desk.message(id)).toMatchObject({ status: 'sent', error: null });
});

test('what another process has queued goes out with the next look', async () => {
  open();
  await rest();
  const id = await desk.answer(await desk.begun(), 'Hello');
  await rest();
  expect(provider.taken).toEqual([]);
  await pass(1_000);
  expect(provider.taken).toEqual([id]);
});

test('what was waiting when the server stopped goes out when it is back', async () => {
  const id = await desk.answer(await desk.begun(), 'Hello');
  open();
  await rest();
  expect(provider.taken).toEqual([id]);
});

test('a busy other side is tried again, later each time, and given up in words', async () => {
  provider.mood = () => 'busy';
  const outbox = open();
  const id = await answered(outbox, await desk.begun());
  expect(await desk.message(id)).toMatchObject({ status: 'queued', error: 'Busy.' });
  for (let at = 1; at < ATTEMPTS_MAX; at += 1) {
    expect((await desk.message(id)).status).toBe('queued');
    clock.advance(3_600_000);
    await rest();
  }
  expect(await desk.message(id)).toMatchObject({ status: 'failed', error: 'Busy. It was tried 20 times.' });
});

test('a refusal is final, and says why', async () => {
  provider.mood = () => 'refuses';
  const id = await answered(open(), await desk.begun());
  expect(await desk.message(id)).toMatchObject({ status: 'failed', error: 'No.' });
});

test('a transport that breaks makes the message unknown: nobody knows how far it came', async () => {
  provider.mood = () => 'breaks';
  const id = await answered(open(), await desk.begun());
  expect(await desk.statusOf(id)).toBe('unknown');
  expect(said).toEqual(['A transport failed']);
});

test('an attempt that does not end is given up at its deadline, and one that ignores that soon after', async () => {
  provider.mood = () => 'hears nothing';
  const first = await answered(open(), await desk.begun());
  await pass(59_000);
  expect(await desk.statusOf(first)).toBe('queued');
  await pass(2_000);
  expect(await desk.message(first)).toMatchObject({ status: 'unknown', error: 'No answer came.' });

  const deaf = open({ route: { ...provider.route(), send: () => new Promise(() => {}) } });
  await outboxes[0]?.stop();
  const second = await answered(deaf, await desk.begun('bob@example.org'));
  await pass(64_000);
  expect(await desk.statusOf(second)).toBe('queued');
  await pass(2_000);
  expect(await desk.statusOf(second)).toBe('unknown');
});

describe('order', () => {
  test('messages of a conversation go out one after another, of several side by side', async () => {
    provider.pace = () => 1_000;
    const [one, two] = [await desk.begun(), await desk.begun('bob@example.org')];
    const ids = [
      await desk.answer(one, '1'),
      await desk.answer(two, '2'),
      await desk.answer(one, '3'),
      await desk.answer(two, '4'),
    ];
    open();
    await rest();
    await pass(1_000);
    expect(provider.taken).toEqual([ids[0], ids[1]]);
    await pass(1_000);
    expect(provider.taken).toEqual(ids);
    expect(provider.atOnceMax).toBe(2);
  });

  test('one that waits for another attempt keeps the later ones of its conversation waiting, and no others', async () => {
    const moods = ['busy', 'takes', 'takes', 'takes'] as const;
    let at = 0;
    provider.mood = () => moods[at++] ?? 'takes';
    const [one, two] = [await desk.begun(), await desk.begun('bob@example.org')];
    const first = await desk.answer(one, '1');
    const second = await desk.answer(one, '2');
    const third = await desk.answer(two, '3');
    open();
    await rest();
    expect(provider.taken).toEqual([third]);
    await pass(6_000);
    expect(provider.taken).toEqual([third, first, second]);
  });
});

describe('bounds', () => {
  test('no more at once than the route allows, and all of them in the end', async () => {
    provider.pace = () => 500;
    const ids: string[] = [];
    for (let at = 0; at < 20; at += 1)
      ids.push(await desk.answer(await desk.begun(`p${at}@example.org`), `${at}`));
    open({ route: provider.route(undefined, { atOnceMax: 3 }) });
    await rest();
    await pass(10_000);
    expect(provider.atOnceMax).toBe(3);
    expect([...provider.taken].sort()).toEqual([...ids].sort());
  });

  test('an inbox with much to say leaves room for the others', async () => {
    provider.pace = () => 10_000;
    for (let at = 0; at < 6; at += 1) await desk.answer(await desk.begun(`p${at}@example.org`), `${at}`);
    const other = await Correspondence.begin(node.bus, 'b');
    const id = await other.answer(await other.begun(), 'Me too');
    open({ route: provider.route(undefined, { atOnceMax: 4, perInboxMax: 3 }) });
    await rest();
    await pass(10_000);
    expect(provider.taken).toHaveLength(4);
    expect(provider.taken).toContain(id);
  });
});

describe('two nodes over one store', () => {
  test('hand over each message once', async () => {
    provider.pace = () => 100;
    const ids: string[] = [];
    for (let at = 0; at < 30; at += 1)
      ids.push(await desk.answer(await desk.begun(`p${at % 10}@example.org`), `${at}`));
    open({ isAlone: false });
    open({ isAlone: false });
    await rest();
    await pass(5_000);
    expect([...provider.taken].sort()).toEqual([...ids].sort());
  });
});

describe('the end', () => {
  test('what is being handed over may end; the rest stays where it is', async () => {
    provider.pace = () => 2_000;
    const conversation = await desk.begun();
    const first = await desk.answer(conversation, '1');
    const second = await desk.answer(conversation, '2');
    const outbox = open();
    await rest();
    const stopping = outbox.stop();
    await pass(2_000);
    await stopping;
    await pass(5_000);
    expect(provider.taken).toEqual([first]);
    expect(await desk.statusOf(first)).toBe('sent');
    expect(await desk.statusOf(second)).toBe('queued');
    open();
    await rest();
    await pass(2_000);
    expect(provider.taken).toEqual([first, second]);
  });

  test('what takes too long is given up: what was not handed over is sent as soon as the server is back', async () => {
    provider.pace = () => 30_000;
    const id = await desk.answer(await desk.begun(), '1');
    const outbox = open();
    await rest();
    const stopping = outbox.stop();
    await pass(5_000);
    await stopping;
    expect(await desk.message(id)).toMatchObject({
      status: 'queued',
      error: 'The server was restarted; it is sent as soon as it is back.',
    });
    provider.pace = () => 0;
    open();
    await rest();
    expect(provider.taken).toEqual([id]);
  });
});

test('an outcome outlives a store that does not answer for a while', async () => {
  let failures = 3;
  const { bus } = node;
  const flaky: OutboxNeeds['bus'] = {
    query: (query, request) => bus.query(query, request),
    execute(command, request) {
      if (command.name === 'outbox.settle' && failures-- > 0)
        return Promise.reject(new Failure('store.unavailable'));
      return bus.execute(command, request);
    },
  };
  const id = await answered(open({ bus: flaky }), await desk.begun());
  expect(await desk.statusOf(id)).toBe('queued');
  await pass(3_000);
  expect(await desk.statusOf(id)).toBe('sent');
  expect(provider.taken).toEqual([id]);
});

test('a store that cannot be read is looked at again, and told of once', async () => {
  let failures = 3;
  const { bus } = node;
  const flaky: OutboxNeeds['bus'] = {
    execute: (command, request) => bus.execute(command, request),
    query(query, request) {
      if (failures-- > 0) return Promise.reject(new Failure('store.unavailable'));
      return bus.query(query, request);
    },
  };
  const id = await desk.answer(await desk.begun(), 'Hello');
  open({ bus: flaky });
  await rest();
  expect(provider.taken).toEqual([]);
  await pass(4_000);
  expect(provider.taken).toEqual([id]);
  expect(said).toEqual(['The outbox could not be read']);
});
