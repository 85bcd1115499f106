import { Failure, type FailureCode } from '@roost/protocol';
import { createTransport, type SendMailOptions } from 'nodemailer';
import tlsOptions from 'smtp-server/lib/tls-options.js';
import { afterEach, describe, expect, test } from 'vitest';
import { type Clock, systemClock } from '../clock.ts';
import { parseMail } from './mime.ts';
import { type ReceivedMail, type SmtpDoor, type SmtpSettings, startSmtp } from './smtp.ts';
import { SmtpTalk } from './testing/smtp-talk.ts';

const log = { debug() {}, info() {}, warn() {}, error() {} };
const opened: { close(): unknown }[] = [];
afterEach(() => Promise.all(opened.splice(0).map((one) => one.close())));

/** A door and what came through it. */
async function world(settings: Partial<SmtpSettings> = {}, clock: Clock = systemClock) {
  const mails: ReceivedMail[] = [];
  const told: FailureCode[] = [];
  const inside = {
    knows: async (address: string) => address.endsWith('@example.net') || address === 'jürgen@exämple.test',
    deliver: async (mail: ReceivedMail) => void mails.push(mail),
  };
  const door = await startSmtp(
    {
      knows: (address) => inside.knows(address),
      deliver: (mail) => inside.deliver(mail),
      failed: (code) => void told.push(code),
      log,
      clock,
    },
    { host: '127.0.0.1', port: 0, name: 'mx.test', ...settings },
  );
  opened.push(door);
  const talk = async () => {
    const one = await SmtpTalk.open(door.port);
    opened.push({ close: () => one.leave() });
    return one;
  };
  return { door, mails, told, inside, talk };
}

async function send(door: SmtpDoor, mail: SendMailOptions, options: object = {}) {
  const transport = createTransport({ host: '127.0.0.1', port: door.port, ignoreTLS: true, ...options });
  try {
    return await transport.sendMail({ from: 'ann@example.org', to: 'bob@example.net', ...mail });
  } finally {
    transport.close();
  }
}

