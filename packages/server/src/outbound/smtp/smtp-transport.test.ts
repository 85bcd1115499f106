import { createHash, createVerify, generateKeyPairSync } from 'node:crypto';
import { Readable } from 'node:stream';
import { afterEach, describe, expect, test } from 'vitest';
import { ManualClock } from '../../commands/testing/manual-clock.ts';
import { parseMail } from '../../ingest/mime.ts';
import { outgoing } from '../testing/outgoing.ts';
import { openScriptedServer, type Script, type ScriptedServer } from '../testing/smtp-script.ts';
import { openSmtpSink, type SmtpSink } from '../testing/smtp-sink.ts';
import type { OutgoingPayload } from '../transport.ts';
import type { DkimKey } from './settings.ts';
import { readSmtpUrl } from './settings.ts';
import { SmtpTransport } from './smtp-transport.ts';

const NEVER = new AbortController().signal;
const closes: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closes.splice(0).reverse()) await close();
});

const blobs = new Map<string, Buffer>();
function readBlob(digest: string): Readable {
  const bytes = blobs.get(digest);
  if (bytes) return Readable.from([bytes]);
  return new Readable({
    read() {
      this.destroy(Object.assign(new Error('ENOENT: no such file'), { code: 'ENOENT' }));
    },
  });
}

function transportTo(url: string, dkim: DkimKey | null = null): SmtpTransport {
  const transport = new SmtpTransport({ readBlob, clock: new ManualClock() }, readSmtpUrl(url), dkim);
  closes.push(() => transport.close());
  return transport;
}

async function sink(options?: Parameters<typeof openSmtpSink>[0]): Promise<SmtpSink> {
  const opened = await openSmtpSink(options);
  closes.push(() => opened.close());
  return opened;
}

async function scripted(script: Script): Promise<ScriptedServer> {
  const opened = await openScriptedServer(script);
  closes.push(() => opened.close());
  return opened;
}

async function sendTo(port: number, payload: Partial<OutgoingPayload> = {}) {
  return transportTo(`smtp://127.0.0.1:${port}`).send(outgoing(payload), NEVER);
}

