import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ParsedMail, parseMail, unreadMail } from './mime.ts';
import { expectBounded } from './testing/bounded.ts';
import { oddMails } from './testing/mails.ts';
import { lines, mail, part } from './testing/odd-mail.ts';

const seen = (parsed: ParsedMail) => ({
  ...parsed,
  attachments: parsed.attachments.map(({ bytes, ...attachment }) => ({
    ...attachment,
    says: bytes.toString(),
  })),
});

describe('odd mails', () => {
  test.each(oddMails)('$name', async ({ source, reads }) => {
    const { problem, attachments, ...fields } = reads;
    const before = Buffer.from(source);
    const began = performance.now();
    const parsed = await parseMail(source);
    expect(performance.now() - began).toBeLessThan(15_000);
    expect(seen(parsed)).toMatchObject(attachments ? { ...fields, attachments } : fields);
    if (attachments) expect(parsed.attachments).toHaveLength(attachments.length);
    if (problem === null) expect(parsed.problem).toBeNull();
    else expect(parsed.problem).toMatch(problem);
    expectBounded(source, parsed);
    expect(source.equals(before), 'the source is not touched').toBe(true);
  });
});

describe('headers', () => {
  test('are listed in their order, decoded, each with its own spelling', async () => {
    const parsed = await parseMail(
      lines(
        'Received: b',
        'received: a',
        'X-Odd: =?utf-8?Q?=C3=A9?=',
        'SUBJECT: s',
        'From: a@x.org',
        '',
        'x',
      ),
    );
    expect(parsed.headers).toEqual([
      { name: 'Received', value: 'b' },
      { name: 'received', value: 'a' },
      { name: 'X-Odd', value: 'é' },
      { name: 'SUBJECT', value: 's' },
      { name: 'From', value: 'a@x.org' },
    ]);
  });
});

describe('text longer than is shown', () => {
  test('is cut at a character, and says so', async () => {
    const parsed = await parseMail(mail(['Content-Type: text/plain; charset=utf-8'], '€'.repeat(300_000)));
    expect(parsed.truncated).toBe(true);
    expect(parsed.text).toBe('€'.repeat(Math.floor((512 * 1024) / 3)));
    expect(parsed.problem).toBeNull();
  });

  test('attachments are whole however large', async () => {
    const bytes = Buffer.alloc(3_000_000, 'roost');
    const encoded = bytes.toString('base64').replace(/.{76}/g, '$&\r\n');
    const parsed = await parseMail(
      mail(
        ['Content-Type: multipart/mixed; boundary=A'],
        part('A', [], 'words'),
        part('A', ['Content-Type: application/zip', 'Content-Transfer-Encoding: base64'], encoded),
        '--A--',
      ),
    );
    expect(parsed.attachments[0]?.bytes.equals(bytes)).toBe(true);
    expect(parsed).toMatchObject({ truncated: false, text: 'words', problem: null });
  });
});

describe('identity', () => {
  const sample = mail(['Content-Type: text/plain'], 'The words', 'of this mail');
  const identity = async (source: Buffer) => (await parseMail(source)).identity;

  test('headers that relays add or fold, and other line ends, make no difference', async () => {
    const relayed = Buffer.concat([
      lines('Return-Path: <a@x.org>', 'Received: from a', '\tby b'),
      sample,
      lines(''),
    ]);
    const asText = sample.toString();
    expect(await identity(relayed)).toBe(await identity(sample));
    expect(await identity(Buffer.from(asText.replaceAll('\r\n', '\n')))).toBe(await identity(sample));
    expect(await identity(Buffer.from(asText.replace('Ann Lee <', 'Ann Lee\r\n <')))).toBe(
      await identity(sample),
    );
  });

  test('another body under the same Message-ID is another mail', async () => {
    const other = Buffer.from(sample.toString().replace('The words', 'Other words'));
    expect(await identity(other)).not.toBe(await identity(sample));
  });

  test.each(['Message-ID', 'Date', 'Subject', 'From'])('another %s is another mail', async (name) => {
    const other = Buffer.from(sample.toString().replace(new RegExp(`${name}: .*`), `${name}: other@x.org`));
    expect(await identity(other)).not.toBe(await identity(sample));
  });

  test('a mail with neither Message-ID nor Date is recognised by nothing', async () => {
    expect(await identity(lines('Subject: ping', '', 'pong'))).toBeNull();
    expect(await identity(lines('Date: Mon, 1 Jan 2024 10:00:00 +0000', '', 'pong'))).toMatch(/^sha256:/);
  });

  test('a mail that was not taken apart has the same identity as one that was', async () => {
    expect(unreadMail(sample, 'too slow').identity).toBe(await identity(sample));
  });
});

describe('whatever comes', () => {
  const corpus = oddMails.map(({ source }) => source).filter((source) => source.length < 20_000);
  const pieces = [
    '\r\n',
    '\n',
    '\r',
    '--A',
    '--A--',
    '--',
    '\0',
    '=?utf-8?B?',
    '?=',
    ';',
    '"',
    ':',
    ' ',
    '\t',
    'boundary=',
    '€',
  ];
  const edit = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    remove: fc.nat({ max: 200 }),
    insert: fc.oneof(
      fc.constantFrom(...pieces).map((text) => Buffer.from(text)),
      fc.uint8Array({ maxLength: 8 }).map(Buffer.from),
    ),
  });
  const mutated = fc
    .tuple(
      fc.constantFrom(...corpus),
      fc.constantFrom(...corpus),
      fc.array(edit, { minLength: 1, maxLength: 12 }),
    )
    .map(([one, other, edits]) => {
      let source = edits.length % 5 === 0 ? Buffer.concat([one, other]) : one;
      for (const { at, remove, insert } of edits) {
        const from = Math.floor(at * source.length);
        source = Buffer.concat([source.subarray(0, from), insert, source.subarray(from + remove)]);
      }
      return source;
    });

  test('a mail changed anywhere is read without a throw, within its bounds and soon', async () => {
    await fc.assert(
      fc.asyncProperty(mutated, async (source) => {
        const began = performance.now();
        expectBounded(source, await parseMail(source));
        expect(performance.now() - began).toBeLessThan(15_000);
      }),
      { numRuns: 1_500 },
    );
  });

  test('bytes of no meaning at all are read without a throw', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2_000 }), async (bytes) => {
        const source = Buffer.from(bytes);
        expectBounded(source, await parseMail(source));
      }),
      { numRuns: 300 },
    );
  });
});
