import { Failure } from '@roost/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type CommandBus, StoreEngine } from '../../commands/index.ts';
import { ManualClock } from '../../commands/testing/manual-clock.ts';
import { Node } from '../../commands/testing/node.ts';
import { openSqlite, type SqliteDatabase } from '../../store/sqlite/sqlite.ts';
import { type Claimed, commands, type OutgoingOutcome, queries, registry } from '../index.ts';
import { Correspondence } from './testing/correspondence.ts';

const system = { kind: 'system', name: 'test' } as const;
const LEASE_MS = 60_000;

let clock: ManualClock;
let database: SqliteDatabase;
let node: Node;
let bus: CommandBus;
let desk: Correspondence;
beforeEach(async () => {
  clock = new ManualClock();
  database = await openSqlite(':memory:');
  node = new Node(new StoreEngine(database, registry, clock, Math.random));
  bus = node.bus;
  desk = await Correspondence.begin(bus, 'a');
});
afterEach(async () => {
  await bus.idle();
  await database.close();
  expect(node.unexpected).toEqual([]);
});

function due(without_inboxes: string[] = []) {
  const input = { now: clock.now(), via: 'mail' as const, without_inboxes, limit: 100 };
  return bus
    .query(queries.dueOutgoing, { org: '', actor: system, input })
    .then((rows) => rows.map(({ message_id }) => message_id));
}

async function claim(...message_ids: string[]): Promise<readonly Claimed[]> {
  const input = { message_ids, lease_ms: LEASE_MS };
  return (await bus.execute(commands.claimOutgoing, { org: 'a', actor: system, input })).result;
}

async function claimOne(message_id: string): Promise<Claimed> {
  const [claimed] = await claim(message_id);
  if (!claimed) throw new Error('It could not be claimed.');
  return claimed;
}

async function settle({ item, lease_until }: Claimed, outcome: OutgoingOutcome): Promise<boolean> {
  const input = { message_id: item.message_id, lease_until, outcome };
  return (await bus.execute(commands.settleOutgoing, { org: 'a', actor: system, input })).result;
}

async function giveUp(...message_ids: string[]): Promise<number> {
  const input = { message_ids, lease_before: clock.now() };
  return (await bus.execute(commands.giveUpOutgoing, { org: 'a', actor: system, input })).result;
}

const decide = {
  again: (message_id: string) =>
    bus.execute(commands.sendAgain, { org: 'a', actor: system, input: { message_id } }),
  sent: (message_id: string) =>
    bus.execute(commands.markSent, { org: 'a', actor: system, input: { message_id } }),
  cancel: (message_id: string) =>
    bus.execute(commands.cancelSending, { org: 'a', actor: system, input: { message_id } }),
};

const code = (failing: Promise<unknown>) =>
  failing.then(
    () => 'nothing',
    (error) => (error instanceof Failure ? error.code : String(error)),
  );

const SENT: OutgoingOutcome = { kind: 'sent', external_id: '<x@y>', says: null };

describe('an attempt', () => {
  test('takes a message with all that is needed to send it, and nobody else gets it meanwhile', async () => {
    const id = await desk.answer(await desk.begun(), 'Here you are.');
    expect(await due()).toEqual([id]);
    const { item } = await claimOne(id);
    expect(item).toMatchObject({
      org: 'a',
      message_id: id,
      inbox_id: desk.inbox_id,
      via: 'mail',
      attempts: 1,
      payload: {
        from: { address: 'help@a.test', name: 'Help' },
        to: { address: 'ann@example.org' },
        text: 'Here you are.',
        reply_to_external_id: '<q1@example.org>',
        references: ['<q1@example.org>'],
        message_id_header: `<${id}@a.test>`,
      },
    });
    expect(await due()).toEqual([]);
    expect(await claim(id)).toEqual([]);
  });

  test('that is made shows nowhere: readers see a change only when there is an outcome', async () => {
    const id = await desk.answer(await desk.begun(), 'Hello');
    const before = node.committed.length;
    const claimed = await claimOne(id);
    expect(node.committed.length).toBe(before);
    expect(await desk.statusOf(id)).toBe('queued');
    await settle(claimed, SENT);
    expect(node.committed.length).toBe(before + 1);
    expect(await desk.message(id)).toMatchObject({ status: 'sent', error: null });
  });

  test('that was sent is over: the row is gone, the other side’s id is kept', async () => {
    const id = await desk.answer(await desk.begun(), 'Hello');
    expect(await settle(await claimOne(id), SENT)).toBe(true);
    expect(await database.read((tx) => tx.all('select * from outbox'))).toEqual([]);
    expect(await database.read((tx) => tx.get('select external_id from message where id = ?', id))).toEqual({
      external_id: '<x@y>',
    });
  });

  test('that is to be made later waits for its time, and says why', async () => {
    const id = await desk.answer(await desk.begun(), 'Hello');
    await settle(await claimOne(id), { kind: 'later', after_ms: 5_000, says: 'Nobody is there.' });
    expect(await desk.message(id)).toMatchObject({ status: 'queued', error: 'Nobody is there.' });
    clock.advance(4_999);
    expect(await due()).toEqual([]);
    expect(await claim(id)).toEqual([]);
    clock.advance(1);
    expect(await due()).toEqual([id]);
    const second = await claimOne(id);
    expect(second.item.attempts).toBe(2);
    await settle(second, SENT);
    expect(await desk.message(id)).toMatchObject({ status: 'sent', error: null });
  });

  test('settled twice counts once', async () => {
    const id = await desk.answer(await desk.begun(), 'Hello');
    const claimed = await claimOne(id);
    expect(await settle(claimed, SENT)).toBe(true);
    expect(await settle(claimed, { kind: 'failed', says: 'No.' })).toBe(false);
    expect(await desk.statusOf(id)).toBe('sent');
  });
});

