import type { AutoReplyRow, ConversationRow, InboxRow, MessageRow } from '@roost/protocol';
import { createTransport } from 'nodemailer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { InputOf } from '../../../commands/command.ts';
import { CommandBus, type LogEntry, StoreEngine } from '../../../commands/index.ts';
import { arrival } from '../../../commands/testing/arrivals.ts';
import { ManualClock } from '../../../commands/testing/manual-clock.ts';
import { mailToArrival } from '../../../ingest/mail.ts';
import { parseMail } from '../../../ingest/mime.ts';
import { composeMail } from '../../../outbound/smtp/compose.ts';
import type { Database } from '../../../store/database.ts';
import { commands, queries, registry } from '../../index.ts';
import { outgoingPayload } from '../../outbox/outgoing.ts';

const system = { kind: 'system', name: 'test' } as const;
const DAY_MS = 24 * 3_600_000;
/** Far more mails than two inboxes exchange that stop as they should. */
const ROUNDS_MAX = 20;

export interface Opened {
  readonly database: Database;
  close(): Promise<void>;
}

/** What an inbox answers by itself, from the command to the outbox. Runs on every store. */
export function autoReplyContract(open: () => Promise<Opened>): void {
  let opened: Opened;
  let bus: CommandBus;
  const clock = new ManualClock();
  const entries: LogEntry[] = [];
  let count = 0;

  beforeAll(async () => {
    opened = await open();
    bus = new CommandBus(
      new StoreEngine(opened.database, registry, clock, Math.random),
      () => 'all',
      (committed) => void entries.push(...committed),
      (name, detail) => {
        throw new Error(`${name}: ${detail}`);
      },
    );
  });
  afterAll(async () => {
    await opened.database.close();
    await opened.close();
  });

  async function run<C extends (typeof commands)[keyof typeof commands]>(
    org: string,
    command: C,
    input: InputOf<C>,
  ): Promise<Awaited<ReturnType<C['run']>>> {
    const { result } = await bus.execute(command as never, { org, actor: system, input: input as never });
    return result as Awaited<ReturnType<C['run']>>;
  }

  /** An organisation with one inbox that answers by itself. */
  async function away(some: Partial<AutoReplyRow> = {}): Promise<InboxRow & { readonly org: string }> {
    count += 1;
    const org = `o${count}`;
    const founder = { name: org, owner_email: `${org}@x.test`, owner_name: '', password_hash: null };
    const { user_id } = await run(org, commands.foundOrganisation, founder);
    owners.set(org, user_id);
    const address = `help@desk${count}.test`;
    const inbox = await run(org, commands.createInbox, { kind: 'mail', address, name: 'Help' });
    const said = { enabled: true, text: 'We are away.', ...some };
    await run(org, commands.setAutoReply, { ...said, inbox_id: inbox.id });
    return { ...inbox, org };
  }
  const owners = new Map<string, string>();

  async function rows<R>(org: string, channel: string): Promise<R[]> {
    const user_id = owners.get(org) as string;
    const actor = { kind: 'member', user_id, session_id: '' } as const;
    const input = { channel, params: {}, user_id, before: null, limit: 200 };
    const page = await bus.query(queries.readView, { org, actor, input });
    return page.rows.map((row) => JSON.parse(row) as R);
  }

  /** A mail that a person wrote. */
  function written(to: string, from = 'ann@example.org', headers: Record<string, string> = {}) {
    const all = { From: from, To: to, 'Message-ID': `<${Math.random()}@example.org>`, ...headers };
    const { content } = arrival(to);
    return arrival(to, {
      from,
      subject: 'A question',
      envelope_from: from,
      content: { ...content, headers: Object.entries(all).map(([name, value]) => ({ name, value })) },
    });
  }

  async function deliver(org: string, ...arrivals: ReturnType<typeof arrival>[]): Promise<string> {
    const accepted = await run(org, commands.acceptMessages, { arrivals });
    return accepted[0]?.message_ids[0] ?? '';
  }

  async function queued(org: string) {
    const found = await opened.database.read((tx) =>
      tx.all<{ message_id: string; payload: string; conversation_id: string | null }>(
        'select message_id, conversation_id, payload from outbox where org = ? order by message_id',
        org,
      ),
    );
    return found.map(({ payload, ...row }) => ({
      ...row,
      payload: outgoingPayload.parse(JSON.parse(payload)),
    }));
  }

  describe('a mail that may be answered', () => {
    test('is, in its own transaction: as a message of the conversation, on its way out', async () => {
      const inbox = await away({ subject: 'Away' });
      await run(inbox.org, commands.updateSettings, { inbox_id: inbox.id, sender_name: 'The desk' });
      entries.length = 0;
      const mail = written(inbox.address);
      const asked = await deliver(inbox.org, mail);
      expect(entries).toHaveLength(1);
      const [conversation] = await rows<ConversationRow>(inbox.org, 'conversations');
      const said = await rows<MessageRow>(inbox.org, `thread:${conversation?.id}`);
      expect(
        said.map(({ kind, text, author_id, status, subject }) => [kind, text, author_id, status, subject]),
      ).toEqual([
        ['outbound', 'We are away.', null, 'queued', 'Auto: Away'],
        ['inbound', null, null, null, 'A question'],
      ]);
      expect(said[0]?.reply_to).toBe(asked);
      expect(conversation?.last_message?.id).toBe(said[0]?.id);
      const [going, ...more] = await queued(inbox.org);
      expect(more).toEqual([]);
      expect(going).toMatchObject({ message_id: said[0]?.id, conversation_id: conversation?.id });
      expect(going?.payload).toMatchObject({
        automatic: true,
        from: { address: inbox.address, name: 'The desk' },
        to: { address: 'ann@example.org' },
        subject: 'Auto: Away',
        text: 'We are away.',
        reply_to_external_id: mail.content.headers.find(({ name }) => name === 'Message-ID')?.value,
        message_id_header: `<${said[0]?.id}@desk${count}.test>`,
      });
    });

    test('leads back to its conversation when somebody answers the answer', async () => {
      const inbox = await away();
      await deliver(inbox.org, written(inbox.address));
      const [going] = await queued(inbox.org);
      const id = going?.payload.message_id_header ?? '';
      await deliver(inbox.org, written(inbox.address, 'bob@example.org', { 'In-Reply-To': id }));
      expect(await rows(inbox.org, 'conversations')).toHaveLength(1);
    });

    test('is answered without a conversation where the inbox has none', async () => {
      const inbox = await away();
      await run(inbox.org, commands.updateInbox, { inbox_id: inbox.id, threads: false });
      await deliver(inbox.org, written(inbox.address));
      expect(await queued(inbox.org)).toMatchObject([{ conversation_id: null }]);
    });

    test('is answered once for each sender and period, also when many come at once', async () => {
      const inbox = await away({ every_days: 3 });
      await deliver(
        inbox.org,
        written(inbox.address),
        written(inbox.address),
        written(inbox.address, 'bob@example.org'),
      );
      await deliver(inbox.org, written(inbox.address, 'Ann@Example.org'));
      const to = async () => (await queued(inbox.org)).map(({ payload }) => payload.to.address);
      expect(await to()).toEqual(['ann@example.org', 'bob@example.org']);
      clock.advance(3 * DAY_MS);
      await deliver(inbox.org, written(inbox.address));
      expect(await to()).toEqual(['ann@example.org', 'bob@example.org', 'ann@example.org']);
    });

    test('is answered once when it is delivered again', async () => {
      const inbox = await away({ every_days: 1 });
      const mail = { ...written(inbox.address), external_id: '<again@example.org>' };
      await deliver(inbox.org, mail);
      clock.advance(2 * DAY_MS);
      await deliver(inbox.org, mail);
      expect(await queued(inbox.org)).toHaveLength(1);
    });
  });

  describe('nothing is answered', () => {
    test('that is quarantined, dropped, or comes from an inbox of the organisation', async () => {
      const inbox = await away();
      const { org } = inbox;
      const rule = { inbox_id: inbox.id, name: 'one' };
      const says = (value: string) => [{ field: 'subject' as const, op: 'contains' as const, value }];
      for (const decision of ['QUARANTINE', 'DROP'] as const) {
        const actions = [{ type: 'decide' as const, decision }];
        await run(org, commands.addRule, { ...rule, conditions: says(decision), actions });
        await deliver(org, { ...written(inbox.address), subject: decision });
      }
      await run(org, commands.createInbox, { kind: 'mail', address: `*.${org}.example` });
      await deliver(org, written(inbox.address, `shop@qa.${org}.example`));
      expect(await queued(org)).toEqual([]);
      // Nor is it remembered as answered.
      await deliver(org, written(inbox.address));
      expect(await queued(org)).toHaveLength(1);
    });

    test('after its end', async () => {
      const inbox = await away({ ends_at: new Date(clock.now() + DAY_MS).toISOString() });
      clock.advance(DAY_MS);
      await deliver(inbox.org, written(inbox.address));
      expect(await queued(inbox.org)).toEqual([]);
    });

    test('once it is switched off, and its row says so', async () => {
      const inbox = await away();
      await run(inbox.org, commands.setAutoReply, { inbox_id: inbox.id, enabled: false });
      await deliver(inbox.org, written(inbox.address));
      expect(await queued(inbox.org)).toEqual([]);
      const [row] = await rows<AutoReplyRow>(inbox.org, `autoreply:${inbox.id}`);
      expect(row).toMatchObject({ id: inbox.id, enabled: false, text: 'We are away.' });
    });
  });

  describe('two inboxes that answer each other', () => {
    /** Carries what they queue from one to the other until nothing more comes; counts the answers of each. */
    async function exchange(
      sides: readonly (InboxRow & { readonly org: string })[],
      onTheWay: (source: string) => string,
      returnPath: (own: string) => string,
    ): Promise<number[]> {
      const carried = new Set<string>();
      const sent = sides.map(() => 0);
      for (let round = 0; round < ROUNDS_MAX; round += 1) {
        let isQuiet = true;
        for (const [at, { org, address }] of sides.entries()) {
          for (const { message_id, payload } of await queued(org)) {
            if (carried.has(message_id)) continue;
            carried.add(message_id);
            isQuiet = false;
            sent[at] = (sent[at] ?? 0) + 1;
            const mailer = createTransport({ streamTransport: true, buffer: true });
            const composed = await mailer.sendMail(
              composeMail(payload, new Date(clock.now()), () => {
                throw new Error('An answer has no attachments');
              }),
            );
            const source = Buffer.from(onTheWay(String(composed.message)));
            const there = sides.find((side) => side.address === payload.to.address);
            if (!there) throw new Error(`Nobody is ${payload.to.address}`);
            const needs = { blobs: { put: async () => 'a'.repeat(64) }, parse: parseMail };
            const read = await mailToArrival(source, [there.address], needs);
            await deliver(there.org, { ...read, envelope_from: returnPath(address) });
          }
        }
        if (isQuiet) return sent;
      }
      throw new Error('They go on for ever');
    }

    test('exchange one answer: the other side sees that it is one', async () => {
      const [one, two] = [await away(), await away()];
      await deliver(two.org, written(two.address, one.address));
      expect(
        await exchange(
          [one, two],
          (source) => source,
          () => '',
        ),
      ).toEqual([0, 1]);
    });

    test('exchange one each where everything that says so is lost on the way', async () => {
      const [one, two] = [await away(), await away()];
      await deliver(two.org, written(two.address, one.address));
      const strip = (source: string) =>
        source
          .replace(/^(Auto-Submitted|Precedence|X-Auto-Response-Suppress):.*\r\n/gim, '')
          .replace(/^Subject:.*$/im, 'Subject: Hello');
      expect(await exchange([one, two], strip, (own) => own)).toEqual([1, 1]);
    });
  });

  describe('what is set', () => {
    test('is shown from the start, and told as a change', async () => {
      const inbox = await away();
      const [stored] = await rows<AutoReplyRow>(inbox.org, `autoreply:${inbox.id}`);
      expect(stored).toMatchObject({ enabled: true, every_days: 7, starts_at: null });
      const other = await run(inbox.org, commands.createInbox, {
        kind: 'mail',
        address: `b@${inbox.org}.test`,
      });
      expect(await rows(inbox.org, `autoreply:${other.id}`)).toMatchObject([
        { id: other.id, enabled: false },
      ]);
      entries.length = 0;
      await run(inbox.org, commands.setAutoReply, { inbox_id: other.id, text: 'x' });
      const [change] = JSON.parse(entries[0]?.changes ?? '[]');
      expect(change).toMatchObject({
        kind: 'auto_reply',
        id: other.id,
        before: { text: '' },
        after: { text: 'x' },
      });
    });

    test.each([
      ['an end before its start', { starts_at: '2030-02-01T00:00:00Z', ends_at: '2030-01-01T00:00:00Z' }],
      ['no text', { text: '  ' }],
      ['a subject of two lines', { subject: 'a\r\nBcc: x@x.example' }],
      ['a period of none', { every_days: 0 }],
      ['a date that is none', { starts_at: 'tomorrow' }],
    ])('is refused with %s, and changes nothing', async (_, some) => {
      const inbox = await away();
      const set = run(inbox.org, commands.setAutoReply, { inbox_id: inbox.id, ...some });
      await expect(set).rejects.toMatchObject({ code: 'request.invalid' });
      const [row] = await rows<AutoReplyRow>(inbox.org, `autoreply:${inbox.id}`);
      expect(row).toMatchObject({ enabled: true, text: 'We are away.', starts_at: null });
    });

    test('is not for a whole domain, which is many people', async () => {
      const { org } = await away();
      const inbox = await run(org, commands.createInbox, { kind: 'mail', address: `${org}.example` });
      const set = run(org, commands.setAutoReply, { inbox_id: inbox.id, enabled: true, text: 'x' });
      await expect(set).rejects.toMatchObject({ code: 'request.invalid' });
    });
  });
}