describe('a mail as it arrives', () => {
  test('says of an answer by the server that it is one, and comes from nobody who could be answered', async () => {
    const server = await sink();
    expect(await sendTo(server.port, { automatic: true })).toMatchObject({ kind: 'sent' });
    const [mail] = server.mails;
    expect(mail).toMatchObject({ from: '', to: ['ann@example.org'] });
    const read = await parseMail(Buffer.from(mail?.source ?? ''));
    const header = (name: string) => read.headers.find((one) => one.name.toLowerCase() === name)?.value;
    expect(read.from).toBe('Help <help@a.test>');
    expect(header('auto-submitted')).toBe('auto-replied');
    expect(header('precedence')).toBe('bulk');
    expect(header('x-auto-response-suppress')).toBe('All');
  });

  test('carries our Message-ID, its date, whom it answers and the thread', async () => {
    const server = await sink();
    const sent = await sendTo(server.port, {
      reply_to_external_id: '<q2@example.org>',
      references: ['<q1@example.org>', '<m0@a.test>'],
      subject: 'Re: Grüße 🌷',
      text: 'Viele Grüße\n.\nvon hier',
    });
    expect(sent).toEqual({ kind: 'sent', external_id: '<m1@a.test>' });
    const [mail] = server.mails;
    expect(mail).toMatchObject({ from: 'help@a.test', to: ['ann@example.org'] });
    const read = await parseMail(Buffer.from(mail?.source ?? ''));
    const header = (name: string) => read.headers.find((one) => one.name.toLowerCase() === name)?.value;
    expect(read).toMatchObject({
      message_id: '<m1@a.test>',
      from: 'Help <help@a.test>',
      subject: 'Re: Grüße 🌷',
      problem: null,
    });
    expect(read.text?.trim().replaceAll('\r\n', '\n')).toBe('Viele Grüße\n.\nvon hier');
    expect(header('in-reply-to')).toBe('<q2@example.org>');
    expect(header('references')).toBe('<q1@example.org> <m0@a.test> <q2@example.org>');
    expect(header('date')).toBe('Tue, 01 Jan 2030 00:00:00 +0000');
    expect(header('to')).toBe('Ann Lee <ann@example.org>');
    expect(header('x-mailer')).toBeUndefined();
  });

  test('has HTML beside the text, and attachments byte for byte', async () => {
    const server = await sink();
    const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, at) => at % 256));
    blobs.set('b'.repeat(64), bytes);
    await sendTo(server.port, {
      html: '<p>It is <b>on its way</b>.</p>',
      attachments: [
        {
          filename: 'Rechnung März.pdf',
          content_type: 'application/pdf',
          blob: 'b'.repeat(64),
          size_bytes: 300_000,
        },
      ],
    });
    const read = await parseMail(Buffer.from(server.mails[0]?.source ?? ''));
    expect(read.text?.trim()).toBe('It is on its way.');
    expect(read.html).toContain('<b>on its way</b>');
    expect(read.attachments).toHaveLength(1);
    expect(read.attachments[0]).toMatchObject({
      filename: 'Rechnung März.pdf',
      content_type: 'application/pdf',
    });
    expect(read.attachments[0]?.bytes.equals(bytes)).toBe(true);
  });

  test('goes to everybody in copy, and nothing written ends a header', async () => {
    const server = await sink();
    await sendTo(server.port, {
      cc: [{ address: 'bob@example.org', name: 'Bob' }],
      subject: 'Hello\r\nBcc: eve@example.org',
      to: { address: 'ann@example.org', name: 'Ann\r\nX-Evil: yes' },
      references: ['<a@b>\r\nX-Evil: yes', 'no id at all', '<c@d>'],
    });
    const [mail] = server.mails;
    expect(mail?.to).toEqual(['ann@example.org', 'bob@example.org']);
    const names = (await parseMail(Buffer.from(mail?.source ?? ''))).headers.map(({ name }) =>
      name.toLowerCase(),
    );
    expect(names).not.toContain('bcc');
    expect(names).not.toContain('x-evil');
  });

  test('of a long thread keeps the first and the newest ids', async () => {
    const server = await sink();
    const references = Array.from({ length: 60 }, (_, at) => `<${at}@x>`);
    await sendTo(server.port, { references, reply_to_external_id: '<59@x>' });
    const read = await parseMail(Buffer.from(server.mails[0]?.source ?? ''));
    const ids = read.headers.find(({ name }) => name === 'References')?.value.split(' ') ?? [];
    expect(ids).toHaveLength(20);
    expect(ids[0]).toBe('<0@x>');
    expect(ids.slice(1)).toEqual(references.slice(-19));
  });
});