describe('of a conversation', () => {
  test('a later message waits for the earlier one, also while that waits for another attempt', async () => {
    const conversation = await desk.begun();
    const other = await desk.begun('bob@example.org');
    const [first, second, third] = [
      await desk.answer(conversation, 'one'),
      await desk.answer(conversation, 'two'),
      await desk.answer(other, 'three'),
    ];
    expect(await due()).toEqual([first, third]);
    expect((await claim(second, first, third)).map(({ item }) => item.message_id)).toEqual([first, third]);
    const [claimed] = await claim(second);
    expect(claimed).toBeUndefined();
    expect(await due()).toEqual([]);
  });

  test('one that failed, was given up, or of which nobody knows holds up nothing', async () => {
    const conversation = await desk.begun();
    const first = await desk.answer(conversation, 'one');
    const second = await desk.answer(conversation, 'two');
    const third = await desk.answer(conversation, 'three');
    await settle(await claimOne(first), { kind: 'failed', says: 'No.' });
    expect(await due()).toEqual([second]);
    await settle(await claimOne(second), { kind: 'unknown', says: 'Who knows.' });
    expect(await due()).toEqual([third]);
  });

  test('inboxes that have enough under way are left out', async () => {
    await desk.answer(await desk.begun(), 'one');
    expect(await due([desk.inbox_id])).toEqual([]);
  });
});

describe('a lease that ends', () => {
  test('makes the message unknown, in words, and never sends it again by itself', async () => {
    const id = await desk.answer(await desk.begun(), 'Hello');
    await claimOne(id);
    expect(await giveUp(id)).toBe(0);
    clock.advance(LEASE_MS + 1);
    const input = { lease_before: clock.now(), limit: 10 };
    const overdue = await bus.query(queries.overdueOutgoing, { org: '', actor: system, input });
    expect(overdue.map(({ message_id }) => message_id)).toEqual([id]);
    expect(await giveUp(id)).toBe(1);
    expect(await desk.message(id)).toMatchObject({
      status: 'unknown',
      error: expect.stringContaining('It may or may not have been sent'),
    });
    clock.advance(10 ** 9);
    expect(await due()).toEqual([]);
    expect(await claim(id)).toEqual([]);
  });

  test('too early does not make anybody forget what became of it', async () => {
    const id = await desk.answer(await desk.begun(), 'Hello');
    const claimed = await claimOne(id);
    clock.advance(LEASE_MS + 1);
    await giveUp(id);
    expect(await settle(claimed, SENT)).toBe(true);
    expect(await desk.statusOf(id)).toBe('sent');
  });

  test('and an attempt that was refused after all: failed, for a person to send again', async () => {
    const id = await desk.answer(await desk.begun(), 'Hello');
    const claimed = await claimOne(id);
    clock.advance(LEASE_MS + 1);
    await giveUp(id);
    expect(await settle(claimed, { kind: 'later', after_ms: 0, says: 'Come again.' })).toBe(true);
    expect(await desk.message(id)).toMatchObject({ status: 'failed', error: 'Come again.' });
    expect(await due()).toEqual([]);
  });

  test('after a newer attempt began, the older one’s outcome changes nothing', async () => {
    const id = await desk.answer(await desk.begun(), 'Hello');
    const old = await claimOne(id);
    clock.advance(LEASE_MS + 1);
    await giveUp(id);
    await decide.again(id);
    const fresh = await claimOne(id);
    expect(await settle(old, { kind: 'failed', says: 'No.' })).toBe(false);
    expect(await desk.statusOf(id)).toBe('queued');
    expect(await settle(fresh, SENT)).toBe(true);
  });
});