/** Waits for what another process or turn does; fails by the test's own deadline. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resume) => setTimeout(resume, 5));
}

const held = () => {
  let release = () => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  return { gate, release };
};

describe('a mail sent by a mail program', () => {
  test('is delivered once, with its envelope, and its sender is told its name', async () => {
    const { door, mails } = await world();
    const { response } = await send(door, {
      to: ['Bob@example.net', 'eve@example.net'],
      bcc: 'bob@EXAMPLE.net',
      subject: 'Grüße',
      text: 'Hello\n.\n..two dots\n',
      attachments: [{ filename: 'a.bin', content: Buffer.from([0, 1, 2, 255]) }],
    });
    expect(mails).toHaveLength(1);
    const [mail] = mails as [ReceivedMail];
    expect(mail).toMatchObject({
      envelope_from: 'ann@example.org',
      to: ['bob@example.net', 'eve@example.net'],
      remote: '127.0.0.1',
    });
    expect(response).toBe(`250 2.6.0 OK: stored as ${mail.id}`);
    const parsed = await parseMail(mail.source);
    expect(parsed).toMatchObject({ subject: 'Grüße', text: 'Hello\n.\n..two dots\n', problem: null });
    expect(parsed.attachments[0]?.bytes).toEqual(Buffer.from([0, 1, 2, 255]));
  });

  test('many over one connection each have a name of their own', async () => {
    const { door, mails } = await world();
    const transport = createTransport({
      host: '127.0.0.1',
      port: door.port,
      ignoreTLS: true,
      pool: true,
      maxConnections: 1,
    });
    for (const text of ['one', 'two', 'three']) {
      await transport.sendMail({ from: 'ann@example.org', to: 'bob@example.net', text });
    }
    transport.close();
    expect(new Set(mails.map(({ id }) => id)).size).toBe(3);
  });

  test('goes over TLS when there is a certificate, and STARTTLS is not there without one', async () => {
    const { key, cert } = tlsOptions() as { key: string; cert: string };
    const secure = await world({ tls: { key, cert } });
    const secured = { ignoreTLS: false, requireTLS: true, tls: { rejectUnauthorized: false } };
    await send(secure.door, { text: 'secret' }, secured);
    expect(secure.mails).toHaveLength(1);

    const plain = await world();
    const talk = await plain.talk();
    expect(await talk.say('EHLO test')).not.toContain('STARTTLS');
    expect(await talk.say('STARTTLS')).toMatch(/^500/);
  });
});

describe('what is announced', () => {
  test('EHLO names the limit and the extensions, and offers no login', async () => {
    const { talk } = await world({ maxMailBytes: 1000 });
    const one = await talk();
    const features = await one.say('EHLO test');
    for (const feature of ['SIZE 1000', 'PIPELINING', '8BITMIME', 'SMTPUTF8', 'ENHANCEDSTATUSCODES']) {
      expect(features).toContain(feature);
    }
    expect(features).not.toContain('AUTH');
    expect(await one.say('AUTH PLAIN AGEAYg==')).toMatch(/^500/);
  });
});

describe('recipients', () => {
  test('one that no inbox takes mail for is refused, the others go on', async () => {
    const { talk, mails, told } = await world();
    const one = await talk();
    await one.begin('bob@example.net');
    expect(await one.say('RCPT TO:<nobody@example.com>')).toBe(
      '550 5.1.1 No inbox takes mail for this address.',
    );
    expect(await one.say('DATA')).toMatch(/^354/);
    expect(await one.say('Subject: x\r\n\r\nx\r\n.')).toMatch(/^250 2\.6\.0/);
    expect(mails[0]?.to).toEqual(['bob@example.net']);
    expect(told).toEqual(['address.unknown']);
  });

  test('a question that cannot be answered is a reason to come again, not to give up', async () => {
    const { talk, inside } = await world();
    inside.knows = async () => {
      throw new Failure('store.unavailable');
    };
    const one = await talk();
    await one.begin();
    expect(await one.say('RCPT TO:<bob@example.net>')).toMatch(/^451 4\.3\.0/);
    inside.knows = () => Promise.reject(new Error('a bug with a secret in it'));
    const reply = await one.say('RCPT TO:<bob@example.net>');
    expect(reply).toMatch(/^451 4\.3\.0/);
    expect(reply).not.toContain('secret');
  });

  test('more than a hundred are too many', async () => {
    const { talk } = await world();
    const one = await talk();
    await one.begin(...Array.from({ length: 100 }, (_, index) => `r${index}@example.net`));
    expect(await one.say('RCPT TO:<r100@example.net>')).toMatch(/^452 4\.5\.3/);
  });

  test('addresses outside ASCII', async () => {
    const { talk, mails } = await world();
    const one = await talk();
    await one.say('EHLO test');
    expect(await one.say('MAIL FROM:<änn@example.org> SMTPUTF8 BODY=8BITMIME')).toMatch(/^250/);
    expect(await one.say('RCPT TO:<Jürgen@xn--exmple-cua.test>')).toMatch(/^250/);
    await one.say('DATA');
    expect(await one.say('Subject: Grüße\r\n\r\n8 bits: ü\r\n.')).toMatch(/^250/);
    expect(mails[0]).toMatchObject({ envelope_from: 'änn@example.org', to: ['jürgen@exämple.test'] });
    expect(mails[0]?.source.toString()).toBe('Subject: Grüße\r\n\r\n8 bits: ü\r\n');
  });

  test('a delivery report comes from nobody', async () => {
    const { talk, mails } = await world();
    const one = await talk();
    await one.say('EHLO test');
    expect(await one.say('MAIL FROM:<>')).toMatch(/^250/);
    await one.say('RCPT TO:<bob@example.net>');
    await one.say('DATA');
    expect(await one.say('Subject: returned\r\n\r\nx\r\n.')).toMatch(/^250/);
    expect(mails[0]?.envelope_from).toBe('');
  });
});

describe('the answer to a mail', () => {
  const outcomes: [FailureCode, RegExp][] = [
    ['store.full', /^451 4\.3\.0 The disk is full/],
    ['store.unavailable', /^451 4\.3\.0/],
    ['server.failed', /^451 4\.3\.0/],
    ['server.draining', /^451 4\.3\.0/],
    ['request.too_many', /^451 4\.3\.0/],
    ['access.forbidden', /^451 4\.3\.0/],
    ['request.invalid', /^554 5\.6\.0/],
    ['address.unknown', /^550 5\.1\.1/],
  ];
  test.each(outcomes)('%s is told as %s, and the connection lives on', async (code, answer) => {
    const { talk, inside, told, mails } = await world();
    const { deliver } = inside;
    inside.deliver = () => Promise.reject(new Failure(code));
    const one = await talk();
    await one.begin('bob@example.net');
    await one.say('DATA');
    expect(await one.say('Subject: x\r\n\r\nx\r\n.')).toMatch(answer);
    expect(told).toEqual([code]);
    inside.deliver = deliver;
    await one.begin('bob@example.net');
    await one.say('DATA');
    expect(await one.say('Subject: x\r\n\r\nx\r\n.')).toMatch(/^250/);
    expect(mails).toHaveLength(1);
  });

  test('comes only after the mail was delivered', async () => {
    const { talk, inside } = await world();
    const { gate, release } = held();
    let isDelivered = false;
    inside.deliver = async () => {
      await gate;
      isDelivered = true;
    };
    const one = await talk();
    await one.begin('bob@example.net');
    await one.say('DATA');
    const answer = one.say('Subject: x\r\n\r\nx\r\n.').then((reply) => ({ reply, isDelivered }));
    await (await talk()).say('NOOP');
    expect(isDelivered).toBe(false);
    release();
    expect(await answer).toMatchObject({ reply: expect.stringMatching(/^250/), isDelivered: true });
  });

  test('does not wait for ever for a store that hangs', async () => {
    const timers = new Set<() => void>();
    const clock: Clock = {
      now: () => 0,
      after: (_ms, run) => {
        timers.add(run);
        return () => timers.delete(run);
      },
    };
    const { talk, inside } = await world({}, clock);
    let isCalled = false;
    inside.deliver = () => {
      isCalled = true;
      return new Promise(() => {});
    };
    const one = await talk();
    await one.begin('bob@example.net');
    await one.say('DATA');
    const answer = one.say('Subject: x\r\n\r\nx\r\n.');
    await until(() => isCalled && timers.size === 1);
    for (const strike of [...timers]) strike();
    expect(await answer).toMatch(/^451/);
  });
});

describe('size', () => {
  test('announced too large is refused before a byte of it', async () => {
    const { talk } = await world({ maxMailBytes: 1000 });
    const one = await talk();
    await one.say('EHLO test');
    expect(await one.say('MAIL FROM:<ann@example.org> SIZE=1001')).toMatch(/^552 5\.3\.4/);
    expect(await one.say('MAIL FROM:<ann@example.org> SIZE=1000')).toMatch(/^250/);
  });

  test('too large by its bytes is refused at its end, and the next mail is taken', async () => {
    const { talk, mails, told } = await world({ maxMailBytes: 1000 });
    const one = await talk();
    await one.begin('bob@example.net');
    await one.say('DATA');
    expect(await one.say(`${'x'.repeat(3000)}\r\n.`)).toMatch(/^552 5\.3\.4/);
    expect(mails).toEqual([]);
    expect(told).toEqual(['request.too_big']);
    await one.begin('bob@example.net');
    await one.say('DATA');
    expect(await one.say(`${'x'.repeat(900)}\r\n.`)).toMatch(/^250/);
  });

  test('one byte too many is too many', async () => {
    const { talk } = await world({ maxMailBytes: 100 });
    for (const [length, answer] of [
      [98, /^250/],
      [99, /^552/],
    ] as const) {
      const one = await talk();
      await one.begin('bob@example.net');
      await one.say('DATA');
      expect(await one.say(`${'x'.repeat(length)}\r\n.`)).toMatch(answer);
    }
  });

  test('a flood is not waited for to its end', async () => {
    const { talk, mails } = await world({ maxMailBytes: 1000 });
    const one = await talk();
    await one.begin('bob@example.net');
    await one.say('DATA');
    const flood = setInterval(() => one.send('x'.repeat(1000)), 1);
    const reply = await one.reply();
    clearInterval(flood);
    expect(reply).toMatch(/^421/);
    await one.over();
    expect(mails).toEqual([]);
  });

  test('mails that together are too much for the memory come again, and make room for others', async () => {
    const { talk, inside, mails } = await world({ maxMailBytes: 1000, maxInFlightBytes: 1500 });
    const { deliver } = inside;
    const { gate, release } = held();
    inside.deliver = async (mail) => {
      await gate;
      await deliver(mail);
    };
    const [first, second, third] = [await talk(), await talk(), await talk()];
    await first.begin('bob@example.net');
    await second.begin('bob@example.net');
    await third.say('EHLO test');
    await first.say('DATA');
    await second.say('DATA');
    first.send(`${'x'.repeat(900)}\r\n.\r\n`);
    expect(await second.say(`${'y'.repeat(900)}\r\n.`)).toMatch(/^451 4\.3\.0 Too many mails/);
    expect(await third.say('MAIL FROM:<ann@example.org> SIZE=700')).toMatch(/^451 4\.3\.0 Too many mails/);
    release();
    expect(await first.reply()).toMatch(/^250/);
    await second.begin('bob@example.net');
    await second.say('DATA');
    expect(await second.say(`${'y'.repeat(900)}\r\n.`)).toMatch(/^250/);
    expect(mails).toHaveLength(2);
  });
});

describe('odd talk', () => {
  test('commands out of order are refused and change nothing', async () => {
    const { talk, mails } = await world();
    const one = await talk();
    expect(await one.say('MAIL FROM:<ann@example.org>')).toMatch(/^503/);
    await one.say('EHLO test');
    expect(await one.say('DATA')).toMatch(/^503/);
    expect(await one.say('RCPT TO:<bob@example.net>')).toMatch(/^503/);
    expect(await one.say('MAIL FROM:ann')).toMatch(/^501/);
    expect(await one.say('MAIL FROM:<ann@example.org>')).toMatch(/^250/);
    expect(await one.say('MAIL FROM:<ann@example.org>')).toMatch(/^503/);
    expect(await one.say('DATA')).toMatch(/^503/);
    expect(await one.say('NONSENSE')).toMatch(/^500/);
    expect(await one.say('SHELL')).toMatch(/^500/);
    expect(await one.say('RSET')).toMatch(/^250/);
    expect(await one.say('QUIT')).toMatch(/^221/);
    await one.over();
    expect(mails).toEqual([]);
  });

  test('commands sent all at once are answered one by one', async () => {
    const { talk, mails } = await world();
    const one = await talk();
    one.send(
      'EHLO test\r\nMAIL FROM:<ann@example.org>\r\nRCPT TO:<bob@example.net>\r\nRCPT TO:<x@x.com>\r\nDATA\r\n',
    );
    const replies = [];
    for (let count = 0; count < 5; count++) replies.push((await one.reply()).slice(0, 3));
    expect(replies).toEqual(['250', '250', '250', '550', '354']);
    one.send('Subject: x\r\n\r\nx\r\n.\r\nNOOP\r\nQUIT\r\n');
    expect(
      [await one.reply(), await one.reply(), await one.reply()].map((reply) => reply.slice(0, 3)),
    ).toEqual(['250', '250', '221']);
    expect(mails[0]?.source.toString()).toBe('Subject: x\r\n\r\nx\r\n');
  });

  test('dots at the start of a line come as they were written', async () => {
    const { talk, mails } = await world();
    const one = await talk();
    await one.begin('bob@example.net');
    await one.say('DATA');
    for (const piece of ['..\r', '\n...x\r\n.', '.\r\n', '..two\r\n.', '\r\n']) {
      one.send(piece);
      await new Promise((resume) => setImmediate(resume));
    }
    expect(await one.reply()).toMatch(/^250/);
    expect(mails[0]?.source.toString()).toBe('.\r\n..x\r\n.\r\n.two\r\n');
  });

  test('only CR LF dot CR LF ends a mail, so none can hide in another', async () => {
    const { talk, mails } = await world();
    const one = await talk();
    await one.begin('bob@example.net');
    await one.say('DATA');
    const hidden = 'one\n.\nMAIL FROM:<x@x.com>\r\n\n.\r\ntwo\n.\r\nthree\r.\r';
    expect(await one.say(`${hidden}\r\n.`)).toMatch(/^250/);
    expect(mails).toHaveLength(1);
    expect(mails[0]?.source.toString()).toContain('MAIL FROM:<x@x.com>');
    expect(mails[0]?.source.toString()).toContain('three');
  });

  test('NUL and every other byte come as they were sent', async () => {
    const { talk, mails } = await world();
    const bytes = Buffer.from(
      Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => byte !== 10 && byte !== 13),
    );
    const one = await talk();
    await one.begin('bob@example.net');
    await one.say('DATA');
    expect(await one.say(Buffer.concat([bytes, Buffer.from('\r\n.')]))).toMatch(/^250/);
    expect(mails[0]?.source.subarray(0, -2).equals(bytes)).toBe(true);
  });

  test('an empty mail is a mail', async () => {
    const { talk, mails } = await world();
    const one = await talk();
    await one.begin('bob@example.net');
    await one.say('DATA');
    expect(await one.say('.')).toMatch(/^250/);
    expect(mails[0]?.source.length).toBe(0);
  });

  test('a client that leaves in the middle of its mail leaves nothing, and others go on', async () => {
    const { talk, mails } = await world({ maxInFlightBytes: 1500 });
    const one = await talk();
    await one.begin('bob@example.net');
    await one.say('DATA');
    one.send('x'.repeat(1200));
    one.leave();
    const other = await talk();
    await other.say('EHLO test');
    let reply = '';
    // Its bytes make room again once the server has seen it go.
    await until(() => one.isOver);
    for (let tries = 0; tries < 100 && !reply.startsWith('250'); tries++) {
      await other.say('RSET');
      reply = await other.say('MAIL FROM:<ann@example.org> SIZE=1400');
    }
    expect(reply).toMatch(/^250/);
    expect(mails).toEqual([]);
  });

  test('a client that leaves before the answer has delivered its mail', async () => {
    const { talk, inside, mails } = await world();
    const { deliver } = inside;
    const { gate, release } = held();
    let isCalled = false;
    inside.deliver = async (mail) => {
      isCalled = true;
      await gate;
      await deliver(mail);
    };
    const one = await talk();
    await one.begin('bob@example.net');
    await one.say('DATA');
    one.send('Subject: x\r\n\r\nx\r\n.\r\n');
    await until(() => isCalled);
    one.leave();
    release();
    await until(() => mails.length === 1);
    expect(await (await talk()).say('EHLO test')).toMatch(/^250/);
  });

  test('a line of a megabyte, a web request and bytes of no meaning end the connection, not the server', async () => {
    const { talk } = await world();
    for (const bytes of [
      'x'.repeat(1_000_000),
      'GET / HTTP/1.1\r\n',
      Buffer.from([22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3, 10]),
    ]) {
      const one = await talk();
      one.send(bytes);
      one.send('\r\n'.repeat(20));
      await one.over();
    }
    expect(await (await talk()).say('EHLO test')).toMatch(/^250/);
  });

  test('one client too many is asked to come again', async () => {
    const { talk, door } = await world({ maxClients: 2 });
    const [first] = [await talk(), await talk()];
    const socket = await SmtpTalk.open(door.port);
    await socket.over();
    expect(await first.say('NOOP')).toMatch(/^250/);
  });

  test('a client that says nothing is let go', async () => {
    const { talk } = await world({ idleMs: 400 });
    const one = await talk();
    expect(await one.reply()).toMatch(/^421/);
    await one.over();
  });
});

describe('closing', () => {
  test('idle clients are sent away at once', async () => {
    const { door, talk } = await world();
    const one = await talk();
    const closed = door.close();
    expect(await one.reply()).toMatch(/^421/);
    await one.over();
    await closed;
    await expect(SmtpTalk.open(door.port).then((late) => late.say('NOOP'))).resolves.toBe('');
  });

  test('a mail on its way ends, and is answered', async () => {
    const { door, talk, mails } = await world();
    const one = await talk();
    await one.begin('bob@example.net');
    await one.say('DATA');
    const closed = door.close();
    expect(await one.say('Subject: last\r\n\r\nx\r\n.')).toMatch(/^250/);
    expect(mails).toHaveLength(1);
    expect(await one.reply()).toMatch(/^421/);
    await one.over();
    await closed;
  });

  test('a mail that does not end is not waited for beyond the deadline', async () => {
    const { door, talk, mails } = await world({ closeDeadlineMs: 150 });
    const one = await talk();
    await one.begin('bob@example.net');
    await one.say('DATA');
    one.send('Subject: endless\r\n');
    await door.close();
    await one.over();
    expect(mails).toEqual([]);
  });

  test('twice is once, and a taken port is an error', async () => {
    const { door } = await world();
    await expect(
      startSmtp(
        { knows: async () => true, deliver: async () => {}, log, clock: systemClock },
        { host: '127.0.0.1', port: door.port },
      ),
    ).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await Promise.all([door.close(), door.close()]);
  });
});
