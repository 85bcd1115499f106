import { systemClock, systemRandom } from '../../clock.ts';
import { CommandBus, StoreEngine } from '../../commands/index.ts';
import { arrival } from '../../commands/testing/arrivals.ts';
import { commands, queries, registry } from '../../domain/index.ts';
import type { Blobs } from '../../store/blobs/index.ts';
import type { Database } from '../../store/database.ts';
import { pagesOf, type Row, tableNames } from '../tables.ts';

const system = { kind: 'system', name: 'test' } as const;
const org = 'main';

/** Ends lines for some readers, and is more than one byte, or half a character. */
const ODD_TEXT = 'a\nb\r\nc\u2028d\u2029e é 🐓 \u{10FFFF} "\\';

/** Messages of a filled store besides those that were asked for. */
export const SAID_COUNT = 5;

export class FilledStore {
  readonly bus: CommandBus;

  /** @param count  messages that were delivered before, here or to the store that this one came from */
  constructor(
    readonly database: Database,
    readonly blobs: Blobs,
    private count = 0,
  ) {
    const engine = new StoreEngine(database, registry, systemClock, systemRandom);
    this.bus = new CommandBus(
      engine,
      () => 'all',
      () => {},
      (name, detail) => {
        throw new Error(`${name}: ${detail}`);
      },
    );
  }

  /** An organisation with something in every table. */
  async fill(messageCount: number): Promise<void> {
    const { bus } = this;
    const input = { name: ODD_TEXT, owner_email: 'o@roost.test', owner_name: '', password_hash: null };
    const { result } = await bus.execute(commands.foundOrganisation, { org, actor: system, input });
    const { user_id } = result;
    const expires_at = systemClock.now() + 60_000;
    const hash = (of: string) => of.repeat(43);
    const call = <I>(input: I) => ({ org, actor: system, input });
    await bus.execute(commands.keepMailInbox, call({ address: '*.test' }));
    const secret = `whsec_${'a'.repeat(43)}=`;
    const program = { name: ODD_TEXT, url: 'https://hook.example/', events: [], inbox_ids: [], secret };
    await bus.execute(commands.addWebhook, call(program));
    await bus.execute(commands.openSession, call({ user_id, seed: hash('s'), expires_at }));
    await bus.execute(commands.createSignInLink, call({ user_id, hash: hash('l'), expires_at }));
    await bus.execute(
      commands.createApiToken,
      call({ user_id, hash: hash('t'), name: 'ci', scopes: ['read' as const] }),
    );
    await bus.execute(
      commands.inviteMember,
      call({ email: 'eve@roost.test', role: 'agent' as const, hash: hash('i'), expires_at }),
    );
    const host = {
      issuer: 'shop',
      audience: 'roost',
      secret: hash('h'),
      jwks_url: null,
      role_max: 'agent' as const,
    };
    await bus.execute(commands.trustHost, call({ trust: host }));
    const hostUser = {
      external_id: '7',
      role: null,
      role_max: host.role_max,
      name: 'Ivo',
      email: null,
      issued_at: 1,
    };
    await bus.execute(
      commands.enterFromHost,
      call({ user: hostUser, session: { seed: hash('e'), expires_at } }),
    );
    await bus.execute(commands.keepSetting, call({ name: 'access_key', value: 'of the old server' }));
    await this.converse(user_id);
    await this.phone();
    await this.tellPrograms();
    await this.ruleMail();
    await this.beAway();
    await this.keepForAWhile();
    for (let at = 0; at < messageCount; at += 1) await this.deliver();
  }

  /** A conversation with an answer that has not left yet, and one among members. */
  private async converse(userId: string): Promise<void> {
    const { bus } = this;
    const owner = { kind: 'member', user_id: userId, session_id: 's' } as const;
    const call = <I>(input: I) => ({ org, actor: owner, input });
    const address = 'help@desk.example';
    const settings = { key: ODD_TEXT };
    await bus.execute(commands.createInbox, call({ kind: 'mail' as const, address, settings }));
    const { result: accepted } = await bus.execute(commands.acceptMessages, {
      ...call({ arrivals: [arrival(address, { subject: ODD_TEXT, text: ODD_TEXT })] }),
      actor: system,
    });
    const [message_id = ''] = accepted[0]?.message_ids ?? [];
    const conversation_id = await this.conversationOf(message_id);
    await bus.execute(commands.sendMessage, call({ conversation_id, text: ODD_TEXT, override: true }));
    await bus.execute(
      commands.changeConversations,
      call({ conversation_ids: [conversation_id], change: { add_labels: ['vip'] } }),
    );
    const { result: colleague } = await bus.execute(
      commands.addMember,
      call({ email: 'ivy@roost.test', role: 'agent' as const }),
    );
    await bus.execute(commands.startDirect, call({ user_ids: [colleague.id] }));
    const digest = await this.blobs.put(Buffer.from('The same attachment every time'));
    const file = { filename: ODD_TEXT, content_type: 'text/plain', size_bytes: 30 };
    await bus.execute(commands.keepUpload, call({ digest, ...file }));
    await bus.execute(commands.keepLabel, call({ name: 'VIP' }));
    await bus.execute(commands.addCannedReply, call({ shortcut: 'hi', title: 'Hello', text: ODD_TEXT }));
  }