describe('a person decides', () => {
  async function unknown(): Promise<string> {
    const id = await desk.answer(await desk.begun(), 'Hello');
    await settle(await claimOne(id), { kind: 'unknown', says: 'Who knows.' });
    return id;
  }

  test('to send again what failed or is not known: it is queued as if it were new', async () => {
    const id = await unknown();
    await decide.again(id);
    expect(await desk.message(id)).toMatchObject({ status: 'queued', error: null });
    const again = await claimOne(id);
    expect(again.item.attempts).toBe(1);
    await settle(again, { kind: 'failed', says: 'No.' });
    await decide.again(id);
    expect(await due()).toEqual([id]);
  });

  test('that it was sent: it is not sent again', async () => {
    const id = await unknown();
    await decide.sent(id);
    expect(await desk.message(id)).toMatchObject({ status: 'sent', error: null });
    expect(await due()).toEqual([]);
    expect(await code(decide.again(id))).toBe('message.settled');
  });

  test('to cancel what waits: it is not sent, unless they think again', async () => {
    const id = await desk.answer(await desk.begun(), 'Hello');
    await decide.cancel(id);
    expect(await desk.message(id)).toMatchObject({
      status: 'failed',
      error: 'Cancelled before it was sent.',
    });
    expect(await due()).toEqual([]);
    await decide.again(id);
    expect(await due()).toEqual([id]);
  });

  test('to give up what is not known: failed, and it says that it may have been sent', async () => {
    const id = await unknown();
    await decide.cancel(id);
    expect(await desk.message(id)).toMatchObject({
      status: 'failed',
      error: expect.stringContaining('may have been sent'),
    });
  });

  test('not in the middle of an attempt, nor about what is over or waits for nothing', async () => {
    const id = await desk.answer(await desk.begun(), 'Hello');
    expect(await code(decide.sent(id))).toBe('message.settled');
    const claimed = await claimOne(id);
    for (const one of [decide.again, decide.sent, decide.cancel])
      expect(await code(one(id))).toBe('message.under_way');
    await settle(claimed, SENT);
    for (const one of [decide.again, decide.sent, decide.cancel])
      expect(await code(one(id))).toBe('message.settled');
    expect(await code(decide.again('no such'))).toBe('message.unknown');
  });

  test('who is impatient has the next attempt made at once', async () => {
    const id = await desk.answer(await desk.begun(), 'Hello');
    await settle(await claimOne(id), { kind: 'later', after_ms: 3_600_000, says: 'Busy.' });
    expect(await due()).toEqual([]);
    await decide.again(id);
    expect(await due()).toEqual([id]);
  });
});

test('a message deleted while it is on its way is sent no more, and its outcome harms nothing', async () => {
  const [first, second] = [
    await desk.answer(await desk.begun(), 'one'),
    await desk.answer(await desk.begun(), 'two'),
  ];
  const claimed = await claimOne(first);
  await bus.execute(commands.removeMessages, {
    org: 'a',
    actor: system,
    input: { message_ids: [first, second] },
  });
  expect(await due()).toEqual([]);
  expect(await claim(second)).toEqual([]);
  await settle(claimed, SENT);
  expect(await database.read((tx) => tx.all('select * from outbox'))).toEqual([]);
});

test('how a message was to be sent is forgotten a month after it failed, and not while it waits', async () => {
  const failed = await desk.answer(await desk.begun(), 'one');
  await settle(await claimOne(failed), { kind: 'failed', says: 'No.' });
  const waiting = await desk.answer(await desk.begun('bob@example.org'), 'two');
  const drop = (before: number) =>
    bus.execute(commands.dropOldOutgoing, { org: 'a', actor: system, input: { before } });
  await drop(clock.now());
  await decide.again(failed);
  await decide.cancel(failed);
  await drop(clock.now() + 1);
  expect(await code(decide.again(failed))).toBe('message.settled');
  expect(await desk.statusOf(failed)).toBe('failed');
  expect(await due()).toEqual([waiting]);
});
