import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { commands, queries } from '../domain/index.ts';
import { ArchiveWorld, org } from './testing/archive-world.ts';

const system = { kind: 'system', name: 'test' } as const;

let world: ArchiveWorld;
beforeEach(async () => {
  world = await ArchiveWorld.open();
});
afterEach(async () => {
  await world.close();
  expect(world.unexpected).toEqual([]);
});

const mail = (id: string, body = `Body of ${id}.\r\n`, more = '') =>
  `From: Ann <ann@x.example>\r\nTo: bob@qa.test\r\nSubject: ${id}\r\nMessage-ID: <${id}@x.example>\r\n${more}\r\n${body}`;

/** Bodies that archives are known to lose something of. */
const ODD: readonly (readonly [what: string, source: Buffer])[] = [
  [
    'lines that begin with From',
    Buffer.from(
      mail(
        'from',
        'From here on\r\n>From there\r\n>>From far\r\n\r\nFrom a@b Sat Jan 1 00:00:00 2000\r\nX: y\r\n\r\n',
      ),
    ),
  ],
  ['no last line end', Buffer.from(mail('no-end', 'the end'))],
  ['several last line ends', Buffer.from(mail('ends', 'the end\r\n\r\n\r\n'))],
  ['bare line feeds', Buffer.from(mail('lf', 'a\nb\n\n').replace(/\r\n/g, '\n'))],
  ['bare carriage returns', Buffer.from(mail('cr', 'a\rb\r\r\n'))],
  [
    'every byte there is',
    Buffer.concat([
      Buffer.from(mail('bytes', '')),
      Buffer.from(Array.from({ length: 1024 }, (_, at) => at % 256)),
    ]),
  ],
  ['no body', Buffer.from('From: a@x.example\r\nSubject: nothing\r\nMessage-ID: <nobody@x>\r\n')],
  ['a long line', Buffer.from(mail('long', `${'x'.repeat(200_000)}\r\n`))],
  ['a mark of an export of its own', Buffer.from(`X-Roost-Export: {"bytes":3,"lines":1}\n${mail('marked')}`)],
];

async function fillOddly(): Promise<void> {
  const ids: string[] = [];
  for (const [, source] of ODD) ids.push(await world.deliver(source));
  const made = await world.bus.execute(commands.createMailbox, {
    org,
    actor: system,
    input: { inbox_id: world.inboxId, path: 'Kunden & mehr/Ä.B/日本' },
  });
  const change = (at: number, change: object) =>
    world.bus.execute(commands.changeMail, {
      org,
      actor: system,
      input: { message_ids: [ids[at] as string], change },
    });
  await change(0, { seen: true, mailbox_id: made.result.id });
  await change(1, { flagged: true, answered: true, add_labels: ['wichtig', 'naïve „x“'] });
  await change(2, { forwarded: true, mailbox_id: (await world.mailbox('Sent')).id });
  await change(3, { mailbox_id: (await world.mailbox('Trash')).id, seen: true });
}

