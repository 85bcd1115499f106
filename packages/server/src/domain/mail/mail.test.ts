import type { MailboxRow, MessageRow, RuleRow } from '@roost/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { InputOf } from '../../commands/command.ts';
import { CommandBus, StoreEngine } from '../../commands/index.ts';
import { arrival } from '../../commands/testing/arrivals.ts';
import { ManualClock } from '../../commands/testing/manual-clock.ts';
import { openSqlite, type SqliteDatabase } from '../../store/sqlite/sqlite.ts';
import { commands, queries, registry } from '../index.ts';

const system = { kind: 'system', name: 'test' } as const;
const org = 'o';

let database: SqliteDatabase;
let bus: CommandBus;
let ownerId: string;
let agentId: string;
let inboxId: string;
beforeEach(async () => {
  database = await openSqlite(':memory:');
  bus = new CommandBus(
    new StoreEngine(database, registry, new ManualClock(), Math.random),
    () => 'all',
    () => {},
    (name, detail) => {
      throw new Error(`${name}: ${detail}`);
    },
  );
  const owner = { owner_email: 'o@x.test', owner_name: '', password_hash: null };
  const founded = await bus.execute(commands.foundOrganisation, {
    org,
    actor: system,
    input: { name: 'x', ...owner },
  });
  ownerId = founded.result.user_id;
  const agent = await bus.execute(commands.addMember, {
    org,
    actor: system,
    input: { email: 'a@x.test', role: 'agent' },
  });
  agentId = agent.result.id;
  inboxId = (await run(commands.createInbox, { kind: 'mail', address: '*.test' })).id;
});
afterEach(() => database.close());

const memberOf = (user_id: string) => ({ kind: 'member', user_id, session_id: '' }) as const;

async function run<C extends (typeof commands)[keyof typeof commands]>(
  command: C,
  input: InputOf<C>,
  userId = ownerId,
): Promise<Awaited<ReturnType<C['run']>>> {
  const { result } = await bus.execute(command as never, {
    org,
    actor: memberOf(userId),
    input: input as never,
  });
  return result as Awaited<ReturnType<C['run']>>;
}

async function rows<R = MessageRow>(channel: string, userId = ownerId): Promise<R[]> {
  const page = await bus.query(queries.readView, {
    org,
    actor: memberOf(userId),
    input: { channel, params: {}, user_id: userId, before: null, limit: 200 },
  });
  return page.rows.map((row) => JSON.parse(row) as R);
}

async function deliver(subject: string, to = 'bob@qa.test', size_bytes = 100): Promise<string | undefined> {
  const { result } = await bus.execute(commands.acceptMessages, {
    org,
    actor: system,
    input: { arrivals: [arrival(to, { subject, size_bytes })] },
  });
  return result[0]?.message_ids[0];
}

async function mailboxes(): Promise<Record<string, [total: number, unseen: number, size: number]>> {
  const found = await rows<MailboxRow>(`mailboxes:${inboxId}`);
  return Object.fromEntries(
    found
      .filter(({ total }) => total > 0)
      .map(({ path, total, unseen, size_bytes }) => [path, [total, unseen, size_bytes]]),
  );
}
const mailbox = async (path: string) =>
  (await rows<MailboxRow>(`mailboxes:${inboxId}`)).find((row) => row.path === path)?.id as string;
const rule = (input: Partial<InputOf<typeof commands.addRule>>) =>
  run(commands.addRule, { inbox_id: inboxId, name: 'a rule', actions: [{ type: 'stop' }], ...input });