describe('what becomes of an attempt', () => {
  test('one session serves many mails, and one that the server ended meanwhile is replaced at once', async () => {
    const server = await scripted({});
    const transport = transportTo(`smtp://127.0.0.1:${server.port}`);
    for (let round = 0; round < 3; round += 1)
      expect((await transport.send(outgoing(), NEVER)).kind).toBe('sent');
    expect(server.sessionCount).toBe(1);
    server.dropSessions();
    expect((await transport.send(outgoing(), NEVER)).kind).toBe('sent');
    expect(server.endCount).toBe(4);
  });

  test('nobody listens: later, in words', async () => {
    const server = await openScriptedServer();
    await server.close();
    expect(await sendTo(server.port)).toEqual({
      kind: 'later',
      after_ms: null,
      says: 'The mail server cannot be reached: nothing answers there.',
    });
  });

  test('a name that is none: later', async () => {
    const sent = await transportTo('smtp://no-such-host.invalid').send(outgoing(), NEVER);
    expect(sent).toMatchObject({ kind: 'later', says: 'The mail server’s name could not be found.' });
  });

  test.each<[string, Script, string, RegExp]>([
    ['refused at the greeting', { greeting: '554 go away' }, 'later', /does not talk to us/],
    ['cut at the greeting', { greeting: 'cut' }, 'later', /connection to the mail server failed/],
    ['the sender is refused for now', { mail: '451 4.3.0 try later' }, 'later', /come again.*try later/],
    ['sign-in is wanted', { mail: '530 5.7.0 Authentication required' }, 'later', /sign in/],
    ['the recipient is refused for now', { rcpt: '450 4.2.0 Greylisted' }, 'later', /Greylisted/],
    [
      'no such recipient',
      { rcpt: '550 5.1.1 User unknown' },
      'failed',
      /for ann@example\.org: there is no such mailbox/,
    ],
    ['cut after the recipient', { rcpt: 'cut' }, 'later', /connection to the mail server failed/],
    ['DATA is refused for now', { data: '421 4.3.2 shutting down' }, 'later', /shutting down/],
    ['DATA is refused', { data: '554 5.7.1 no valid recipients' }, 'failed', /refused/],
    ['cut at DATA', { data: 'cut' }, 'later', /connection to the mail server failed/],
    ['the mail is refused for now', { end: '452 4.3.1 disk full' }, 'later', /disk full/],
    ['the mail is refused', { end: '554 5.6.0 no' }, 'failed', /refused/],
    ['too big', { end: '552 5.3.4 too big' }, 'failed', /the message is too big/],
    ['cut after the end of the mail', { end: 'cut' }, 'unknown', /may or may not have been sent/],
  ])('%s', async (_, script, kind, says) => {
    const server = await scripted(script);
    const sent = await sendTo(server.port);
    expect(sent.kind).toBe(kind);
    expect('says' in sent ? sent.says : '').toMatch(says);
  });

  test('cut in the middle of a mail: its end was never sent, so it was not taken', async () => {
    const server = await scripted({ body: 'cut' });
    const text = 'Long words. '.repeat(400_000);
    expect((await sendTo(server.port, { text })).kind).toBe('later');
    expect(server.endCount).toBe(0);
  });

  test.each<[string, Script, string]>([
    ['before anything was handed over: later', { rcpt: 'silence' }, 'later'],
    ['after the end of the mail: unknown', { end: 'silence' }, 'unknown'],
  ])('given up %s', async (_, script, kind) => {
    const server = await scripted(script);
    const transport = transportTo(`smtp://127.0.0.1:${server.port}`);
    const stop = new AbortController();
    const sending = transport.send(outgoing(), stop.signal);
    setTimeout(() => stop.abort(), 300);
    expect((await sending).kind).toBe(kind);
  });

  test('given up before it began: nothing is said to the server', async () => {
    const server = await scripted({});
    const sent = await transportTo(`smtp://127.0.0.1:${server.port}`).send(outgoing(), AbortSignal.abort());
    expect(sent.kind).toBe('later');
    expect(server.sessionCount).toBe(0);
  });

  test('one of several recipients refused: sent, and says so', async () => {
    const server = await sink({
      onRcptTo({ address }, _session, done) {
        if (address.startsWith('gone'))
          done(Object.assign(new Error('5.1.1 unknown'), { responseCode: 550 }));
        else done();
      },
    });
    const cc = [{ address: 'gone@example.org', name: '' }];
    const sent = await sendTo(server.port, { cc });
    expect(sent).toMatchObject({
      kind: 'sent',
      says: expect.stringContaining('refused for gone@example.org'),
    });
    const to = { address: 'gone@example.org', name: '' };
    expect(await sendTo(server.port, { to, cc: [{ address: 'ann@example.org', name: '' }] })).toMatchObject({
      kind: 'failed',
      says: expect.stringContaining('gone@example.org'),
    });
  });

  test('an attachment that is gone: failed, and no half mail is taken', async () => {
    const server = await sink();
    const attachments = [{ filename: 'a', content_type: 'text/plain', blob: 'c'.repeat(64), size_bytes: 1 }];
    expect(await sendTo(server.port, { attachments })).toMatchObject({
      kind: 'failed',
      says: 'An attachment of this message is not on the server any more.',
    });
    expect(server.mails).toEqual([]);
  });

  test('attachments larger than any mail: failed before anything is said', async () => {
    const server = await sink();
    const attachments = [
      { filename: 'a', content_type: 'text/plain', blob: 'c'.repeat(64), size_bytes: 26 * 1024 * 1024 },
    ];
    expect((await sendTo(server.port, { attachments })).kind).toBe('failed');
    expect(server.connectionCount).toBe(0);
  });
});