describe('an export', () => {
  test.each(['mbox', 'maildir'] as const)(
    'as %s, imported into an empty store, is every byte and flag of what it was of',
    async (format) => {
      await fillOddly();
      const before = await world.kept();
      expect(before).toHaveLength(ODD.length);
      const jobId = await world.export(format, { inbox_id: world.inboxId });
      await world.server().run();
      expect(await world.job(jobId)).toMatchObject({
        state: 'done',
        done: ODD.length,
        total: ODD.length,
        problems: [],
        has_file: true,
      });

      const elsewhere = await ArchiveWorld.open();
      const importId = await elsewhere.import(await world.output(jobId));
      await elsewhere.server().run();
      expect(await elsewhere.job(importId)).toMatchObject({
        state: 'done',
        done: ODD.length,
        total: ODD.length,
        problems: [],
      });
      expect(await elsewhere.kept()).toEqual(before);

      const again = await elsewhere.import(await world.output(jobId));
      await elsewhere.server().run();
      // One of the mails has neither Message-ID nor Date, and nothing then tells a repeat from a second one.
      expect((await elsewhere.job(again)).problems[0]).toMatch(/of the mails were there already/);
      expect((await elsewhere.kept()).length).toBeLessThanOrEqual(ODD.length + 1);
      await elsewhere.close();
    },
  );

  test('of a mailbox holds its mails alone, that of a search what it finds, and none what lies in quarantine', async () => {
    const [one, two] = [
      await world.deliver(Buffer.from(mail('one', 'apple\r\n'))),
      await world.deliver(Buffer.from(mail('two', 'pear\r\n'))),
    ];
    const kept = await world.deliver(Buffer.from(mail('three', 'apple\r\n')));
    await world.bus.execute(commands.quarantineMail, { org, actor: system, input: { message_ids: [kept] } });
    await world.bus.execute(commands.changeMail, {
      org,
      actor: system,
      input: { message_ids: [two], change: { trash: true } },
    });
    const ofMailbox = await world.export('mbox', { mailbox_id: (await world.mailbox('Trash')).id });
    const selected = await world.export('mbox', { message_ids: [one, kept] });
    await world.server().run();
    const subjects = async (jobId: string) =>
      [...(await world.output(jobId)).toString('latin1').matchAll(/^Subject: (\S+)/gm)].map(
        ([, name]) => name,
      );
    expect(await subjects(ofMailbox)).toEqual(['two']);
    expect(await subjects(selected)).toEqual(['one']);
  });

  test('that a server leaves in the middle goes on elsewhere, with the same file at its end', async () => {
    for (let at = 0; at < 120; at += 1) await world.deliver(Buffer.from(mail(`m${at}`)));
    const whole = await world.export('maildir', { inbox_id: world.inboxId });
    await world.server().run();
    const broken = await world.export('maildir', { inbox_id: world.inboxId });
    // As a node leaves it that died after its first page, and had written some of the second.
    const holder = 'dead';
    const held = { job_id: broken, holder };
    await world.bus.execute(commands.claimJob, { org, actor: system, input: { ...held, lease_ms: 10 } });
    const page = await world.bus.query(queries.exportPage, {
      org,
      actor: system,
      input: { job_id: broken, after: '', limit: 50 },
    });
    const after = page.next as string;
    await world.bus.execute(commands.advanceJob, {
      org,
      actor: system,
      input: { ...held, position: { after, bytes: 0, inbox_ids: [] }, done: 50, total: 120 },
    });
    await world.writeFile(`jobs/out-${broken}`, Buffer.from('half of something'));
    world.clock.advance(20);
    await world.server().run();
    expect(await world.job(broken)).toMatchObject({ state: 'done', done: 120, total: 120 });
    const elsewhere = await ArchiveWorld.open();
    await elsewhere.import(await world.output(broken));
    await elsewhere.server().run();
    expect((await elsewhere.kept()).length).toBe(70);
    await elsewhere.import(await world.output(whole));
    await elsewhere.server().run();
    expect((await elsewhere.kept()).length).toBe(120);
    await elsewhere.close();
  });
});

