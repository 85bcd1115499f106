import type { ConversationRow, InboxSettingsRow, MailboxRow } from '@roost/protocol';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import type { InputOf } from '../../commands/command.ts';
import { type Actor, CommandBus, type LogEntry, type Scope, StoreEngine } from '../../commands/index.ts';
import { arrival } from '../../commands/testing/arrivals.ts';
import { ManualClock } from '../../commands/testing/manual-clock.ts';
import type { Database } from '../../store/database.ts';
import { openPostgres } from '../../store/postgres/postgres.ts';
import { openSqlite } from '../../store/sqlite/sqlite.ts';
import { freshPostgres, postgresMissing } from '../../store/testing/postgres.ts';
import { commands, queries, registry } from '../index.ts';
import { outgoingPayload } from '../outbox/outgoing.ts';

const system = { kind: 'system', name: 'test' } as const;
const org = 'o';

interface Opened {
  readonly database: Database;
  close(): Promise<void>;
}

describe('over SQLite', () =>
  settingsContract(async () => ({ database: await openSqlite(':memory:'), close: async () => {} })));

const server = inject('postgresUrl');
describe.skipIf(postgresMissing(server))('over PostgreSQL', () =>
  settingsContract(async () => {
    const own = await freshPostgres(server as string);
    return { database: await openPostgres(own.url), close: async () => void (await own.drop()) };
  }),
);

