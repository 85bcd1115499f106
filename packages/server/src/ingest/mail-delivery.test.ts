import { Failure } from '@roost/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import { CommandBus, StoreEngine } from '../commands/index.ts';
import { type Arrival, commands, queries, registry } from '../domain/index.ts';
import { openSqlite } from '../store/sqlite/sqlite.ts';
import type { Noted } from './attempts.ts';
import { Directory } from './directory.ts';
import { MailDelivery } from './mail-delivery.ts';

const system = { kind: 'system', name: 'test' } as const;
const SOURCE = Buffer.from('Subject: Hello\r\n\r\n');

let clock: { time: number; now(): number; after(): () => void };
let bus: CommandBus;
let asked: string[];
let noted: [org: string | null, attempt: Noted][];
let counted: string[];
let directory: Directory;
let delivery: MailDelivery;
/** What reading the mail fails with. */
let trouble: Failure | null;

beforeEach(async () => {
  clock = { time: 1_000_000, now: () => clock.time, after: () => () => {} };
  asked = [];
  noted = [];
  counted = [];
  trouble = null;
  const engine = new StoreEngine(await openSqlite(':memory:'), registry, clock, Math.random);
  bus = new CommandBus(
    {
      run: (calls) => engine.run(calls),
      query: (call) => {
        asked.push(call.name);
        return engine.query(call);
      },
      close: () => engine.close(),
    },
    () => 'all',
    (entries) => directory.forget(entries),
    () => {},
  );
  directory = new Directory(bus, clock);
  for (const org of ['one', 'two']) {
    await bus.execute(commands.foundOrganisation, {
      org,
      actor: system,
      input: { name: org, owner_email: `owner@${org}.test`, owner_name: '', password_hash: null },
    });
    await keepInbox(org, `${org}.test`);
  }
  asked.length = 0;
  delivery = new MailDelivery('smtp', {
    bus,
    directory,
    attempts: { note: (...what) => void noted.push(what) },
    readMail: async (source, to) => {
      if (trouble) throw trouble;
      return arrivalOf(source, to);
    },
    counts: { ingested: (...what) => void counted.push(what.join(' ')) },
  });
});

const keepInbox = (org: string, address: string) =>
  bus.execute(commands.keepMailInbox, { org, actor: system, input: { address } });

async function recipientsIn(org: string): Promise<string[][]> {
  const input = { channel: 'inbox', params: {}, user_id: '', before: null, limit: 50 };
  const page = await bus.query(queries.readView, { org, actor: system, input });
  return page.rows.map((row) => JSON.parse(row).to);
}

describe('a mail', () => {
  test('goes to every organisation that its recipients belong to, and shows each only its own', async () => {
    await delivery.deliver(SOURCE, ['ann@one.test', 'bob@two.test', 'eve@one.test']);
    expect(await recipientsIn('one')).toEqual([['ann@one.test', 'eve@one.test']]);
    expect(await recipientsIn('two')).toEqual([['bob@two.test']]);
    expect(counted).toEqual(['smtp stored']);
  });

  test('each organisation hears what became of its own; a refusal is told to whom the domain belongs', async () => {
    await delivery.deliver(SOURCE, ['ann@one.test', 'bob@two.test'], 'app@example.org');
    await keepInbox('two', 'only@three.test');
    await expect(delivery.deliver(SOURCE, ['nobody@three.test'])).rejects.toThrow();
    await expect(delivery.deliver(SOURCE, ['nobody@nowhere.test'])).rejects.toThrow();
    const told = { way: 'smtp', size_bytes: SOURCE.length };
    const error = expect.objectContaining({ code: 'address.unknown' });
    const stored = { ...told, sender: 'app@example.org', outcome: 'stored', error: null };
    const refused = { ...told, sender: '', outcome: 'refused', error };
    expect(noted).toEqual([
      ['one', { ...stored, recipients: ['ann@one.test'] }],
      ['two', { ...stored, recipients: ['bob@two.test'] }],
      ['two', { ...refused, recipients: ['nobody@three.test'] }],
      [null, { ...refused, recipients: ['nobody@nowhere.test'] }],
    ]);
  });

  test('that comes again is one mail', async () => {
    await delivery.deliver(SOURCE, ['ann@one.test']);
    await delivery.deliver(SOURCE, ['ann@one.test']);
    expect(noted.map(([, { outcome }]) => outcome)).toEqual(['stored', 'repeated']);
    expect(await recipientsIn('one')).toEqual([['ann@one.test']]);
    expect(counted).toEqual(['smtp stored', 'smtp repeated']);
  });

  test('for somebody unknown among others is refused before it is read', async () => {
    trouble = new Failure('server.failed');
    const delivered = delivery.deliver(SOURCE, ['ann@one.test', 'x@nowhere.example']);
    await expect(delivered).rejects.toMatchObject({ code: 'address.unknown' });
    expect(counted).toEqual(['smtp refused']);
    expect(await recipientsIn('one')).toEqual([]);
  });

  test('that cannot be stored is refused with the reason', async () => {
    trouble = new Failure('store.full');
    await expect(delivery.deliver(SOURCE, ['ann@one.test'])).rejects.toMatchObject({ code: 'store.full' });
  });
});

describe('the directory', () => {
  test('is read once for many mails', async () => {
    await Promise.all([directory.find('a@one.test'), directory.find('b@one.test')]);
    await directory.find('c@two.test');
    expect(asked).toEqual(['inbox.list_all']);
  });

  test('knows an inbox made here at once', async () => {
    expect(await directory.find('a@three.test')).toBeNull();
    await keepInbox('one', 'three.test');
    expect(await directory.find('a@three.test')).toMatchObject({ org: 'one' });
  });

  test('looks again before it says that somebody is unknown, but not for every guess', async () => {
    await directory.find('a@one.test');
    clock.time += 1_001;
    for (let at = 0; at < 5; at += 1) expect(await directory.find(`x${at}@nowhere.example`)).toBeNull();
    expect(asked).toHaveLength(2);
  });

  test('sees after a while what another process took away', async () => {
    await directory.find('a@one.test');
    clock.time += 30_001;
    await directory.find('a@one.test');
    expect(asked).toHaveLength(2);
  });
});

function arrivalOf(source: Buffer, to: readonly string[]): Arrival {
  return {
    to: [...to],
    from: '',
    subject: '',
    snippet: '',
    size_bytes: source.length,
    external_id: source.toString('base64url'),
    content: { headers: [], text: '', html: null, attachments: [], truncated: false },
    source: null,
    attachment_blobs: [],
    problem: null,
  };
}
