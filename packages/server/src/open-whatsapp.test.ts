import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { commands, queries } from './domain/index.ts';
import { postgresMissing } from './store/testing/postgres.ts';
import { WhatsAppDesk } from './testing/whatsapp-desk.ts';

const system = { kind: 'system', name: 'test' } as const;
const ANN = '16505551234';
const postgres = inject('postgresUrl');

let desk: WhatsAppDesk;
afterEach(() => desk.close());

for (const store of ['sqlite', 'postgres'] as const) {
  const isMissing = store === 'postgres' && postgresMissing(postgres);
  describe.skipIf(isMissing)(`on ${store}`, () => {
    beforeEach(async () => {
      desk = await WhatsAppDesk.open(store === 'postgres' ? postgres : null);
    });
    suite();
  });
}

/** Of the newest message in the conversation that was active last. */
const newest = async () => (await desk.thread()).at(-1);
const statusesOf = (id: string) => desk.message(id, ({ status }) => status === 'delivered');

function suite(): void {
  test('a customer writes: a contact, a conversation, a message, the window', async () => {
    await desk.hears({ from: ANN, name: 'Ann Lee', text: 'Grüße / 🙂' });
    expect(await desk.contacts()).toMatchObject([{ name: 'Ann Lee', phones: ['+16505551234'] }]);
    const [conversation, ...others] = await desk.conversations();
    expect(others).toEqual([]);
    expect(conversation).toMatchObject({
      status: 'open',
      inbox_id: desk.inboxId,
      contact: { name: 'Ann Lee' },
    });
    expect(Date.parse(conversation?.reply_until ?? '')).toBeGreaterThan(Date.now() + 23 * 3_600_000);
    expect(await desk.thread()).toMatchObject([
      {
        kind: 'inbound',
        via: 'whatsapp',
        text: 'Grüße / 🙂',
        snippet: 'Grüße / 🙂',
        from: 'Ann Lee',
        parts: [],
      },
    ]);
  });

  test('the same webhook many times at once, and again, is one message', async () => {
    const said = { from: ANN, text: 'Once', id: 'wamid.once' };
    await Promise.all(Array.from({ length: 8 }, () => desk.hears(said, { copies: 3 })));
    expect(await desk.contacts()).toHaveLength(1);
    expect(await desk.thread()).toHaveLength(1);
  });

  test('many customers in one webhook: all of them, each in a conversation of their own', async () => {
    const people = Array.from({ length: 40 }, (_, at) => ({
      from: `1650555${1_000 + at}`,
      name: `P${at}`,
      text: `${at}`,
    }));
    await desk.hears([...people, ...people.map((one) => ({ ...one, text: `${one.text} again` }))]);
    const conversations = await desk.conversations();
    expect(conversations).toHaveLength(40);
    for (const { id } of conversations) expect(await desk.thread(id)).toHaveLength(2);
  });

  test('every kind of message has its place on the screen', async () => {
    await desk.hears([
      { location: { latitude: 52.5, longitude: 13.4, name: 'Berlin' } },
      { contact: { name: 'Bo', phone: '+4930123' } },
      { choice: { id: 'yes', title: 'Yes, please' } },
      { unsupported: true },
      { raw: { type: 'hologram', hologram: { depth: 3 } } },
    ]);
    const thread = await desk.thread();
    expect(thread.map(({ snippet, parts }) => [snippet, parts[0]?.type])).toEqual([
      ['A place: Berlin', 'location'],
      ['Contacts: Bo', 'contacts'],
      ['Yes, please', 'choice'],
      ['WhatsApp does not hand over messages of this kind.', 'unsupported'],
      ['A message of a kind that cannot be shown here (hologram).', 'unsupported'],
    ]);
    // What nobody understands can still be read where it is opened.
    const unknown = await desk.opened(thread.at(-1)?.id ?? '');
    expect(unknown?.content.text).toContain('"hologram":{"depth":3}');
  });

  test('a file: the message is there at once, the file once it was fetched', async () => {
    desk.simulator.fail({ on: 'download', what: { kind: 'cut' }, times: 1 });
    await desk.hears({
      document: { filename: 'invoice.pdf', caption: 'Here', bytes: Buffer.from('%PDF').toString('base64') },
    });
    const first = await newest();
    expect(first).toMatchObject({ text: 'Here', parts: [{ type: 'document', filename: 'invoice.pdf' }] });
    const message = await desk.message(first?.id ?? '', ({ attachment_count }) => attachment_count === 1);
    expect(message.parts).toEqual([
      {
        type: 'document',
        index: 0,
        filename: 'invoice.pdf',
        content_type: 'application/pdf',
        size_bytes: 4,
        problem: null,
      },
    ]);
    expect((await desk.opened(message.id))?.content.attachments).toMatchObject([
      { index: 0, filename: 'invoice.pdf' },
    ]);
    const file = await desk.bus.query(queries.findAttachment, {
      org: desk.org,
      actor: system,
      input: { message_id: message.id, index: 0 },
    });
    expect(file).not.toBeNull();
  });

  test('a file that is gone says so, and keeps nobody from the message', async () => {
    desk.simulator.fail({ on: 'media', what: { kind: 'error', status: 404, code: 100 } });
    await desk.hears({ image: {} });
    const message = await desk.message((await newest())?.id ?? '', ({ parts }) => {
      const [part] = parts;
      return part !== undefined && 'problem' in part && part.problem !== null;
    });
    expect(message.parts[0]).toMatchObject({
      index: null,
      problem: expect.stringMatching(/^The file cannot be had/),
    });
  });

  test('an answer goes out once and is followed to the end; the customer’s answer finds it', async () => {
    const [question] = await desk.hears({ from: ANN, text: 'Is it there?' });
    const id = await desk.answers('Yes', { reply_to: (await newest())?.id ?? '' });
    const message = await statusesOf(id);
    expect(message).toMatchObject({ kind: 'outbound', error: null, text: 'Yes' });
    expect(desk.simulator.sent.all).toHaveLength(1);
    const [sent] = desk.simulator.sent.all;
    expect(sent).toMatchObject({
      to: ANN,
      message: { context: { message_id: question }, biz_opaque_callback_data: id },
    });
    await desk.simulator.tell({ id: sent?.id ?? '', status: 'read' });
    expect(await desk.opened(id)).toMatchObject({ status: 'read' });
    await desk.hears({ from: ANN, text: 'Thanks', reply_to: sent?.id });
    expect(await newest()).toMatchObject({ reply_to: id });
  });

  test('statuses in any order and any number only move forward', async () => {
    await desk.hears({ text: 'Hello' });
    const id = await desk.answers('Hi');
    await statusesOf(id);
    const external = desk.simulator.sent.all[0]?.id ?? '';
    for (const status of ['read', 'delivered', 'sent', 'read', 'failed'])
      await desk.simulator.tell({ id: external, status });
    await desk.simulator.tell({ id: external, status: 'sent' }, { id: external, status: 'delivered' });
    expect(await desk.opened(id)).toMatchObject({ status: 'read', error: null });
  });

  test('a message that is not delivered says why', async () => {
    desk.simulator.unreachable.add(ANN);
    await desk.hears({ from: ANN, text: 'Hello' });
    const id = await desk.answers('Hi');
    expect(await desk.message(id, ({ status }) => status === 'failed')).toMatchObject({
      error: expect.stringMatching(
        /^The message was not delivered: it could not be delivered: .+\(131026\)\.$/,
      ),
    });
  });

  test('an answer that was lost is unknown; the next status clears it up, and nothing is sent twice', async () => {
    await desk.hears({ text: 'Hello' });
    desk.simulator.webhooks.hold();
    desk.simulator.fail({ what: { kind: 'cut_after' } });
    const id = await desk.answers('Hi');
    const unknown = await desk.message(id, ({ status }) => status === 'unknown');
    expect(unknown.error).toContain('check, then send again');
    desk.simulator.webhooks.release();
    expect(await statusesOf(id)).toMatchObject({ error: null });
    expect(desk.simulator.sent.count).toBe(1);
    // The platform's id is known by now, too: an answer that refers to it finds the message.
    await desk.hears({ text: 'Thanks', reply_to: desk.simulator.sent.all[0]?.id });
    expect(await newest()).toMatchObject({ reply_to: id });
    await expect(
      desk.bus.execute(commands.sendAgain, { org: desk.org, actor: desk.agent, input: { message_id: id } }),
    ).rejects.toMatchObject({ code: 'message.settled' });
  });

  test('a status that overtakes the answer to its call is not lost, also when it says nothing of us', async () => {
    await desk.hears({ text: 'Hello' });
    desk.simulator.fail({ what: { kind: 'slow', ms: 300 } });
    const id = await desk.answers('Hi');
    desk.simulator.onSent(({ id: external, to }) => {
      const value = {
        metadata: { phone_number_id: desk.simulator.settings.phone_number_id },
        statuses: [{ id: external, status: 'read', timestamp: '1', recipient_id: to }],
      };
      void desk.simulator.deliver({ entry: [{ id: '1', changes: [{ field: 'messages', value }] }] });
    });
    await desk.message(id, ({ status }) => status === 'read');
  });

  test('too fast: it comes again when it was told to, and goes out once', async () => {
    await desk.hears({ text: 'Hello' });
    desk.simulator.fail({ what: { kind: 'error', status: 429, code: 130429, retry_after: '1' } });
    const id = await desk.answers('Hi');
    expect(await desk.message(id, ({ error }) => error !== null)).toMatchObject({
      status: 'queued',
      error: 'The message could not be sent yet: more was sent than WhatsApp allows at once (130429).',
    });
    await statusesOf(id);
    expect(desk.simulator.sent.count).toBe(1);
  });

  test('a template after the window; free text is refused by the server', async () => {
    await desk.hears({ text: 'Hello' });
    const id = await desk.answers('', {
      template: { name: 'order_ready', language: 'en', parameters: ['Ann', '17'] },
    });
    await statusesOf(id);
    expect(desk.simulator.sent.all[0]?.message).toMatchObject({ type: 'template' });
  });

  test('what the platform would refuse is refused when it is written', async () => {
    await desk.hears({ text: 'Hello' });
    await desk.until(async () => ((await desk.templates()).length > 0 ? true : null));
    const template = { name: 'order_ready', language: 'en', parameters: ['Ann'] };
    for (const [said, sentence] of [
      [template, 'The template “order_ready” asks for 2 values; there are 1.'],
      [{ ...template, language: 'fr' }, 'This inbox has no template “order_ready” in “fr”.'],
      [{ ...template, name: 'spring_offer' }, 'The template “spring_offer” is not approved (pending).'],
    ] as const) {
      await expect(
        desk.answers('', { template: { ...said, parameters: [...said.parameters] } }),
      ).rejects.toMatchObject({
        code: 'request.invalid',
        message: sentence,
      });
    }
    expect(desk.simulator.sent.count).toBe(0);
  });

  test('reactions: set, changed, taken back; one to something that is not here is still told', async () => {
    await desk.hears({ text: 'Hello' });
    const id = await desk.answers('Hi');
    await statusesOf(id);
    const to = desk.simulator.sent.all[0]?.id ?? '';
    await desk.hears({ from: ANN, reaction: { to, emoji: '👍' } });
    await desk.hears({ from: ANN, reaction: { to, emoji: '🎉' } }, { copies: 2 });
    expect((await desk.opened(id))?.reactions).toEqual([{ emoji: '🎉', from: '+16505551234' }]);
    await desk.hears({ from: ANN, reaction: { to, emoji: '' } });
    expect((await desk.opened(id))?.reactions).toEqual([]);
    await desk.hears({ from: ANN, reaction: { to: 'wamid.elsewhere', emoji: '👍' } });
    expect(await newest()).toMatchObject({ text: '👍', kind: 'inbound' });
  });

  test('an agent reads, and the customer sees it', async () => {
    const [external] = await desk.hears({ text: 'Hello' });
    const [conversation] = await desk.conversations();
    const up_to = conversation?.inbound_offset ?? 0;
    await desk.bus.execute(commands.readConversation, {
      org: desk.org,
      actor: desk.agent,
      input: { conversation_id: conversation?.id ?? '', up_to },
    });
    await desk.until(() => desk.simulator.said.all.find(({ id, read }) => id === external && read) ?? null);
  });

  test('a new number: the conversation goes on, and answers go there', async () => {
    await desk.hears({ from: ANN, name: 'Ann Lee', text: 'Hello' });
    await desk.hears({ from: ANN, name: 'Ann Lee', new_number: '16505550000' }, { copies: 2 });
    expect(await desk.contacts()).toMatchObject([{ phones: ['+16505551234', '+16505550000'] }]);
    await desk.hears({ from: '16505550000', name: 'Ann Lee', text: 'It is me' });
    expect(await desk.conversations()).toMatchObject([{ contact: { address: '+16505550000' } }]);
    expect((await desk.thread()).map(({ kind }) => kind)).toEqual(['inbound', 'system', 'inbound']);
    const id = await desk.answers('Hi');
    await statusesOf(id);
    expect(desk.simulator.sent.all[0]?.to).toBe('16505550000');
  });

  test('somebody without a number is answered by their user id', async () => {
    await desk.hears({ user_id: 'US.1349', name: 'Ann', text: 'Hello' });
    const id = await desk.answers('Hi');
    await desk.message(id, ({ status }) => status === 'delivered');
    expect(desk.simulator.sent.all[0]?.message).toMatchObject({ recipient: 'US.1349' });
  });

  test('who hides their number one day goes on in the same conversation', async () => {
    await desk.hears({ from: ANN, user_id: 'US.1349', shows_both: true, name: 'Ann Lee', text: 'Hello' });
    await desk.hears({ from: ANN, user_id: 'US.1349', name: 'Ann Lee', text: 'It is still me' });
    expect(await desk.contacts()).toHaveLength(1);
    expect((await desk.thread()).map(({ text }) => text)).toEqual(['Hello', 'It is still me']);
  });

  test('a number without an inbox: answered 200, kept, told of, and delivered once there is one', async () => {
    const value = {
      metadata: { phone_number_id: '999' },
      contacts: [{ profile: { name: 'Cy' }, wa_id: '16505557777' }],
      messages: [{ from: '16505557777', id: 'wamid.stray', type: 'text', text: { body: 'Anybody?' } }],
    };
    const payload = { entry: [{ id: '1', changes: [{ field: 'messages', value }] }] };
    expect(await desk.simulator.deliver(payload)).toBe(200);
    expect(await desk.simulator.deliver(payload)).toBe(200);
    expect(await desk.conversations()).toEqual([]);
    expect(desk.logged.map(({ msg }) => msg)).toContain(
      'WhatsApp has told of a message for the phone number id 999, which no inbox has.',
    );
    const list = () =>
      desk.bus.query(queries.listLeftovers, { org: desk.org, actor: system, input: { limit: 10 } });
    expect(await list()).toMatchObject([{ what: 'message', phone_number_id: '999' }]);
    expect(await desk.metrics.text()).toContain(
      'roost_ingested_messages_total{source="whatsapp",outcome="unplaced"} 2',
    );
    await desk.addInbox('999');
    await desk.until(async () => ((await desk.conversations()).length === 1 ? true : null));
    expect(await desk.thread()).toMatchObject([{ text: 'Anybody?' }]);
    await desk.until(async () => ((await list()).length === 0 ? true : null));
  });

  test('what is not understood, and errors of the account, are kept as they came', async () => {
    const error = { code: 131031, title: 'Account locked' };
    const metadata = { phone_number_id: desk.simulator.settings.phone_number_id };
    const changes = [
      {
        field: 'messages',
        value: { metadata, errors: [error], statuses: [{ id: 'x', status: 'levitating' }] },
      },
      { field: 'account_update', value: { event: 'X' } },
    ];
    expect(await desk.simulator.deliver({ entry: [{ id: '1', changes }] })).toBe(200);
    const kept = await desk.bus.query(queries.listLeftovers, {
      org: desk.org,
      actor: system,
      input: { limit: 10 },
    });
    expect(kept.map(({ what }) => what).sort()).toEqual(['error', 'notice', 'unknown']);
    expect(kept.find(({ what }) => what === 'error')?.says).toContain('restricted or blocked');
  });

  test('templates are fetched by themselves, and followed', async () => {
    const all = await desk.until(async () => {
      const found = await desk.templates();
      return found.length === desk.simulator.settings.templates.length ? found : null;
    });
    expect(all.find(({ name, language }) => name === 'order_ready' && language === 'en')).toMatchObject({
      status: 'APPROVED',
      parameter_count: 2,
      inbox_id: desk.inboxId,
    });
    await desk.simulator.tellTemplate('spring_offer', 'en', 'APPROVED');
    expect((await desk.templates()).find(({ name }) => name === 'spring_offer')).toMatchObject({
      status: 'APPROVED',
    });
  });

  test('what one app signs says nothing of the numbers of another', async () => {
    await desk.addInbox('888', desk.org, 'the secret of another app');
    const value = {
      metadata: { phone_number_id: '888' },
      messages: [{ from: ANN, id: 'wamid.forged', type: 'text', text: { body: 'I am not from there' } }],
    };
    const payload = { entry: [{ id: '1', changes: [{ field: 'messages', value }] }] };
    expect(await desk.simulator.deliver(payload)).toBe(200);
    expect(await desk.conversations()).toEqual([]);
    expect(await desk.simulator.deliver(payload, { secret: 'the secret of another app' })).toBe(200);
    expect(await desk.conversations()).toHaveLength(1);
  });

  test('a wrong signature, none, and bytes that were changed are refused', async () => {
    const said = { text: 'Let me in' };
    for (const spoiled of [{ secret: 'wrong' }, { secret: null }, { tampered: true }]) {
      expect(await desk.simulator.say(said, spoiled).answered).toBe(403);
    }
    expect(await desk.conversations()).toEqual([]);
    expect(await desk.metrics.text()).toContain(
      'roost_ingested_messages_total{source="whatsapp",outcome="refused"} 3',
    );
  });

  test('the address is confirmed to whoever knows the token', async () => {
    expect(await desk.simulator.verify()).toBe(true);
    expect(await desk.simulator.verify('guessed')).toBe(false);
  });

  test('what is no webhook at all is refused in words', async () => {
    const post = async (body: string) => {
      const digest = createHmac('sha256', desk.simulator.settings.app_secret).update(body).digest('hex');
      const answer = await fetch(`${desk.url}/webhooks/whatsapp`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-hub-signature-256': `sha256=${digest}` },
        body,
      });
      return [answer.status, answer.status === 200 ? null : ((await answer.json()) as { code: string }).code];
    };
    expect(await post('{"entry":')).toEqual([400, 'request.malformed']);
    expect(await post('[]')).toEqual([400, 'request.malformed']);
    expect(await post(`{"entry":[],"x":"${'y'.repeat(3 << 20)}"}`)).toEqual([413, 'request.too_big']);
    expect(await post('{"entry":[]}')).toEqual([200, null]);
  });
}
