import { createHash } from 'node:crypto';
import type { MessageRow } from '@roost/protocol';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { StoreEngine } from '../../commands/index.ts';
import { ManualClock } from '../../commands/testing/manual-clock.ts';
import { Node } from '../../commands/testing/node.ts';
import { commands, queries, registry } from '../../domain/index.ts';
import { Correspondence } from '../../domain/outbox/testing/correspondence.ts';
import { openSqlite, type SqliteDatabase } from '../../store/sqlite/sqlite.ts';
import { mailToArrival } from '../mail.ts';
import { parseMail } from '../mime.ts';
import { OURS, report } from './testing/bounce.ts';
import { handWrittenBounces } from './testing/by-hand.ts';
import { standardBounces } from './testing/standard.ts';

const system = { kind: 'system', name: 'test' } as const;

let clock: ManualClock;
let database: SqliteDatabase;
let node: Node;
let desk: Correspondence;
beforeEach(async () => {
  clock = new ManualClock();
  database = await openSqlite(':memory:');
  node = new Node(new StoreEngine(database, registry, clock, Math.random));
  desk = await Correspondence.begin(node.bus, 'a');
});
afterEach(async () => {
  await node.bus.idle();
  await database.close();
  expect(node.unexpected).toEqual([]);
});

/** Hands over a message as the outbox does. */
async function sent(message_id: string): Promise<void> {
  const call = { org: 'a', actor: system };
  const { result } = await node.bus.execute(commands.claimOutgoing, {
    ...call,
    input: { message_ids: [message_id], lease_ms: 60_000 },
  });
  const { item, lease_until } = result[0] ?? {};
  if (!item || !lease_until) throw new Error('It could not be claimed.');
  const outcome = { kind: 'sent' as const, external_id: item.payload.message_id_header, says: null };
  await node.bus.execute(commands.settleOutgoing, { ...call, input: { message_id, lease_until, outcome } });
}

/** What came back by SMTP, about this message of ours. @returns the message that it became */
async function arrives(source: Buffer, about: string, to = 'help@a.test'): Promise<MessageRow> {
  const mail = Buffer.from(source.toString('utf8').replaceAll(OURS, `<${about}@a.test>`));
  const arrival = await mailToArrival(mail, [to], {
    blobs: { put: async (bytes) => createHash('sha256').update(bytes).digest('hex') },
    parse: parseMail,
  });
  const { result } = await node.bus.execute(commands.acceptMessages, {
    org: 'a',
    actor: system,
    input: { arrivals: [arrival] },
  });
  return desk.message(result[0]?.message_ids[0] as string);
}

async function conversations() {
  const input = {
    channel: 'conversations',
    params: { view: 'all' },
    user_id: desk.ownerId,
    before: null,
    limit: 50,
  };
  const { rows } = await node.bus.query(queries.readView, { org: 'a', actor: system, input });
  return rows.map((row) => JSON.parse(row));
}

const bounce = (name: string) => {
  const found = [...standardBounces, ...handWrittenBounces].find((one) => one.name === name);
  if (!found) throw new Error(`No bounce is named ${name}`);
  return found.source;
};

test('a mail that comes back is failed, in words; the report stands with the conversation', async () => {
  const conversation = await desk.begun();
  const id = await desk.answer(conversation, 'It is on its way.');
  await sent(id);
  const note = await arrives(bounce('Postfix: no such mailbox'), id);
  expect(await desk.message(id)).toMatchObject({
    status: 'failed',
    error: expect.stringContaining('could not be delivered to bob@example.org: there is no such mailbox'),
  });
  expect(note).toMatchObject({
    kind: 'system',
    conversation_id: conversation,
    reply_to: id,
    subject: 'Undelivered Mail Returned to Sender',
    text: expect.stringContaining('could not be delivered'),
  });
  expect(note).toHaveProperty('content.has_source', true);
});

test.each([...standardBounces, ...handWrittenBounces].filter(({ reads }) => reads?.message_id === OURS))(
  'by SMTP: $name',
  async ({ source, reads }) => {
    const id = await desk.answer(await desk.begun(), 'Hello');
    await sent(id);
    const note = await arrives(source, id);
    const expected = { failed: 'failed', delivered: 'delivered', delayed: 'sent', relayed: 'sent' };
    expect(await desk.statusOf(id)).toBe(expected[reads?.kind ?? 'failed']);
    expect(note.kind).toBe('system');
  },
);