describe('an import', () => {
  test('of an mbox of another program takes its flags and its escapes', async () => {
    const mbox = [
      'From ann@x.example Sat Jan  3 01:02:03 2015',
      'Status: RO',
      'X-Status: AF',
      ...mail('one', '>From me\r\nFrom you, with no time\r\n').split('\r\n'),
      'From - Sat Jan  3 01:02:04 2015',
      'X-Mozilla-Status: 1001',
      ...mail('two').split('\r\n'),
      'From 123@xxx Sat Jan  3 01:02:05 +0000 2015',
      'X-Gmail-Labels: Sent,Important,Clients',
      ...mail('three').split('\r\n'),
      '',
    ].join('\n');
    const id = await world.import(Buffer.from(mbox));
    await world.server().run();
    expect(await world.job(id)).toMatchObject({ state: 'done', done: 3, total: 3, problems: [] });
    const kept = await world.kept();
    expect(kept.map(({ folder, flags, labels }) => [folder, flags, labels])).toEqual([
      ['INBOX', 'seen flagged answered', []],
      ['Sent', 'seen', ['clients']],
      ['INBOX', 'seen forwarded', []],
    ]);
    expect(kept[0]?.source).toMatch(/\nFrom me\nFrom you, with no time\n$/);
  });

  test('of a Maildir as tar, by gzip or not, takes folders and flags from its names', async () => {
    const tar = await tarOf({
      'Maildir/cur/1.a:2,FRS': mail('one'),
      'Maildir/new/2.b': mail('two'),
      'Maildir/.Clients.Acme &- Sons/cur/3.c:2,PD': mail('three'),
      'Maildir/.Entw&APw-rfe/cur/4.d:2,': mail('four'),
      'Maildir/dovecot.index.log': 'x',
      'Maildir/tmp/5.e': mail('unfinished'),
      'Maildir/notes.txt': 'x',
    });
    for (const bytes of [tar, gzipSync(tar)]) {
      const id = await world.import(bytes);
      await world.server().run();
      const job = await world.job(id);
      expect(job).toMatchObject({ state: 'done', done: 4, total: 4 });
      expect(job.problems[0]).toBe(
        bytes === tar
          ? 'Not imported: Maildir/notes.txt, it is no mail.'
          : '4 of the mails were there already.',
      );
    }
    expect((await world.kept()).map(({ folder, flags }) => [folder, flags])).toEqual([
      ['Entwürfe', ''],
      ['INBOX', 'seen flagged answered'],
      ['Clients/Acme & Sons', 'forwarded draft'],
      ['INBOX', ''],
    ]);
    expect(await world.mailbox('INBOX')).toMatchObject({ total: 2, unseen: 1 });
  });

  test('tells of every mail that it could not take, and takes the rest', async () => {
    const reading = (source: Buffer) => {
      if (source.includes('poison')) throw new Error('unexpected');
      return world.read(source, []);
    };
    const tar = await tarOf({
      'a/1.eml': mail('one'),
      'a/2.eml': mail('big', 'x'.repeat(2 << 20)),
      'a/3.eml': '',
      'b%/4.eml': mail('four'),
    });
    const id = await world.import(tar);
    await world.server(async (source) => reading(source)).run();
    const { state, done, total, problems } = await world.job(id);
    expect({ state, done, total }).toEqual({ state: 'done', done: 4, total: 4 });
    expect(problems.join('\n')).toMatch(/a\/2\.eml, it is larger than/);
    expect(problems.join('\n')).toMatch(/“b%” is no name for a mailbox/);
    expect((await world.kept()).length).toBe(3);
  });

  test.each([
    ['nothing that is mail', Buffer.from('\u0000\u0001 what is this'), /neither an mbox/],
    ['a tar without mails', 'tar', /holds no mail/],
    ['gzip that breaks off', gzipSync(Buffer.from(mail('x').repeat(100))).subarray(0, 60), /broken/],
    ['a zip that breaks off', Buffer.from('PK\u0003\u0004 and then nothing'), /broken, as zip/],
  ])('of %s fails in words and changes nothing', async (_what, bytes, says) => {
    const id = await world.import(typeof bytes === 'string' ? await tarOf({ 'a.txt': 'x' }) : bytes);
    await world.server().run();
    const { state, problems } = await world.job(id);
    expect(state).toBe('failed');
    expect(problems[0]).toMatch(says);
    expect(await world.kept()).toEqual([]);
  });

  test('goes on elsewhere where a server stopped, and takes every mail once', async () => {
    const count = 300;
    const mails = Array.from(
      { length: count },
      (_, at) => `From a@b Sat Jan  3 01:02:03 2015\r\n${mail(`m${at}`)}\r\n`,
    );
    const id = await world.import(Buffer.from(mails.join('')));
    let read = 0;
    const first = world.server(async (source) => {
      read += 1;
      if (read === 100) void first.stop();
      return world.read(source, []);
    });
    await first.run();
    expect(read).toBeLessThan(count);
    const between = await world.kept();
    expect(between.length).toBeGreaterThan(0);
    expect(between.length).toBeLessThan(count);
    await world.server().run();
    expect(await world.job(id)).toMatchObject({ state: 'done', done: count, total: count, problems: [] });
    expect((await world.kept()).length).toBe(count);
    expect(await world.mailbox('INBOX')).toMatchObject({ total: count, unseen: count });
  });

  test('that is cancelled ends, and keeps what it has taken', async () => {
    const mails = Array.from(
      { length: 200 },
      (_, at) => `From a@b Sat Jan  3 01:02:03 2015\n${mail(`m${at}`)}\n`,
    );
    const id = await world.import(Buffer.from(mails.join('')));
    let read = 0;
    await world
      .server(async (source) => {
        read += 1;
        if (read === 50)
          await world.bus.execute(commands.cancelJob, { org, actor: system, input: { job_id: id } });
        return world.read(source, []);
      })
      .run();
    expect((await world.job(id)).state).toBe('cancelled');
    expect((await world.kept()).length).toBe(32);
  });

  test('asks rules only where it is told to, and begins no conversation', async () => {
    await world.bus.execute(commands.addRule, {
      org,
      actor: system,
      input: {
        inbox_id: world.inboxId,
        name: 'x',
        conditions: [{ field: 'subject', op: 'contains', value: 'one' }],
        actions: [{ type: 'seen' }],
      },
    });
    await world.import(Buffer.from(mail('one-a')));
    await world.import(Buffer.from(mail('one-b')), { run_rules: true });
    await world.server().run();
    expect((await world.kept()).map(({ flags }) => flags)).toEqual(['', 'seen']);
    expect(await world.rows('conversations')).toEqual([]);
  });
});