describe('mailboxes', () => {
  test('count what comes, is read, moves, is binned, restored and deleted, at every step', async () => {
    const [one, two] = [
      (await deliver('one')) as string,
      (await deliver('two', 'bob@qa.test', 50)) as string,
    ];
    expect(await mailboxes()).toEqual({ INBOX: [2, 2, 150] });
    const change = (change: InputOf<typeof commands.changeMail>['change']) =>
      run(commands.changeMail, { message_ids: [one], change });
    await change({ seen: true });
    expect(await mailboxes()).toEqual({ INBOX: [2, 1, 150] });
    await change({ mailbox_id: await mailbox('Archive') });
    expect(await mailboxes()).toEqual({ INBOX: [1, 1, 50], Archive: [1, 0, 100] });
    await change({ trash: true });
    expect(await mailboxes()).toEqual({ INBOX: [1, 1, 50], Trash: [1, 0, 100] });
    await change({ trash: false });
    expect(await mailboxes()).toEqual({ INBOX: [1, 1, 50], Archive: [1, 0, 100] });
    await run(commands.removeMessages, { message_ids: [one, two] });
    expect(await mailboxes()).toEqual({});
  });

  test('have names of their own, in a hierarchy that moves with its top', async () => {
    await run(commands.createMailbox, { inbox_id: inboxId, path: 'Clients' });
    await run(commands.createMailbox, { inbox_id: inboxId, path: 'Clients/Acme' });
    await expect(
      run(commands.createMailbox, { inbox_id: inboxId, path: 'clients/ACME' }),
    ).rejects.toMatchObject({
      code: 'mailbox.exists',
    });
    await run(commands.updateMailbox, { mailbox_id: await mailbox('Clients'), path: 'Customers' });
    const paths = (await rows<MailboxRow>(`mailboxes:${inboxId}`)).map(({ path }) => path);
    expect(paths).toContain('Customers/Acme');
    await expect(run(commands.removeMailbox, { mailbox_id: await mailbox('Customers') })).rejects.toThrow(
      /below/,
    );
    await expect(run(commands.removeMailbox, { mailbox_id: await mailbox('Trash') })).rejects.toThrow(
      /needed/,
    );
    await run(commands.removeMailbox, { mailbox_id: await mailbox('Customers/Acme') });
  });

  test.each(['', ' x', 'a//b', 'a/', '50%', 'a/b/c/d/e/f/g/h/i/j/k', 'a\u0007b'])(
    'refuse the name %j',
    async (path) => {
      if (path === ' x') {
        // Space around the whole is taken for a slip of the hand.
        expect((await run(commands.createMailbox, { inbox_id: inboxId, path })).path).toBe('x');
        return;
      }
      await expect(run(commands.createMailbox, { inbox_id: inboxId, path })).rejects.toMatchObject({
        code: 'request.invalid',
      });
    },
  );
});