function settingsContract(open: () => Promise<Opened>): void {
  let opened: Opened;
  let bus: CommandBus;
  let owner: Actor;
  let agent: Actor & { user_id: string };
  let inboxId: string;
  const entries: LogEntry[] = [];

  beforeEach(async () => {
    opened = await open();
    bus = new CommandBus(
      new StoreEngine(opened.database, registry, new ManualClock(), Math.random),
      () => 'all',
      (committed) => void entries.push(...committed),
      (name, detail) => {
        throw new Error(`${name}: ${detail}`);
      },
    );
    const founder = { name: 'x', owner_email: 'o@x.test', owner_name: '', password_hash: null };
    const { user_id } = await run(commands.foundOrganisation, founder, system);
    owner = memberOf(user_id);
    const added = await run(commands.addMember, { email: 'a@x.test', role: 'agent' }, system);
    agent = memberOf(added.id);
    inboxId = (await run(commands.createInbox, { kind: 'mail', address: 'help@desk.test', name: 'Help' })).id;
  });
  afterEach(async () => {
    await opened.database.close();
    await opened.close();
  });

  const memberOf = (user_id: string) => ({ kind: 'member', user_id, session_id: '' }) as const;

  async function run<C extends (typeof commands)[keyof typeof commands]>(
    command: C,
    input: InputOf<C>,
    actor = owner,
  ): Promise<Awaited<ReturnType<C['run']>>> {
    const { result } = await bus.execute(command as never, { org, actor, input: input as never });
    return result as Awaited<ReturnType<C['run']>>;
  }
  const update = (some: Partial<InputOf<typeof commands.updateSettings>>, actor?: Actor) =>
    run(commands.updateSettings, { inbox_id: inboxId, ...some }, actor);

  async function rows<R>(channel: string, actor: Actor = agent): Promise<R[]> {
    const user_id = actor.kind === 'system' ? '' : actor.user_id;
    const input = { channel, params: {}, user_id, before: null, limit: 200 };
    const page = await bus.query(queries.readView, { org, actor, input });
    return page.rows.map((row) => JSON.parse(row) as R);
  }
  const shown = async () => (await rows<InboxSettingsRow>(`settings:${inboxId}`))[0];

  async function anotherInbox(): Promise<MailboxRow> {
    const inbox = await run(commands.createInbox, { kind: 'mail', address: 'sales@desk.test' });
    return run(commands.createMailbox, { inbox_id: inbox.id, path: 'Own' });
  }

  test('an inbox that nobody has set shows how it behaves, and changes from there', async () => {
    const unset = {
      id: inboxId,
      version: 0,
      signature: '',
      sender_name: '',
      undo_seconds: 0,
      retention_days: null,
      mailbox_retention_days: {},
    };
    expect(await shown()).toEqual(unset);
    entries.length = 0;
    const after = await update({ signature: 'Ann', undo_seconds: 10 }, agent);
    expect(after).toEqual({ ...unset, version: expect.any(Number), signature: 'Ann', undo_seconds: 10 });
    expect(await shown()).toEqual(after);
    const [change] = JSON.parse(entries[0]?.changes ?? '[]');
    expect(change).toEqual({ kind: 'inbox_settings', id: inboxId, before: unset, after });
    expect(await update({ sender_name: ' The desk ' }, agent)).toMatchObject({
      signature: 'Ann',
      sender_name: 'The desk',
    });
  });

  test('how long mail is kept is for owners and admins, and for their tokens of that scope', async () => {
    const { id } = await run(commands.createMailbox, { inbox_id: inboxId, path: 'Own' });
    const refused = { code: 'access.forbidden' };
    const token = (user: Actor, ...scopes: Scope[]): Actor => ({
      kind: 'token',
      user_id: user.kind === 'system' ? '' : user.user_id,
      token_id: 't',
      scopes,
    });
    await expect(update({ retention_days: 30 }, agent)).rejects.toMatchObject(refused);
    await expect(update({ mailbox_retention_days: { [id]: 1 } }, agent)).rejects.toMatchObject(refused);
    await expect(update({ retention_days: null }, agent)).rejects.toMatchObject(refused);
    await expect(update({ retention_days: 30 }, token(owner, 'write'))).rejects.toMatchObject(refused);
    expect(await shown()).toMatchObject({ version: 0, retention_days: null });

    await update({ retention_days: 30, mailbox_retention_days: { [id]: 7 } });
    expect(await shown()).toMatchObject({ retention_days: 30, mailbox_retention_days: { [id]: 7 } });
    await update({ signature: 'x' }, agent);
    await update({ mailbox_retention_days: { [id]: null } }, token(owner, 'write', 'admin'));
    expect(await shown()).toMatchObject({ retention_days: 30, mailbox_retention_days: {} });
    await update({ retention_days: null });
    expect(await shown()).toMatchObject({ retention_days: null });
  });

  test('a mailbox of another inbox is none of its own', async () => {
    const { id } = await anotherInbox();
    await expect(update({ mailbox_retention_days: { [id]: 1 } })).rejects.toMatchObject({
      code: 'mailbox.unknown',
    });
    expect(await shown()).toMatchObject({ version: 0 });
  });

  test('an inbox that is kept from somebody has no settings for them, nor has one of another kind', async () => {
    await run(commands.updateInbox, { inbox_id: inboxId, access: 'members', member_ids: [] });
    const unknown = { code: 'inbox.unknown' };
    for (const channel of [`settings:${inboxId}`, `autoreply:${inboxId}`])
      await expect(rows(channel)).rejects.toMatchObject(unknown);
    await expect(update({ signature: 'x' }, agent)).rejects.toMatchObject(unknown);
    const set = run(commands.setAutoReply, { inbox_id: inboxId, text: 'x' }, agent);
    await expect(set).rejects.toMatchObject(unknown);
    const { id } = await run(commands.createInbox, { kind: 'api' });
    await expect(update({ inbox_id: id, signature: 'x' })).rejects.toMatchObject(unknown);
    await expect(rows(`settings:${id}`, owner)).rejects.toMatchObject(unknown);
  });

  test.each([
    ['a sender of two lines', { sender_name: 'a\r\nBcc: x@x.example' }],
    ['too long to take back', { undo_seconds: 61 }],
    ['kept for no time', { retention_days: 0 }],
  ])('what is no setting is refused: %s', async (_, some) => {
    await expect(update(some)).rejects.toMatchObject({ code: 'request.invalid' });
    expect(await shown()).toMatchObject({ version: 0 });
  });

  test('what is sent bears the sender’s name and the signature', async () => {
    await run(commands.acceptMessages, { arrivals: [arrival('help@desk.test')] }, system);
    const [conversation] = await rows<ConversationRow>('conversations');
    await update({ sender_name: 'The desk', signature: 'Ann Lee\nHelp' }, agent);
    const input = { conversation_id: conversation?.id as string, text: 'Yes.', override: true };
    await run(commands.sendMessage, input, agent);
    const going = await opened.database.read((tx) =>
      tx.get<{ payload: string }>('select payload from outbox'),
    );
    expect(outgoingPayload.parse(JSON.parse(going?.payload ?? ''))).toMatchObject({
      from: { address: 'help@desk.test', name: 'The desk' },
      text: 'Yes.\n\n-- \nAnn Lee\nHelp',
    });
  });
}
