import type { ConversationRow, MailboxRow, MessageRow } from '@roost/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { InputOf } from '../../commands/command.ts';
import { CommandBus, StoreEngine } from '../../commands/index.ts';
import { arrival } from '../../commands/testing/arrivals.ts';
import { ManualClock } from '../../commands/testing/manual-clock.ts';
import { openSqlite, type SqliteDatabase } from '../../store/sqlite/sqlite.ts';
import { commands, queries, registry } from '../index.ts';

const system = { kind: 'system', name: 'test' } as const;
const org = 'o';
const ADDRESS = 'help@desk.test';

let database: SqliteDatabase;
let bus: CommandBus;
let clock: ManualClock;
let ownerId: string;
let inboxId: string;

beforeEach(async () => {
  database = await openSqlite(':memory:');
  clock = new ManualClock();
  bus = new CommandBus(
    new StoreEngine(database, registry, clock, Math.random),
    () => 'all',
    () => {},
    (name, detail) => {
      throw new Error(`${name}: ${detail}`);
    },
  );
  const founder = { name: 'x', owner_email: 'o@x.test', owner_name: '', password_hash: null };
  ownerId = (await run(commands.foundOrganisation, founder, null)).user_id;
  inboxId = (await run(commands.createInbox, { kind: 'mail', address: ADDRESS })).id;
});
afterEach(() => database.close());

async function run<C extends (typeof commands)[keyof typeof commands]>(
  command: C,
  input: InputOf<C>,
  user_id: string | null = ownerId,
): Promise<Awaited<ReturnType<C['run']>>> {
  const actor = user_id === null ? system : ({ kind: 'member', user_id, session_id: '' } as const);
  const { result } = await bus.execute(command as never, { org, actor, input: input as never });
  return result as Awaited<ReturnType<C['run']>>;
}

async function rows<R>(channel: string): Promise<R[]> {
  const actor = { kind: 'member', user_id: ownerId, session_id: '' } as const;
  const input = { channel, params: {}, user_id: ownerId, before: null, limit: 200 };
  const page = await bus.query(queries.readView, { org, actor, input });
  return page.rows.map((row) => JSON.parse(row) as R);
}

async function asked(): Promise<string> {
  const headers = [{ name: 'To', value: ADDRESS }];
  const { content } = arrival(ADDRESS);
  await run(
    commands.acceptMessages,
    { arrivals: [arrival(ADDRESS, { content: { ...content, headers } })] },
    null,
  );
  const [conversation] = await rows<ConversationRow>('conversations');
  return conversation?.id as string;
}

const say = (conversation_id: string, some: Partial<InputOf<typeof commands.sendMessage>> = {}) =>
  run(commands.sendMessage, { conversation_id, text: 'Yes.', override: true, ...some });

/** Ids of what may leave now. */
async function leaving(): Promise<string[]> {
  const input = { now: clock.now(), via: 'mail' as const, without_inboxes: [], limit: 10 };
  const due = await bus.query(queries.dueOutgoing, { org: '', actor: system, input });
  return due.map(({ message_id }) => message_id);
}

async function sent(): Promise<{ box: MailboxRow; rows: MessageRow[] }> {
  const boxes = await rows<MailboxRow>(`mailboxes:${inboxId}`);
  const box = boxes.find(({ special_use }) => special_use === 'sent');
  if (!box) throw new Error('There is no Sent mailbox');
  return { box, rows: await rows<MessageRow>(`messages:${box.id}`) };
}

describe('what is sent by mail', () => {
  test('lies in the Sent mailbox of its inbox, read, and is counted there', async () => {
    const { message_id } = await say(await asked());
    const { box, rows } = await sent();
    expect(rows).toMatchObject([
      { id: message_id, kind: 'outbound', mail: { seen: true, mailbox_id: box.id } },
    ]);
    expect(box).toMatchObject({ total: 1, unseen: 0, size_bytes: Buffer.byteLength('Yes.') });
  });

  test('goes from there when it is deleted', async () => {
    const { message_id } = await say(await asked());
    await run(commands.removeMessages, { message_ids: [message_id] });
    expect(await sent()).toMatchObject({ rows: [], box: { total: 0, size_bytes: 0 } });
  });

  test('is there without its author where the inbox answers by itself', async () => {
    await run(commands.setAutoReply, { inbox_id: inboxId, enabled: true, text: 'We are away.' });
    await asked();
    expect(await sent()).toMatchObject({
      rows: [{ text: 'We are away.', author_id: null }],
      box: { total: 1 },
    });
  });

  test('is no note', async () => {
    await say(await asked(), { kind: 'note' });
    const boxes = await rows<MailboxRow>(`mailboxes:${inboxId}`);
    expect(boxes.filter(({ total }) => total > 0).map(({ special_use }) => special_use)).toEqual(['inbox']);
  });
});

describe('a mail may be taken back', () => {
  test('for as long as its inbox says, and leaves then', async () => {
    await run(commands.updateSettings, { inbox_id: inboxId, undo_seconds: 10 });
    const { message_id } = await say(await asked());
    clock.advance(9_999);
    expect(await leaving()).toEqual([]);
    clock.advance(1);
    expect(await leaving()).toEqual([message_id]);
  });

  test('and then never leaves', async () => {
    await run(commands.updateSettings, { inbox_id: inboxId, undo_seconds: 10 });
    const { message_id } = await say(await asked());
    const taken = await run(commands.cancelSending, { message_id });
    expect(taken).toMatchObject({ status: 'failed', error: 'Cancelled before it was sent.' });
    clock.advance(60_000);
    expect(await leaving()).toEqual([]);
  });

  test('not at all where nobody said so: it leaves at once', async () => {
    const { message_id } = await say(await asked());
    expect(await leaving()).toEqual([message_id]);
  });
});

test('who may not see an inbox decides about no answer of it, also one without a conversation', async () => {
  await run(commands.updateInbox, { inbox_id: inboxId, threads: false, access: 'members', member_ids: [] });
  await run(commands.setAutoReply, { inbox_id: inboxId, enabled: true, text: 'We are away.' });
  await asked();
  const [message_id = ''] = await leaving();
  const agent = await run(commands.addMember, { email: 'a@x.test', role: 'agent' }, null);
  const taken = run(commands.cancelSending, { message_id }, agent.id);
  await expect(taken).rejects.toMatchObject({ code: 'message.unknown' });
  expect(await run(commands.cancelSending, { message_id })).toMatchObject({ status: 'failed' });
});
