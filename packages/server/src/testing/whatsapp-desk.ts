import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ContactRow, ConversationRow, MessageRow, OpenMessage, TemplateRow } from '@roost/protocol';
import fastify from 'fastify';
import { pino } from 'pino';
import { systemClock, systemRandom } from '../clock.ts';
import { type Actor, CommandBus, type LogEntry, StoreEngine } from '../commands/index.ts';
import { readConfig } from '../config.ts';
import { commands, queries, registry } from '../domain/index.ts';
import type { HttpNeeds } from '../http/needs.ts';
import { failureOf, sendProblem } from '../http/problem.ts';
import { RateLimits } from '../http/rate-limit.ts';
import { serveRoutes } from '../http/serve-routes.ts';
import { whatsappRoutes } from '../http/whatsapp.ts';
import { Metrics } from '../metrics.ts';
import { openWhatsApp } from '../open-whatsapp.ts';
import { openSending } from '../sending.ts';
import {
  type SimulatorSettings,
  startWhatsAppSimulator,
  type WhatsAppSimulator,
} from '../simulate/whatsapp/index.ts';
import { openBlobs } from '../store/blobs/index.ts';
import { openPostgres } from '../store/postgres/postgres.ts';
import { openSqlite } from '../store/sqlite/sqlite.ts';
import { freshPostgres } from '../store/testing/postgres.ts';

const system: Actor = { kind: 'system', name: 'test' };
const WAIT_MAX_MS = 15_000;

/**
 * An inbox on a real store, with the simulated platform on the other side of real HTTP: webhook in, Cloud API out,
 * files, statuses, read marks. Only sign-in is left out.
 */
export class WhatsAppDesk {
  readonly logged: Record<string, unknown>[] = [];
  private readonly endings: (() => Promise<unknown> | unknown)[] = [];
  simulator!: WhatsAppSimulator;
  bus!: CommandBus;
  metrics!: Metrics;
  url = '';
  org = '';
  inboxId = '';
  agent!: Actor;

  /** @param postgresUrl  of a server to make a database on; null for SQLite in memory */
  static async open(
    postgresUrl: string | null,
    settings: Partial<SimulatorSettings> = {},
  ): Promise<WhatsAppDesk> {
    const desk = new WhatsAppDesk();
    try {
      await desk.begin(postgresUrl, settings);
      return desk;
    } catch (error) {
      await desk.close();
      throw error;
    }
  }

  private async begin(postgresUrl: string | null, settings: Partial<SimulatorSettings>): Promise<void> {
    const { endings } = this;
    const folder = await mkdtemp(join(tmpdir(), 'roost-desk-'));
    endings.push(() => rm(folder, { recursive: true, force: true }));
    this.simulator = await startWhatsAppSimulator({
      statuses: { sent_ms: 5, delivered_ms: 15, read_ms: null },
      ...settings,
    });
    endings.push(() => this.simulator.close());
    const log = pino({ level: 'warn' }, { write: (line: string) => void this.logged.push(JSON.parse(line)) });
    const database = await this.openDatabase(postgresUrl);
    const hearing: ((entries: readonly LogEntry[]) => void)[] = [];
    this.bus = new CommandBus(
      new StoreEngine(database, registry, systemClock, systemRandom),
      () => 'all',
      (entries) => {
        for (const hear of hearing) hear(entries);
      },
      (name, detail) => log.error({ command: name, detail }, 'A command failed'),
    );
    endings.push(async () => {
      await this.bus.idle();
      await database.close();
    });
    const config = readConfig({ ROOST_DATA: folder, ROOST_WHATSAPP_URL: this.simulator.graphUrl });
    const blobs = await openBlobs(join(folder, 'blobs'));
    this.metrics = new Metrics();
    const { bus, metrics } = this;
    const whatsapp = openWhatsApp({ config, bus, blobs, counts: metrics, log });
    hearing.push((entries) => whatsapp.hear(entries));
    endings.push(() => whatsapp.stop());
    const needs = { bus, blobs, counts: metrics, log, clock: systemClock, random: systemRandom };
    const sending = await openSending(config, needs, { whatsapp: whatsapp.transport });
    hearing.push((entries) => sending.outbox.hear(entries));
    endings.push(() => sending.stop());

    const app = fastify();
    app.decorateRequest('caller', null);
    app.setErrorHandler((error, request, reply) => sendProblem(reply, request, failureOf(error)));
    const edge: Pick<HttpNeeds, 'bus' | 'whatsapp'> = {
      bus,
      whatsapp: {
        verify: (asked) => whatsapp.door.verify(asked),
        receive: (body, signature) => whatsapp.door.receive(body, signature),
        syncTemplates: (org, inboxId) => whatsapp.syncTemplates(org, inboxId),
      },
    };
    const gate = { authenticate: () => Promise.reject(new Error('Nobody signs in here.')) };
    const rates = new RateLimits({ person: 0, address: 0, ingest: 0, webhook: 0 }, systemClock);
    serveRoutes(app, gate, rates, whatsappRoutes(edge as HttpNeeds));
    this.url = await app.listen({ port: 0, host: '127.0.0.1' });
    endings.push(() => app.close());
    // First of all to go: a webhook under way at the end would keep its connection, and that the server.
    endings.push(() => this.simulator.close());
    this.simulator.aim(`${this.url}/webhooks/whatsapp`);
    await this.found();
  }