describe('signing in and encryption', () => {
  test('the name and password of the setting are used; a wrong one is tried again later', async () => {
    const server = await sink({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth({ username, password }, _session, done) {
        if (username === 'u@x' && password === 'p:w') return done(null, { user: 'u' });
        done(Object.assign(new Error('5.7.8 wrong'), { responseCode: 535 }));
      },
    });
    const right = transportTo(`smtp://u%40x:p%3Aw@127.0.0.1:${server.port}`);
    expect((await right.send(outgoing(), NEVER)).kind).toBe('sent');
    const wrong = transportTo(`smtp://u%40x:no@127.0.0.1:${server.port}`);
    expect(await wrong.send(outgoing(), NEVER)).toMatchObject({
      kind: 'later',
      says: expect.stringContaining('sign in'),
    });
  });

  test('STARTTLS is used where it is offered, and its certificate is checked', async () => {
    let isSecure = false;
    const server = await sink({
      disabledCommands: [],
      onMailFrom(_address, session, done) {
        isSecure = session.secure;
        done();
      },
    });
    const strict = transportTo(`smtp://127.0.0.1:${server.port}`);
    expect(await strict.send(outgoing(), NEVER)).toMatchObject({
      kind: 'later',
      says: expect.stringContaining('encrypted'),
    });
    const lenient = transportTo(`smtp://127.0.0.1:${server.port}?verify=no`);
    expect((await lenient.send(outgoing(), NEVER)).kind).toBe('sent');
    expect(isSecure).toBe(true);
  });

  test('needed and not offered: nothing is sent', async () => {
    const server = await sink();
    const sent = await transportTo(`smtp://127.0.0.1:${server.port}?tls=needed`).send(outgoing(), NEVER);
    expect(sent).toMatchObject({ kind: 'later', says: expect.stringContaining('encrypted') });
    expect(server.mails).toEqual([]);
  });
});

test('with a key every mail is signed, for the domain of its sender (RFC 6376)', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const server = await sink();
  const key = { domain: null, selector: 's1', privateKey };
  await transportTo(`smtp://127.0.0.1:${server.port}`, key).send(
    outgoing({ text: 'Signed.  \n\n\n' }),
    NEVER,
  );
  const source = server.mails[0]?.source ?? '';
  const headEnd = source.indexOf('\r\n\r\n');
  const fields = source.slice(0, headEnd).split(/\r\n(?![ \t])/);
  const signature = fields.find((field) => /^dkim-signature:/i.test(field)) ?? '';
  const tag = (name: string) =>
    new RegExp(`[;:]\\s*${name}=([^;]*)`).exec(signature)?.[1]?.replace(/\s+/g, '') ?? '';
  expect([tag('d'), tag('s'), tag('c'), tag('a')]).toEqual(['a.test', 's1', 'relaxed/relaxed', 'rsa-sha256']);

  const body = source
    .slice(headEnd + 4)
    .split('\r\n')
    .map((line) => line.replace(/[ \t]+/g, ' ').trimEnd())
    .join('\r\n')
    .replace(/(?:\r\n)+$/, '');
  expect(createHash('sha256').update(`${body}\r\n`).digest('base64')).toBe(tag('bh'));

  const relaxed = (field: string) => {
    const colon = field.indexOf(':');
    const value = field
      .slice(colon + 1)
      .replace(/\r\n/g, '')
      .replace(/[ \t]+/g, ' ')
      .trim();
    return `${field.slice(0, colon).trim().toLowerCase()}:${value}`;
  };
  const signed = tag('h').toLowerCase().split(':');
  expect(signed).toEqual(expect.arrayContaining(['from', 'to', 'subject', 'message-id', 'date']));
  const lines = signed.flatMap((name) => {
    const field = fields.find((one) => one.toLowerCase().startsWith(`${name}:`));
    return field === undefined ? [] : [`${relaxed(field)}\r\n`];
  });
  const own = relaxed(signature).replace(/b=[A-Za-z0-9+/= ]+$/, 'b=');
  const verify = createVerify('RSA-SHA256').update(lines.join('') + own);
  expect(verify.verify(publicKey, tag('b'), 'base64')).toBe(true);
});