describe('rules', () => {
  test('file, mark and count, and a mail says which of them decided', async () => {
    const made = (await rule({
      name: 'Invoices',
      conditions: [{ field: 'subject', op: 'contains', value: 'invoice' }],
      actions: [
        {
          type: 'mailbox',
          mailbox_id: (await run(commands.createMailbox, { inbox_id: inboxId, path: 'Bills' })).id,
        },
        { type: 'flag' },
        { type: 'label', label: 'Money' },
        { type: 'decide', decision: 'INBOX' },
      ],
    })) as RuleRow;
    await deliver('Your invoice');
    await deliver('Hello');
    expect(await mailboxes()).toEqual({ Bills: [1, 1, 100], INBOX: [1, 1, 100] });
    const [bill] = await rows(`messages:${await mailbox('Bills')}`);
    expect(bill?.mail).toMatchObject({
      flagged: true,
      labels: ['money'],
      decided_by: { rule_id: made.id, says: 'Invoices', field: 'subject', value: 'Your invoice' },
    });
    expect(await rows<RuleRow>(`filters:${inboxId}`)).toMatchObject([{ id: made.id, hits: 1 }]);
  });

  test('hold from the moment they are made, changed or gone', async () => {
    const drop = (await rule({ actions: [{ type: 'decide', decision: 'DROP' }] })) as RuleRow;
    expect(await deliver('dropped')).toBeUndefined();
    await run(commands.updateRule, { rule_id: drop.id, enabled: false });
    expect(await deliver('kept')).toBeDefined();
    await run(commands.updateRule, { rule_id: drop.id, enabled: true });
    expect(await deliver('dropped again')).toBeUndefined();
    await run(commands.removeRule, { rule_id: drop.id });
    expect(await deliver('kept again')).toBeDefined();
    expect((await rows('inbox')).map(({ subject }) => subject)).toEqual(['kept again', 'kept']);
  });

  test('that cannot be used are refused with what is wrong and where, and change nothing', async () => {
    const bad = rule({
      conditions: [
        { field: 'subject', op: 'contains', value: 'x' },
        { field: 'subject', op: 'regex', value: '(' },
      ],
    });
    await expect(bad).rejects.toMatchObject({ code: 'rule.invalid', message: /^Condition 2: .*“\(”/ });
    expect(await rows(`filters:${inboxId}`)).toEqual([]);
  });

  test('of a domain are for owners and admins', async () => {
    const made = run(
      commands.addRule,
      { domain: 'qa.test', name: 'x', actions: [{ type: 'stop' }] },
      agentId,
    );
    await expect(made).rejects.toMatchObject({ code: 'access.forbidden' });
    await expect(rows('policies', agentId)).rejects.toMatchObject({ code: 'access.forbidden' });
  });
});

describe('quarantine', () => {
  beforeEach(async () => {
    await run(commands.keepPolicy, { domain: 'qa.test', mode: 'RESTRICTED' });
  });

  test('is seen by owners and admins alone, wherever one looks', async () => {
    const id = (await deliver('held back')) as string;
    expect((await rows('quarantine')).map((row) => row.id)).toEqual([id]);
    expect(await rows('inbox')).toEqual([]);
    expect(await mailboxes()).toEqual({});
    expect(await rows(`message:${id}`)).toHaveLength(1);
    expect(await rows(`message:${id}`, agentId)).toEqual([]);
    await expect(rows('quarantine', agentId)).rejects.toMatchObject({ code: 'access.forbidden' });
    const source = bus.query(queries.findAttachment, {
      org,
      actor: memberOf(agentId),
      input: { message_id: id, index: 0 },
    });
    await expect(source).rejects.toMatchObject({ code: 'message.unknown' });
    for (const attempt of [
      run(commands.changeMail, { message_ids: [id], change: { seen: true } }, agentId),
      run(commands.removeMessages, { message_ids: [id] }, agentId),
    ])
      await expect(attempt).rejects.toMatchObject({ code: 'message.unknown' });
    await expect(run(commands.releaseMail, { message_ids: [id] }, agentId)).rejects.toMatchObject({
      code: 'access.forbidden',
    });
  });

  test('lets through what an admin releases: into its mailbox, the lists, and its conversation', async () => {
    await run(commands.updateInbox, { inbox_id: inboxId, threads: true });
    const id = (await deliver('held back')) as string;
    expect(await rows('conversations')).toEqual([]);
    await run(commands.releaseMail, { message_ids: [id] });
    expect(await rows('quarantine')).toEqual([]);
    expect((await rows('inbox', agentId)).map((row) => row.id)).toEqual([id]);
    expect(await mailboxes()).toEqual({ INBOX: [1, 1, 100] });
    expect(await rows('conversations', agentId)).toHaveLength(1);
    await expect(run(commands.releaseMail, { message_ids: [id] })).rejects.toMatchObject({
      code: 'message.unknown',
    });
  });

  test('takes back what people have seen', async () => {
    await run(commands.keepPolicy, { domain: 'qa.test', mode: 'OPEN' });
    const id = (await deliver('seen')) as string;
    await run(commands.quarantineMail, { message_ids: [id] });
    expect(await rows('inbox', agentId)).toEqual([]);
    expect(await mailboxes()).toEqual({});
    expect((await rows('quarantine'))[0]?.mail?.decided_by?.says).toMatch(/admin/);
  });
});

test('a domain may take no mail of a size', async () => {
  await run(commands.keepPolicy, { domain: 'qa.test', max_bytes: 2_000 });
  await expect(deliver('large', 'bob@qa.test', 2_001)).rejects.toMatchObject({ code: 'request.too_big' });
  expect(await deliver('fits', 'bob@qa.test', 2_000)).toBeDefined();
  expect(await deliver('elsewhere', 'bob@other.test', 5_000)).toBeDefined();
});
