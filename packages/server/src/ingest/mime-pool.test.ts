import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Clock } from '../clock.ts';
import { type ParsedMail, parseMail } from './mime.ts';
import { MimePool } from './mime-pool.ts';
import { oddMails } from './testing/mails.ts';
import { mail, part } from './testing/odd-mail.ts';
import { buildParseThread } from './testing/parse-thread.ts';

let built: Awaited<ReturnType<typeof buildParseThread>>;
let folder: string;
const pools: MimePool[] = [];
const warnings: object[] = [];

beforeAll(async () => {
  built = await buildParseThread();
  folder = built.folder;
});
afterEach(() => Promise.all(pools.splice(0).map((pool) => pool.close())));
afterAll(() => built.remove());

/** Time that only goes on when told. */
class HandClock implements Clock {
  private readonly timers = new Set<() => void>();
  now = () => 0;
  after(_ms: number, run: () => void) {
    this.timers.add(run);
    return () => this.timers.delete(run);
  }
  get waiting() {
    return this.timers.size;
  }
  strike() {
    for (const run of [...this.timers]) {
      this.timers.delete(run);
      run();
    }
  }
}

function open(entry: string | null, clock?: Clock): MimePool {
  const url = entry === null ? null : pathToFileURL(join(folder, entry));
  const pool = new MimePool(url, { warn: (what: object) => void warnings.push(what) }, clock);
  pools.push(pool);
  return pool;
}

/** With attachments as text, which compares faster. */
const seen = (parsed: ParsedMail) => ({
  ...parsed,
  attachments: parsed.attachments.map((attachment) => ({
    ...attachment,
    bytes: attachment.bytes.toString('latin1'),
  })),
});

/** A thread made of these lines. */
async function thread(name: string, code: string): Promise<string> {
  await writeFile(join(folder, name), `import { parentPort } from 'node:worker_threads';\n${code}`);
  return name;
}

const large = (subject: string) =>
  mail(
    ['Content-Type: multipart/mixed; boundary=A'],
    part('A', ['Content-Type: text/plain'], subject),
    part('A', ['Content-Type: application/zip; name=a.zip'], 'x'.repeat(100_000)),
    part('A', ['Content-Type: application/zip; name=b.zip'], 'small'),
    '--A--',
  );

describe('a large mail', () => {
  test('is read in the thread as it would be here', async () => {
    const pool = open('parse-worker.mjs');
    const odd = oddMails.map(({ source }) => source);
    const largeAndOdd = odd.filter(({ length }) => length > 64 * 1024 && length < 1_500_000);
    const sources = [large('one'), large('two'), ...largeAndOdd];
    const there = await Promise.all(sources.map(pool.parse));
    const here = await Promise.all(sources.map((source) => parseMail(source)));
    expect(there.map(seen)).toEqual(here.map(seen));
    expect(there[0]?.attachments.map(({ bytes }) => Buffer.isBuffer(bytes))).toEqual([true, true]);
    expect(sources[0]?.length, 'the bytes stay with their owner').toBeGreaterThan(100_000);
  });

  test('does not keep small ones waiting, nor the event loop', async () => {
    const pool = open(
      await thread('busy.mjs', 'parentPort.on("message", () => { for (;;); });'),
      new HandClock(),
    );
    const waiting = pool.parse(large('stuck'));
    expect((await pool.parse(mail([], 'small'))).text).toBe('small\n');
    const refused = expect(waiting).rejects.toMatchObject({ code: 'server.draining' });
    await pool.close();
    await refused;
  });

  test('that the thread does not end with is told as unread, and the next one is read', async () => {
    const clock = new HandClock();
    const code = `
      parentPort.on('message', ({ source }) => {
        if (Buffer.from(source).includes('stuck')) for (;;);
        parentPort.postMessage({ subject: 'read', attachments: [] });
      });`;
    const pool = open(await thread('stuck.mjs', code), clock);
    const [stuck, next] = [pool.parse(large('stuck')), pool.parse(large('fine'))];
    expect(clock.waiting).toBe(1);
    clock.strike();
    expect(await stuck).toMatchObject({
      subject: 'Hello',
      from: 'Ann Lee <ann@example.org>',
      text: null,
      attachments: [],
      problem: expect.stringContaining('could not be read'),
      identity: (await parseMail(large('stuck'))).identity,
    });
    expect(await next).toMatchObject({ subject: 'read' });
  });

  test('that the thread dies of is told as unread, and the next one is read', async () => {
    const code = `
      parentPort.on('message', ({ source }) => {
        const text = Buffer.from(source).toString();
        if (text.includes('throws')) throw new Error('a bug');
        if (text.includes('exits')) process.exit(3);
        parentPort.postMessage({ subject: 'read', attachments: [] });
      });`;
    const pool = open(await thread('dies.mjs', code));
    const mails = await Promise.all(
      ['throws', 'fine', 'exits', 'fine'].map((word) => pool.parse(large(word))),
    );
    const unread = { subject: 'Hello', problem: expect.stringContaining('could not be read') };
    expect(mails).toMatchObject([unread, { subject: 'read' }, unread, { subject: 'read' }]);
    expect(warnings).toContainEqual(expect.objectContaining({ reason: 'a bug' }));
  });

  test('is told as unread when there is no thread to start', async () => {
    const pool = open('missing.mjs');
    expect(await pool.parse(large('x'))).toMatchObject({
      problem: expect.stringContaining('could not be read'),
    });
  });
});

test('past its bound the queue asks the sender to come again', async () => {
  const pool = open(await thread('idle.mjs', 'parentPort.on("message", () => {});'), new HandClock());
  const source = large('many');
  const waiting = Array.from({ length: 300 }, () => pool.parse(source).catch((failure) => failure.code));
  await pool.close();
  const outcomes = await Promise.all(waiting);
  expect(outcomes.filter((code) => code === 'request.too_many')).toHaveLength(300 - 257);
  expect(outcomes.filter((code) => code === 'server.draining')).toHaveLength(257);
  await expect(pool.parse(source)).rejects.toMatchObject({ code: 'server.draining' });
});

test('without a thread every mail is read here', async () => {
  expect(await open(null).parse(large('here'))).toMatchObject({ text: 'here', problem: null });
});