describe('jobs', () => {
  test('are taken from a node that is silent, never from one that is not', async () => {
    const job_id = await world.export('mbox', { inbox_id: world.inboxId });
    const claim = async (holder: string) =>
      (
        await world.bus.execute(commands.claimJob, {
          org,
          actor: system,
          input: { job_id, holder, lease_ms: 1_000 },
        })
      ).result;
    expect(await claim('one')).not.toBeNull();
    expect(await claim('two')).toBeNull();
    world.clock.advance(1_000);
    expect(await claim('two')).not.toBeNull();
    const step = { job_id, holder: 'one', position: null, done: 1, total: 1 };
    expect((await world.bus.execute(commands.advanceJob, { org, actor: system, input: step })).result).toBe(
      false,
    );
  });

  test('that end every node that takes them up end themselves', async () => {
    const job_id = await world.export('mbox', { inbox_id: world.inboxId });
    for (let at = 0; at < 6; at += 1) {
      const input = { job_id, holder: `n${at}`, lease_ms: 10 };
      await world.bus.execute(commands.claimJob, { org, actor: system, input });
      world.clock.advance(10);
    }
    expect(await world.job(job_id)).toMatchObject({
      state: 'failed',
      problems: [/5 times/] as unknown as string[],
    });
  });

  test('tell of their progress twice a second at most, and store all of it', async () => {
    const job_id = await world.export('mbox', { inbox_id: world.inboxId });
    const held = { job_id, holder: 'one' };
    await world.bus.execute(commands.claimJob, { org, actor: system, input: { ...held, lease_ms: 60_000 } });
    const versions = new Set<number>();
    for (let done = 1; done <= 100; done += 1) {
      const input = { ...held, position: { done }, done, total: 100, problems: done % 2 ? [`p${done}`] : [] };
      await world.bus.execute(commands.advanceJob, { org, actor: system, input });
      versions.add((await world.job(job_id)).version);
      world.clock.advance(10);
    }
    expect(versions.size).toBeLessThanOrEqual(3);
    await world.bus.execute(commands.endJob, { org, actor: system, input: { ...held, state: 'done' } });
    expect(await world.job(job_id)).toMatchObject({ done: 100, total: 100 });
    expect((await world.job(job_id)).problems).toHaveLength(50);
  });

  test('keep their file for a day', async () => {
    await world.deliver(Buffer.from(mail('one')));
    const id = await world.export('mbox', { inbox_id: world.inboxId });
    await world.server().run();
    const retention = world.retention();
    await retention.run();
    expect((await world.job(id)).has_file).toBe(true);
    world.clock.advance(24 * 3_600_000 + 1);
    await retention.run();
    expect((await world.job(id)).has_file).toBe(false);
    await retention.stop();
  });
});

async function tarOf(files: Readonly<Record<string, string>>): Promise<Buffer> {
  const tar = pack();
  const chunks: Uint8Array[] = [];
  const reading = (async () => {
    for await (const chunk of tar) chunks.push(chunk as Uint8Array);
  })();
  for (const [name, content] of Object.entries(files)) tar.entry({ name }, content);
  tar.finalize();
  await reading;
  return Buffer.concat(chunks);
}
