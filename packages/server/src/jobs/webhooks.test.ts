import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemSecrets } from '../clock.ts';
import { StoreEngine } from '../commands/index.ts';
import { arrival } from '../commands/testing/arrivals.ts';
import { ManualClock } from '../commands/testing/manual-clock.ts';
import { Node, system } from '../commands/testing/node.ts';
import { commands, queries, registry } from '../domain/index.ts';
import { Correspondence } from '../domain/outbox/testing/correspondence.ts';
import { openWebhooks } from '../open-webhooks.ts';
import { newWebhookSecret } from '../outbound/webhooks/index.ts';
import { openSqlite, type SqliteDatabase } from '../store/sqlite/sqlite.ts';
import { Receiver, verify } from './testing/receiver.ts';
import type { WebhookNeeds } from './webhook-needs.ts';
import { DELIVERIES_KEPT_MS, Webhooks } from './webhooks.ts';

const HOUR_MS = 3_600_000;

let clock: ManualClock;
let database: SqliteDatabase;
let node: Node;
let desk: Correspondence;
let receiver: Receiver;
let running: Webhooks[];
let said: string[];
beforeEach(async () => {
  clock = new ManualClock();
  database = await openSqlite(':memory:');
  node = new Node(new StoreEngine(database, registry, clock, Math.random));
  desk = await Correspondence.begin(node.bus, 'a');
  receiver = await Receiver.open();
  running = [];
  said = [];
});
afterEach(async () => {
  await receiver.close();
  for (const webhooks of running) await webhooks.stop();
  await node.bus.idle();
  await database.close();
});

const log = {
  warn: (_: object, says: string) => void said.push(says),
  error: (_: object, says: string) => void said.push(says),
};

/** A server process, as far as webhooks go. */
function start(allowed: readonly string[] = ['127.0.0.0/8']): Webhooks {
  const webhooks = openWebhooks(
    { webhookAllowPrivate: [...allowed] },
    { bus: node.bus, log },
    clock,
    () => 0.5,
  );
  running.push(webhooks);
  return webhooks;
}

/** One that does with its requests what the test says. */
function startWith(send: WebhookNeeds['send'], bus: WebhookNeeds['bus'] = node.bus): Webhooks {
  const webhooks = new Webhooks({ bus, log, send }, clock, () => 0.5);
  running.push(webhooks);
  return webhooks;
}

async function add(
  some: { events?: ('message:received' | 'conversation:created')[]; inbox_ids?: string[]; url?: string } = {},
) {
  const secret = newWebhookSecret(systemSecrets);
  const input = { name: 'Books', url: receiver.url, events: [], inbox_ids: [], secret, ...some };
  const { result } = await node.bus.execute(commands.addWebhook, { org: 'a', actor: system, input });
  return { id: result.id, secret };
}

async function deliveries(webhook_id: string) {
  const input = { webhook_id, state: null, before: null, limit: 200 };
  return (await node.bus.query(queries.listDeliveries, { org: 'a', actor: system, input })).rows;
}

function webhook(webhook_id: string) {
  return node.bus.query(queries.readWebhook, { org: 'a', actor: system, input: { webhook_id } });
}