test('a delay is told and fails nothing; what fails later does', async () => {
  const id = await desk.answer(await desk.begun(), 'Hello');
  await sent(id);
  const note = await arrives(bounce('Postfix: still trying'), id);
  expect(note.text).toMatch(/still being tried/);
  expect(await desk.message(id)).toMatchObject({ status: 'sent', error: null });
  await arrives(bounce('Sendmail: the mailbox is full, after days of trying'), id);
  expect(await desk.statusOf(id)).toBe('failed');
});

test('a report that is quicker than the answer of the mail server counts', async () => {
  const id = await desk.answer(await desk.begun(), 'Hello');
  const call = { org: 'a', actor: system };
  const { result } = await node.bus.execute(commands.claimOutgoing, {
    ...call,
    input: { message_ids: [id], lease_ms: 60_000 },
  });
  await arrives(bounce('qmail'), id);
  expect(await desk.statusOf(id)).toBe('failed');
  const lease_until = result[0]?.lease_until as number;
  const outcome = { kind: 'sent' as const, external_id: `<${id}@a.test>`, says: null };
  await node.bus.execute(commands.settleOutgoing, {
    ...call,
    input: { message_id: id, lease_until, outcome },
  });
  expect(await desk.message(id)).toMatchObject({
    status: 'failed',
    error: expect.stringContaining('there is no such mailbox'),
  });
});

test('a report about a message of which nobody knew settles it', async () => {
  const id = await desk.answer(await desk.begun(), 'Hello');
  await node.bus.execute(commands.claimOutgoing, {
    org: 'a',
    actor: system,
    input: { message_ids: [id], lease_ms: 60_000 },
  });
  clock.advance(60_001);
  await node.bus.execute(commands.giveUpOutgoing, {
    org: 'a',
    actor: system,
    input: { message_ids: [id], lease_before: clock.now() },
  });
  expect(await desk.statusOf(id)).toBe('unknown');
  await arrives(bounce('Postfix: delivered, because it was asked to tell'), id);
  expect(await desk.statusOf(id)).toBe('delivered');
  expect(await database.read((tx) => tx.all('select * from outbox'))).toEqual([]);
});

test('the same report again changes nothing', async () => {
  const id = await desk.answer(await desk.begun(), 'Hello');
  await sent(id);
  const first = await arrives(bounce('qmail'), id);
  const before = node.committed.length;
  const second = await arrives(bounce('qmail'), id);
  expect(second.id).toBe(first.id);
  expect(node.committed.length).toBe(before);
});

test('a closed conversation whose answer came back is open again, and makes nobody’s unread', async () => {
  const conversation = await desk.begun();
  const id = await desk.answer(conversation, 'Hello');
  await sent(id);
  const before = (await conversations())[0];
  await node.bus.execute(commands.changeConversations, {
    org: 'a',
    actor: system,
    input: { conversation_ids: [conversation], change: { status: 'closed' } },
  });
  await arrives(bounce('Postfix: still trying'), id);
  expect((await conversations())[0]?.status).toBe('closed');
  await arrives(bounce('qmail'), id);
  const after = (await conversations())[0];
  expect(after).toMatchObject({ id: conversation, status: 'open', resolved_at: null });
  expect(after.inbound_offset).toBe(before.inbound_offset);
  expect(after.answer_offset).toBe(before.answer_offset);
});

test('a report about a mail that nobody here sent is a mail like any other', async () => {
  const id = await desk.answer(await desk.begun(), 'Hello');
  await sent(id);
  const stranger = await arrives(bounce('Postfix: no such mailbox'), 'somebody-else');
  expect(stranger.kind).toBe('inbound');
  expect(await desk.statusOf(id)).toBe('sent');
  const silent = await arrives(bounce('without the original: nothing says which mail it is about'), id);
  expect(silent.kind).toBe('inbound');
});

test('a report that comes to another inbox says nothing about ours', async () => {
  const id = await desk.answer(await desk.begun(), 'Hello');
  await sent(id);
  await node.bus.execute(commands.keepMailInbox, {
    org: 'a',
    actor: system,
    input: { address: 'sales@a.test' },
  });
  const note = await arrives(bounce('qmail'), id, 'sales@a.test');
  expect(note.kind).toBe('inbound');
  expect(await desk.statusOf(id)).toBe('sent');
});

test('what a stranger sends as a report of a note or of an inbound mail touches neither', async () => {
  const conversation = await desk.begun();
  const inbound = (await conversations())[0]?.last_message.id as string;
  await arrives(
    report({
      headers: ['From: MAILER-DAEMON@x.example', 'Subject: x'],
      words: ['x'],
      status: ['Final-Recipient: rfc822;a@b.c', 'Action: failed', 'Status: 5.1.1'],
    }),
    inbound,
  );
  expect(await desk.message(inbound)).toMatchObject({
    status: null,
    error: null,
    conversation_id: conversation,
  });
});
