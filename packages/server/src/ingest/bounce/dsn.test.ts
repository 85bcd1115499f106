import { expect, test } from 'vitest';
import { parseMail } from '../mime.ts';
import { readReport } from './dsn.ts';
import { handWrittenBounces } from './testing/by-hand.ts';
import { standardBounces } from './testing/standard.ts';

test.each([...standardBounces, ...handWrittenBounces])('$name', async ({ source, reads }) => {
  const report = readReport(await parseMail(source));
  if (reads === null) return expect(report).toBeNull();
  const { says, message_id, ...rest } = reads;
  expect(report).toMatchObject(rest);
  expect(report?.message_ids[0] ?? null).toBe(message_id);
  expect(report?.says).toMatch(says);
});

test('the same with the line ends of Unix, as a pipe gives it', async () => {
  for (const { source, reads, name } of [...standardBounces, ...handWrittenBounces]) {
    const unix = Buffer.from(source.toString('utf8').replaceAll('\r\n', '\n'));
    const report = readReport(await parseMail(unix));
    expect(report?.kind ?? null, name).toBe(reads?.kind ?? null);
    expect(report?.message_ids[0] ?? null, name).toBe(reads?.message_id ?? null);
  }
});

test('cut off anywhere, it is read or not, and never breaks', async () => {
  const { source } = standardBounces[0] as (typeof standardBounces)[number];
  for (let end = 0; end < source.length; end += 37) {
    const report = readReport(await parseMail(source.subarray(0, end)));
    if (report) expect(report.says.length).toBeLessThan(1_000);
  }
});

test('thousands of recipients and endless words end up as one short sentence', async () => {
  const groups = Array.from({ length: 3_000 }, (_, at) =>
    [
      `Final-Recipient: rfc822; p${at}@example.org`,
      'Action: failed',
      `Diagnostic-Code: smtp; 550 ${'x'.repeat(500)}`,
      '',
    ].join('\r\n'),
  );
  const source = Buffer.from(
    [
      'From: MAILER-DAEMON@x.example',
      'Content-Type: multipart/report; boundary=b',
      '',
      '--b',
      'Content-Type: message/delivery-status',
      '',
      ...groups,
      '--b--',
      '',
    ].join('\r\n'),
  );
  const before = performance.now();
  const report = readReport(await parseMail(source));
  expect(performance.now() - before).toBeLessThan(2_000);
  expect(report?.recipients.length).toBe(50);
  expect(report?.says).toMatch(/p0@example\.org, p1@example\.org, p2@example\.org and 47 more/);
  expect(report?.says.length).toBeLessThan(600);
});

test('text made to keep the reader busy does not', async () => {
  const heads = ['From: MAILER-DAEMON@x.example', 'Subject: Undelivered Mail Returned to Sender', ''];
  for (const piece of ['\n', ' \n', '\t', '-', '> ', 'a@', 'a.', '<a@b.', '--- \n', '5.1.', 'message-id:']) {
    const source = Buffer.from([...heads, piece.repeat(Math.floor(400_000 / piece.length))].join('\n'));
    const mail = await parseMail(source);
    const before = performance.now();
    readReport(mail);
    expect(performance.now() - before, JSON.stringify(piece)).toBeLessThan(500);
  }
});