/** Lets time pass, a little at a time, until the condition holds. */
async function until(holds: () => boolean | Promise<boolean>, stepMs = 200): Promise<void> {
  for (let tries = 0; tries < 500; tries += 1) {
    if (await holds()) return;
    clock.advance(stepMs);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  throw new Error('It did not come to pass');
}

async function settled(webhook_id: string, count: number): Promise<void> {
  await until(async () => {
    const rows = await deliveries(webhook_id);
    return rows.length >= count && rows.every(({ state }) => state === 'delivered' || state === 'failed');
  });
}

describe('a delivery', () => {
  test('is signed so that the receiver’s own check agrees, and has the envelope of events', async () => {
    const { id, secret } = await add({ events: ['message:received'] });
    start();
    const conversation = await desk.begun('Ann Lee <ann@example.org>');
    await settled(id, 1);
    const [request] = receiver.received;
    if (!request) throw new Error('Nothing came');
    expect(() => verify(secret, request, clock.now())).not.toThrow();
    expect(() => verify(newWebhookSecret(systemSecrets), request, clock.now())).toThrow('No signature');
    expect(() => verify(secret, { ...request, body: `${request.body} ` }, clock.now())).toThrow(
      'No signature',
    );
    expect(() => verify(secret, request, clock.now() + HOUR_MS)).toThrow('too old');
    expect(JSON.parse(request.body)).toMatchObject({
      id: request.headers['webhook-id'],
      event: 'message:received',
      offset: expect.any(Number),
      data: {
        conversationId: conversation,
        contactName: 'Ann Lee',
        address: 'ann@example.org',
        body: 'Hello',
      },
    });
    expect(request.headers['content-type']).toBe('application/json');
    expect(await deliveries(id)).toMatchObject([{ state: 'delivered', attempts: 1, answered: 204 }]);
  });

  test('comes of every event after the webhook was added, in the order of the log, and of none before', async () => {
    await desk.begun('early@example.org');
    const { id } = await add();
    start();
    const conversation = await desk.begun('ann@example.org');
    await desk.answer(conversation, 'Hello Ann');
    await settled(id, 4);
    const names = (await deliveries(id)).map(({ event }) => event).reverse();
    expect(names).toEqual([
      'contact:updated',
      'conversation:created',
      'message:received',
      'conversation:unread_updated',
    ]);
    const ids = receiver.bodies.map((body) => body.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(receiver.bodies.filter(({ data }) => data.address === 'early@example.org')).toEqual([]);
  });

  test('comes only of the events and inboxes that were asked for', async () => {
    const input = {
      kind: 'mail' as const,
      address: 'sales@a.test',
      name: 'Sales',
      access: 'everyone' as const,
      member_ids: [],
      settings: {},
    };
    const other = await node.bus.execute(commands.createInbox, { org: 'a', actor: system, input });
    const created = await add({ events: ['conversation:created'] });
    const elsewhere = await add({ inbox_ids: [other.result.id] });
    start();
    await desk.begun('ann@example.org');
    await settled(created.id, 1);
    expect((await deliveries(created.id)).map(({ event }) => event)).toEqual(['conversation:created']);
    expect(await deliveries(elsewhere.id)).toEqual([]);
  });

  test('never comes of what members say among themselves', async () => {
    const { id } = await add();
    const invited = { email: 'bob@a.test', name: 'Bob', role: 'agent' as const, password_hash: null };
    const bob = await node.bus.execute(commands.addMember, { org: 'a', actor: system, input: invited });
    const owner = { kind: 'member', user_id: desk.ownerId, session_id: 's' } as const;
    const direct = await node.bus.execute(commands.startDirect, {
      org: 'a',
      actor: owner,
      input: { user_ids: [bob.result.id] },
    });
    await node.bus.execute(commands.sendMessage, {
      org: 'a',
      actor: owner,
      input: {
        conversation_id: direct.result.conversation_id,
        kind: 'reply',
        text: 'Between us',
        uploads: [],
        override: true,
      },
    });
    await desk.begun();
    start();
    await settled(id, 4);
    expect(receiver.received.some(({ body }) => body.includes('Between us'))).toBe(false);
    expect(receiver.bodies.every(({ data }) => !('inboxId' in data) || data.inboxId !== null)).toBe(true);
  });
});

describe('at least once, recognisable', () => {
  test('a process that dies between sending and settling: the next one sends the same again, with the same id', async () => {
    const { id } = await add({ events: ['message:received'] });
    const dead = new Promise<never>(() => {});
    let isDead = false;
    // Everything up to the settling gets through to the store.
    const bus: WebhookNeeds['bus'] = {
      query: (query, request) => (isDead ? dead : node.bus.query(query, request)),
      execute: (command, request) => {
        isDead ||= command.name === 'webhook.settle';
        return isDead ? dead : node.bus.execute(command, request);
      },
    };
    const { url } = receiver;
    const first = startWith(async ({ body }) => {
      await fetch(url, { method: 'POST', body });
      return { kind: 'answered', status: 200, retryAfter: null, says: '' };
    }, bus);
    await desk.begun();
    await until(() => isDead);
    running.splice(running.indexOf(first), 1);
    start();
    await settled(id, 1);
    expect(receiver.bodies.map((body) => body.id)).toEqual([receiver.bodies[0]?.id, receiver.bodies[0]?.id]);
    expect(await deliveries(id)).toMatchObject([{ state: 'delivered', attempts: 2 }]);
  });

  test('what was committed while no server ran is sent by the next, once', async () => {
    const { id } = await add({ events: ['message:received'] });
    const first = start();
    await desk.begun('one@example.org');
    await settled(id, 1);
    await first.stop();
    await desk.begun('two@example.org');
    await desk.begun('three@example.org');
    start();
    await settled(id, 3);
    expect(receiver.bodies.map(({ data }) => data.address).sort()).toEqual([
      'one@example.org',
      'three@example.org',
      'two@example.org',
    ]);
  });

  test('two nodes send each once', async () => {
    const { id } = await add({ events: ['message:received'] });
    start();
    start();
    for (let n = 0; n < 12; n += 1) await desk.begun(`c${n}@example.org`);
    await settled(id, 12);
    const ids = receiver.bodies.map((body) => body.id);
    expect([ids.length, new Set(ids).size]).toEqual([12, 12]);
  });

  test('stopping breaks off what does not end, and whoever comes next sends it', async () => {
    const { id } = await add({ events: ['message:received'] });
    let isHeld = true;
    receiver.answer = () => (isHeld ? new Promise(() => {}) : { status: 200 });
    const first = start();
    await desk.begun();
    await until(() => receiver.received.length === 1);
    let isStopped = false;
    void first.stop().then(() => {
      isStopped = true;
    });
    await until(() => isStopped);
    expect(await deliveries(id)).toMatchObject([{ state: 'waiting', attempts: 0 }]);
    isHeld = false;
    start();
    await settled(id, 1);
  });
});

describe('a receiver that does not take it', () => {
  test('is tried again after ever longer, and what it said is kept', async () => {
    const { id } = await add({ events: ['message:received'] });
    receiver.answer = () => ({ status: 500, body: 'Out of\n  paper' });
    start();
    await desk.begun();
    await until(async () => (await deliveries(id))[0]?.attempts === 3);
    await until(async () => (await deliveries(id))[0]?.state === 'waiting');
    expect(await deliveries(id)).toMatchObject([
      { state: 'waiting', answered: 500, says: 'The receiver answered 500. “Out of paper”' },
    ]);
    expect((await webhook(id)).problem).toContain('500');
    receiver.answer = () => ({ status: 200 });
    await settled(id, 1);
    expect(await webhook(id)).toMatchObject({ failing_since: null, problem: null });
  });

  test('says with Retry-After when to come back', async () => {
    const { id } = await add({ events: ['message:received'] });
    receiver.answer = () => ({ status: 429, headers: { 'retry-after': '7200' } });
    start();
    await desk.begun();
    await until(async () => (await deliveries(id))[0]?.answered === 429);
    const [row] = await deliveries(id);
    expect((row?.next_at ?? 0) - clock.now()).toBeGreaterThan(HOUR_MS);
  });

  test('is given up after three days, the webhook paused with a sentence, and goes on when it is set active', async () => {
    const { id } = await add({ events: ['message:received'] });
    receiver.answer = () => ({ status: 503 });
    start();
    await desk.begun('one@example.org');
    await until(async () => (await deliveries(id))[0]?.state === 'failed', 30 * 60_000);
    await desk.begun('two@example.org');
    await until(async () => (await webhook(id)).paused_at !== null, 30 * 60_000);
    expect((await webhook(id)).problem).toMatch(/^Paused: nothing was taken since .* 503/);
    await desk.begun('three@example.org');
    receiver.answer = () => ({ status: 200 });
    const input = { webhook_id: id, active: true };
    await node.bus.execute(commands.updateWebhook, { org: 'a', actor: system, input });
    receiver.received.length = 0;
    await desk.begun('four@example.org');
    await until(() => receiver.bodies.some(({ data }) => data.address === 'four@example.org'));
    expect(receiver.bodies.some(({ data }) => data.address === 'three@example.org')).toBe(false);
  });

  test('that is gone for good is asked no more', async () => {
    const { id } = await add({ events: ['message:received'] });
    receiver.answer = () => ({ status: 410 });
    start();
    await desk.begun();
    await until(async () => (await webhook(id)).paused_at !== null);
    expect((await webhook(id)).problem).toContain('410');
  });

  test('is not followed elsewhere', async () => {
    const { id } = await add({ events: ['message:received'] });
    receiver.answer = () => ({ status: 302, headers: { location: receiver.url } });
    start();
    await desk.begun();
    await until(async () => (await deliveries(id))[0]?.answered === 302);
    expect(receiver.received).toHaveLength(1);
  });

  test('keeps no other from being told', async () => {
    const slow = await add({ events: ['message:received'] });
    const quick = await Receiver.open();
    receiver.answer = () => new Promise(() => {});
    const other = await add({ events: ['message:received'], url: quick.url });
    start();
    for (let n = 0; n < 40; n += 1) await desk.begun(`c${n}@example.org`);
    await until(() => quick.received.length === 40, 10);
    expect((await deliveries(other.id)).length).toBe(40);
    expect(receiver.received.length).toBeLessThanOrEqual(4);
    await node.bus.execute(commands.removeWebhook, {
      org: 'a',
      actor: system,
      input: { webhook_id: slow.id },
    });
    await quick.close();
  });

  test('may answer without end: it is hung up on', async () => {
    const { id } = await add({ events: ['message:received'] });
    receiver.answer = () => ({ status: 200, body: Buffer.alloc(8 << 20, 'x') });
    start();
    await desk.begun();
    await settled(id, 1);
    expect((await deliveries(id))[0]?.says?.length).toBeLessThanOrEqual(300);
  });
});

describe('an address inside', () => {
  test('is not reached unless it is named', async () => {
    const { id } = await add({ events: ['message:received'] });
    start([]);
    await desk.begun();
    await until(async () => (await deliveries(id))[0]?.says != null);
    expect(await deliveries(id)).toMatchObject([
      { answered: null, says: expect.stringContaining('127.0.0.1 is not public') },
    ]);
    expect(receiver.received).toEqual([]);
  });

  test('is not reached by a name that leads there', async () => {
    const url = receiver.url.replace('127.0.0.1', 'localhost');
    const { id } = await add({ events: ['message:received'], url });
    start([]);
    await desk.begun();
    await until(async () => (await deliveries(id))[0]?.says != null);
    expect((await deliveries(id))[0]?.says).toContain('is not public');
    expect(receiver.received).toEqual([]);
  });
});

test('what was delivered can be delivered again, with the same id', async () => {
  const { id } = await add({ events: ['message:received'] });
  start();
  await desk.begun();
  await settled(id, 1);
  const delivery_id = (await deliveries(id))[0]?.id as string;
  const input = { webhook_id: id, delivery_id };
  await node.bus.execute(commands.redeliver, { org: 'a', actor: system, input });
  await until(() => receiver.received.length === 2);
  expect(receiver.bodies.map((body) => body.id)).toEqual([delivery_id, delivery_id]);
});

test('what was sent is forgotten after a week', async () => {
  const { id } = await add({ events: ['message:received'] });
  start();
  await desk.begun();
  await settled(id, 1);
  const before = clock.now() + DELIVERIES_KEPT_MS;
  await node.bus.execute(commands.trimDeliveries, { org: 'a', actor: system, input: { before } });
  expect(await deliveries(id)).toEqual([]);
});

test('mail for an inbox without conversations is told as well', async () => {
  await node.bus.execute(commands.keepMailInbox, {
    org: 'a',
    actor: system,
    input: { address: '*.sink.test' },
  });
  const { id } = await add();
  start();
  const input = { arrivals: [arrival('x@b.sink.test')] };
  await node.bus.execute(commands.acceptMessages, { org: 'a', actor: system, input });
  await settled(id, 1);
  expect(receiver.bodies).toMatchObject([{ event: 'message:received', data: { conversationId: null } }]);
});
