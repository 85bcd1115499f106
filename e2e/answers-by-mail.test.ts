import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  openSmtpSink,
  type SmtpSink,
  type TakenMail,
} from '../packages/server/src/outbound/testing/smtp-sink.ts';
import { sendMail } from './world/mail.ts';
import { type Roost, signIn, startRoost } from './world/roost.ts';
import { until } from './world/until.ts';

let sink: SmtpSink;
let roost: Roost;
let token: string;
beforeAll(async () => {
  sink = await openSmtpSink();
  roost = await startRoost({ ROOST_SMTP_URL: `smtp://127.0.0.1:${sink.port}` });
  token = await signIn(roost);
  await ask('POST', '/inboxes', { kind: 'mail', address: 'help@qa.test', name: 'Help' });
});
afterAll(async () => {
  await roost?.remove();
  await sink?.close();
});

interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: what comes back is compared, not used
  readonly body: any;
}

async function ask(method: string, path: string, body?: object): Promise<Answer> {
  const answer = await fetch(`${roost.url}/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: await answer.json() };
}

/** A customer writes; resolves with the conversation that comes of it. */
async function writes(
  subject: string,
  messageId: string,
  headers: object = {},
): Promise<{ id: string; answer_offset: number }> {
  await sendMail(roost.smtpPort, { to: 'help@qa.test', subject, messageId, headers } as Parameters<
    typeof sendMail
  >[1]);
  const { body } = await ask('GET', '/conversations?view=all');
  return body.rows.find((row: { subject: string }) => row.subject === subject);
}

async function answers(conversation: { id: string; answer_offset: number }, text: string): Promise<string> {
  const { status, body } = await ask('POST', `/conversations/${conversation.id}/messages`, {
    text,
    based_on: conversation.answer_offset,
  });
  expect(status).toBe(201);
  return body.message_id;
}

async function message(id: string) {
  return (await ask('GET', `/messages/${id}`)).body.rows[0];
}

function headerOf({ source }: TakenMail, name: string): string {
  const unfolded = source.slice(0, source.indexOf('\r\n\r\n')).replace(/\r\n[ \t]+/g, ' ');
  return new RegExp(`^${name}: (.*)$`, 'im').exec(unfolded)?.[1] ?? '';
}

test('a customer writes, is answered, writes back, and it stays one conversation', async () => {
  const conversation = await writes('A lamp', '<q1@customer.example>');
  const id = await answers(conversation, 'It is on its way.');
  await until('the answer went out', () => sink.mails.length === 1);
  const mail = sink.mails[0] as TakenMail;
  expect(mail).toMatchObject({ from: 'help@qa.test', to: ['ann@example.org'] });
  expect(headerOf(mail, 'Subject')).toBe('Re: A lamp');
  expect(headerOf(mail, 'From')).toBe('Help <help@qa.test>');
  expect(headerOf(mail, 'In-Reply-To')).toBe('<q1@customer.example>');
  expect(headerOf(mail, 'References')).toBe('<q1@customer.example>');
  expect(mail.source).toContain('It is on its way.');
  await until('it is told as sent', async () => (await message(id)).status === 'sent');

  const ours = headerOf(mail, 'Message-ID');
  await sendMail(roost.smtpPort, {
    to: 'help@qa.test',
    subject: 'Re: A lamp',
    inReplyTo: ours,
    references: ours,
  } as Parameters<typeof sendMail>[1]);
  const { body } = await ask('GET', `/conversations/${conversation.id}/messages`);
  const kinds = body.rows.map(({ kind }: { kind: string }) => kind);
  expect(kinds.sort()).toEqual(['inbound', 'inbound', 'outbound']);
});

test('an answer that comes back is failed, in words', async () => {
  const conversation = await writes('A broken lamp', '<q2@customer.example>');
  const id = await answers(conversation, 'Sorry.');
  const isOurs = ({ source }: TakenMail) => source.includes('Sorry.');
  await until('the answer went out', () => sink.mails.some(isOurs));
  const mail = sink.mails.find(isOurs) as TakenMail;
  await sendMail(roost.smtpPort, {
    to: 'help@qa.test',
    from: 'MAILER-DAEMON@mx.example',
    subject: 'Undelivered Mail Returned to Sender',
    text: `<ann@example.org>: 550 5.1.1 User unknown\n\n--- Below this line is a copy of the message.\n\nMessage-ID: ${headerOf(mail, 'Message-ID')}\n`,
  });
  expect(await message(id)).toMatchObject({
    status: 'failed',
    error: expect.stringContaining('ann@example.org: there is no such mailbox'),
  });
});

test('a mail server that is away for a while gets each answer once, in order, when it is back', async () => {
  const conversation = await writes('Three lamps', '<q3@customer.example>');
  const { port } = sink;
  await sink.close();
  const first = await answers(conversation, 'First.');
  await until('the attempt failed', async () => (await message(first)).error !== null);
  expect(await message(first)).toMatchObject({
    status: 'queued',
    error: expect.stringContaining('cannot be reached'),
  });
  await ask('POST', `/conversations/${conversation.id}/messages`, { text: 'Second.', override: true });
  sink = await openSmtpSink({}, port);
  await ask('POST', `/messages/${first}/send-again`);
  await until('both went out', () => sink.mails.length === 2);
  expect(sink.mails.map(({ source }) => /(First|Second)\./.exec(source)?.[1])).toEqual(['First', 'Second']);
});

test('what waits when the server ends goes out when it is back', async () => {
  const conversation = await writes('Four lamps', '<q4@customer.example>');
  const { port } = sink;
  await sink.close();
  const id = await answers(conversation, 'Later.');
  await until('the attempt failed', async () => (await message(id)).error !== null);
  expect(await roost.end('SIGTERM')).toBe(0);
  sink = await openSmtpSink({}, port);
  await roost.start();
  token = await signIn(roost);
  await until('it went out', () => sink.mails.length === 1);
  await until('it is told as sent', async () => (await message(id)).status === 'sent');
});

test('without a mail server to send with, an answer fails at once and says what to set', async () => {
  const bare = await startRoost();
  try {
    const served = roost;
    roost = bare;
    token = await signIn(bare);
    await ask('POST', '/inboxes', { kind: 'mail', address: 'help@qa.test' });
    const id = await answers(await writes('A lamp', '<q5@customer.example>'), 'Hello');
    await until('it failed', async () => (await message(id)).status === 'failed');
    expect((await message(id)).error).toMatch(/No mail server is set up.*ROOST_SMTP_URL/);
    roost = served;
  } finally {
    await bare.remove();
  }
});
