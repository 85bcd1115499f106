import { expect, test } from 'vitest';
import { CommandBus, StoreEngine } from '../commands/index.ts';
import { ManualClock } from '../commands/testing/manual-clock.ts';
import { commands, queries, registry } from '../domain/index.ts';
import { openSqlite } from '../store/sqlite/sqlite.ts';
import { Directory } from './directory.ts';
import { mailToArrival } from './mail.ts';
import { MailDelivery } from './mail-delivery.ts';
import { parseMail } from './mime.ts';

const system = { kind: 'system', name: 'test' } as const;
const org = 'o';
const OWN = 'help@desk.test';

test('the sender of the envelope says whether a mail is answered by itself, and whom the answer goes to', async () => {
  const clock = new ManualClock();
  const database = await openSqlite(':memory:');
  const engine = new StoreEngine(database, registry, clock, Math.random);
  const bus = new CommandBus(
    engine,
    () => 'all',
    () => {},
    () => {},
  );
  const call = <I>(input: I) => ({ org, actor: system, input });
  const founder = { name: 'x', owner_email: 'o@x.test', owner_name: '', password_hash: null };
  await bus.execute(commands.foundOrganisation, call(founder));
  const { result: inbox } = await bus.execute(
    commands.createInbox,
    call({ kind: 'mail' as const, address: OWN }),
  );
  await bus.execute(commands.setAutoReply, call({ inbox_id: inbox.id, enabled: true, text: 'Away.' }));
  const needs = { blobs: { put: async () => 'a'.repeat(64) }, parse: parseMail };
  const delivery = new MailDelivery('smtp', {
    bus,
    directory: new Directory(bus, clock),
    attempts: { note: () => {} },
    readMail: (source, to) => mailToArrival(source, to, needs),
    counts: { ingested: () => {} },
  });
  const mail = (id: number) =>
    Buffer.from(
      `From: Ann <ann@example.org>\r\nTo: ${OWN}\r\nMessage-ID: <${id}@example.org>\r\nSubject: Hello\r\n\r\nHello.\r\n`,
    );
  const answers = async () => {
    const input = { now: clock.now(), via: 'mail' as const, without_inboxes: [], limit: 10 };
    const due = await bus.query(queries.dueOutgoing, { org: '', actor: system, input });
    const found = await database.read((tx) =>
      tx.all<{ payload: string }>('select payload from outbox order by message_id'),
    );
    expect(due).toHaveLength(found.length);
    return found.map(({ payload }) => JSON.parse(payload).to.address);
  };

  await delivery.deliver(mail(1), [OWN], '');
  expect(await answers()).toEqual([]);
  await delivery.deliver(mail(2), [OWN], 'Ann@Relay.Example');
  expect(await answers()).toEqual(['Ann@Relay.Example']);
  await database.close();
});