  private async openDatabase(postgresUrl: string | null) {
    if (postgresUrl === null) return openSqlite(':memory:');
    const fresh = await freshPostgres(postgresUrl);
    this.endings.push(() => fresh.drop());
    return openPostgres(fresh.url);
  }

  private async found(): Promise<void> {
    this.org = 'main';
    const { result } = await this.bus.execute(commands.foundOrganisation, {
      org: this.org,
      actor: system,
      input: { name: 'Desk', owner_email: 'o@desk.test', owner_name: 'Ola', password_hash: null },
    });
    this.agent = { kind: 'member', user_id: result.user_id, session_id: 's' };
    this.inboxId = await this.addInbox();
  }

  /** @returns its id */
  async addInbox(
    address: string = this.simulator.settings.phone_number_id,
    org = this.org,
    app_secret: string = this.simulator.settings.app_secret,
  ): Promise<string> {
    const { token, verify_token, account_id } = this.simulator.settings;
    const { result } = await this.bus.execute(commands.createInbox, {
      org,
      actor: system,
      input: {
        kind: 'whatsapp',
        address,
        access: 'everyone',
        member_ids: [],
        settings: { token, app_secret, verify_token, account_id },
      },
    });
    return result.id;
  }

  async close(): Promise<void> {
    for (const end of this.endings.splice(0).reverse()) await end();
  }

  private async rows<R>(channel: string, params: Record<string, unknown> = {}, org = this.org): Promise<R[]> {
    const userId = this.agent.kind === 'member' ? this.agent.user_id : '';
    const page = await this.bus.query(queries.readView, {
      org,
      actor: system,
      input: { channel, params, user_id: userId, before: null, limit: 200 },
    });
    return page.rows.map((row) => JSON.parse(row));
  }

  /** Last active first. */
  conversations(view = 'open', org = this.org): Promise<ConversationRow[]> {
    return this.rows('conversations', { view }, org);
  }

  contacts(): Promise<ContactRow[]> {
    return this.rows('contacts');
  }

  templates(): Promise<TemplateRow[]> {
    return this.rows('templates');
  }

  /** Of the conversation that was active last, oldest first. */
  async thread(conversationId?: string): Promise<MessageRow[]> {
    const id = conversationId ?? (await this.conversations())[0]?.id;
    return id === undefined ? [] : (await this.rows<MessageRow>(`thread:${id}`)).reverse();
  }

  async opened(messageId: string): Promise<OpenMessage | undefined> {
    return (await this.rows<OpenMessage>(`message:${messageId}`))[0];
  }

  /** A customer writes, and the webhook is answered. @returns the ids of the messages on the platform */
  async hears(...sayings: Parameters<WhatsAppSimulator['say']>): Promise<string[]> {
    const { ids, answered } = this.simulator.say(...sayings);
    const status = await answered;
    if (status !== 200) throw new Error(`The webhook was answered ${status}.`);
    return ids;
  }

  /** An agent answers in the conversation that was active last. @returns the message's id */
  async answers(
    text: string,
    more: { template?: { name: string; language: string; parameters: string[] }; reply_to?: string } = {},
  ): Promise<string> {
    const [conversation] = await this.conversations();
    const { result } = await this.bus.execute(commands.sendMessage, {
      org: this.org,
      actor: this.agent,
      input: { conversation_id: conversation?.id ?? '', text, override: true, ...more },
    });
    return result.message_id;
  }

  /** The message once it holds. @throws when it never does */
  async message(id: string, holds: (message: MessageRow) => boolean): Promise<MessageRow> {
    return this.until(async () => {
      const message = await this.opened(id);
      return message && holds(message) ? message : null;
    });
  }

  async until<T>(find: () => Promise<T | null> | T | null): Promise<T> {
    const end = systemClock.now() + WAIT_MAX_MS;
    for (;;) {
      const found = await find();
      if (found !== null) return found;
      if (systemClock.now() > end) throw new Error('It never came to pass.');
      await new Promise<void>((resume) => void systemClock.after(10, resume));
    }
  }
}