  /** A WhatsApp inbox with a file still to be fetched, and what has no place yet. */
  private async phone(): Promise<void> {
    const { bus } = this;
    const call = <I>(input: I) => ({ org, actor: system, input });
    const settings = { token: 't', app_secret: ODD_TEXT };
    const { result: inbox } = await bus.execute(
      commands.createInbox,
      call({ kind: 'whatsapp' as const, address: '106540352242922', settings }),
    );
    const sender = { kind: 'phone' as const, value: '+16505551234', name: ODD_TEXT };
    const file = { part: 0, file_id: '1', sha256: null };
    const arrived = { ...arrival([]), inbox_id: inbox.id, sender, external_id: 'wamid.1' };
    await bus.execute(commands.receiveWhatsApp, call({ messages: [{ arrival: arrived, files: [file] }] }));
    const status = { external_id: 'wamid.2', our_id: null, status: 'failed' as const, says: ODD_TEXT };
    await bus.execute(
      commands.reportWhatsApp,
      call({ inbox_id: inbox.id, statuses: [status], reactions: [] }),
    );
    const leftover = { phone_number_id: null, what: 'unknown', says: ODD_TEXT, raw: '{}' };
    await bus.execute(commands.keepLeftovers, call({ leftovers: [leftover] }));
    const texts = { category: 'UTILITY', status: 'APPROVED', body: ODD_TEXT, header: '', footer: '' };
    await bus.execute(
      commands.syncTemplates,
      call({ inbox_id: inbox.id, templates: [{ name: 'hello', language: 'en', ...texts }] }),
    );
  }

  /** What is to be sent to the webhook. */
  private async tellPrograms(): Promise<void> {
    const call = <I>(input: I) => ({ org, actor: system, input });
    const upcoming = await this.bus.query(queries.upcomingDeliveries, call({}));
    if (!upcoming) throw new Error('There was nothing to send');
    const { from, to, deliveries } = upcoming;
    await this.bus.execute(commands.noteDeliveries, call({ from, to, deliveries: [...deliveries] }));
  }

  /** Rules, and what one of them dropped. */
  private async ruleMail(): Promise<void> {
    const call = <I>(input: I) => ({ org, actor: system, input });
    const { bus } = this;
    await bus.execute(commands.keepPolicy, call({ domain: 'dropped.test', mode: 'PAUSED' as const }));
    const actions = [{ type: 'stop' as const }];
    await bus.execute(commands.addRule, call({ domain: 'dropped.test', name: ODD_TEXT, actions }));
    await bus.execute(
      commands.acceptMessages,
      call({ arrivals: [arrival('bob@dropped.test', { subject: ODD_TEXT })] }),
    );
    const attempt = { at: 1, way: 'smtp' as const, sender: 'a@b.test', recipients: ['bob@dropped.test'] };
    const refused = { size_bytes: 1, outcome: 'refused' as const, code: 'address.unknown', says: ODD_TEXT };
    await bus.execute(commands.noteAttempts, call({ attempts: [{ ...attempt, ...refused }] }));
  }

  /** An inbox with settings that has answered by itself. */
  private async beAway(): Promise<void> {
    const call = <I>(input: I) => ({ org, actor: system, input });
    const { bus } = this;
    const address = 'away@desk.example';
    const { result: inbox } = await bus.execute(
      commands.createInbox,
      call({ kind: 'mail' as const, address }),
    );
    await bus.execute(commands.updateSettings, call({ inbox_id: inbox.id, signature: ODD_TEXT }));
    await bus.execute(commands.setAutoReply, call({ inbox_id: inbox.id, enabled: true, text: ODD_TEXT }));
    const { content } = arrival(address);
    const headers = [{ name: 'To', value: address }];
    await bus.execute(
      commands.acceptMessages,
      call({ arrivals: [arrival(address, { content: { ...content, headers } })] }),
    );
  }

  /** Long work that nobody has begun with, and how long mail is kept. */
  private async keepForAWhile(): Promise<void> {
    const call = <I>(input: I) => ({ org, actor: system, input });
    const selection = { q: ODD_TEXT };
    await this.bus.execute(commands.beginExport, call({ format: 'mbox' as const, selection }));
    await this.bus.execute(commands.keepRetention, call({ mail_days: 30, quarantine_days: null }));
  }

  private async conversationOf(messageId: string): Promise<string> {
    const found = await this.database.read((tx) =>
      tx.get<{ conversation_id: string }>(
        'select conversation_id from message where org = ? and id = ?',
        org,
        messageId,
      ),
    );
    return found?.conversation_id ?? '';
  }

  async deliver(): Promise<void> {
    this.count += 1;
    const source = await this.blobs.put(Buffer.from(`Mail ${this.count}`));
    const shared = await this.blobs.put(Buffer.from('The same attachment every time'));
    const arrivals = [
      arrival('bob@qa.test', {
        subject: `${this.count} ${ODD_TEXT}`,
        source,
        attachment_blobs: [shared],
        external_id: this.count % 2 === 0 ? `<${this.count}@example.org>` : null,
      }),
    ];
    await this.bus.execute(commands.acceptMessages, {
      org,
      actor: system,
      input: { arrivals },
      id: `delivery-${this.count}`,
    });
  }
}

/** Every row of every table. */
export function contentsOf(database: Pick<Database, 'read'>): Promise<Record<string, Row[]>> {
  return database.read(async (tx) => {
    const contents: Record<string, Row[]> = {};
    for (const table of tableNames) {
      const rows: Row[] = [];
      for await (const page of pagesOf(tx, table)) rows.push(...page);
      contents[table] = rows;
    }
    return contents;
  });
}
