import { expect, test } from 'vitest';
import { CommandBus, StoreEngine } from '../commands/index.ts';
import { ManualClock } from '../commands/testing/manual-clock.ts';
import { commands, queries, registry } from '../domain/index.ts';
import { openSqlite } from '../store/sqlite/sqlite.ts';
import { Snoozes } from './snoozes.ts';

const system = { kind: 'system', name: 'test' } as const;
const org = 'o';
const HOUR_MS = 3_600_000;

test('a snoozed conversation is open again when its time has come, and not before', async () => {
  const clock = new ManualClock();
  const database = await openSqlite(':memory:');
  const bus = new CommandBus(
    new StoreEngine(database, registry, clock, Math.random),
    () => 'all',
    () => {},
    () => {},
  );
  const owner = { owner_email: 'o@x.test', owner_name: '', password_hash: null };
  const { result } = await bus.execute(commands.foundOrganisation, {
    org,
    actor: system,
    input: { name: 'x', ...owner },
  });
  const run = { org, actor: system };
  const inbox = await bus.execute(commands.createInbox, { ...run, input: { kind: 'api' } });
  const contact = await bus.execute(commands.addContact, { ...run, input: { external_ids: ['v'] } });
  const actor = { kind: 'member', user_id: result.user_id, session_id: '' } as const;
  const started = await bus.execute(commands.startConversation, {
    org,
    actor,
    input: { contact_id: contact.result.id, inbox_id: inbox.result.id },
  });
  const conversation_ids = [started.result.conversation_id];
  const until = new Date(clock.now() + HOUR_MS).toISOString();
  await bus.execute(commands.changeConversations, {
    org,
    actor,
    input: { conversation_ids, change: { status: 'snoozed', snoozed_until: until } },
  });
  const errors: unknown[] = [];
  const log = { info: () => {}, warn: () => {}, error: (about: object) => void errors.push(about) };
  const snoozes = new Snoozes({ bus, log }, clock);
  const statusNow = async () => {
    // The first may be one that began by itself, before the time had come.
    await snoozes.run();
    await snoozes.run();
    const page = await bus.query(queries.readView, {
      org,
      actor,
      input: {
        channel: `conversation:${conversation_ids[0]}`,
        params: {},
        user_id: actor.user_id,
        before: null,
        limit: 1,
      },
    });
    const { status, snoozed_until } = JSON.parse(page.rows[0] as string);
    return [status, snoozed_until];
  };
  expect(await statusNow()).toEqual(['snoozed', until]);
  await clock.advance(HOUR_MS + 1);
  expect(await statusNow()).toEqual(['open', null]);
  expect(errors).toEqual([]);
  await snoozes.stop();
  await database.close();
});
