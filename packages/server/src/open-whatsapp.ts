import { Failure } from '@roost/protocol';
import { systemClock as clock, every, systemRandom, systemSecrets } from './clock.ts';
import type { CommandBus, LogEntry } from './commands/index.ts';
import type { Config } from './config.ts';
import { commands, queries, type SyncedTemplates, type WhatsAppNumber } from './domain/index.ts';
import { type Counted, WhatsAppDoor } from './ingest/whatsapp/door.ts';
import { WaitingFiles } from './ingest/whatsapp/waiting-files.ts';
import type { Log } from './log.ts';
import type { Transport } from './outbound/transport.ts';
import { CloudApi } from './outbound/whatsapp/cloud-api.ts';
import { HttpClient } from './outbound/whatsapp/exchange.ts';
import { Graph } from './outbound/whatsapp/graph.ts';
import { fetchMedia } from './outbound/whatsapp/media.ts';
import { ReadMarks } from './outbound/whatsapp/read-marks.ts';
import { describeTemplate, listTemplates } from './outbound/whatsapp/templates.ts';
import type { Blobs } from './store/blobs/index.ts';
import { WhatsAppNumbers } from './whatsapp-numbers.ts';

const MARK_MAX_MS = 20_000;
const TEMPLATES_MAX_MS = 60_000;
const TEMPLATES_EVERY_MS = 6 * 3_600_000;
/** Inboxes that another process has added are seen within it. */
const LOOK_EVERY_MS = 60_000;

const system = { kind: 'system', name: 'whatsapp' } as const;

export interface WhatsAppGround {
  readonly config: Pick<Config, 'whatsappUrl'>;
  readonly bus: Pick<CommandBus, 'execute' | 'query'>;
  readonly blobs: Pick<Blobs, 'put' | 'stream'>;
  readonly counts: { ingested(source: 'whatsapp', outcome: Counted, count?: number): void };
  readonly log: Log;
}

/** Everything about WhatsApp, in and out. */
export interface WhatsApp {
  readonly door: WhatsAppDoor;
  readonly transport: Transport;
  /** @throws inbox.unknown, request.invalid, provider.failed */
  syncTemplates(org: string, inboxId: string): Promise<SyncedTemplates>;
  /** Hears of every entry committed here. */
  hear(entries: readonly LogEntry[]): void;
  stop(): Promise<void>;
}

/** Builds the rooms of WhatsApp and joins them. */
export function openWhatsApp({ config, bus, blobs, counts, log }: WhatsAppGround): WhatsApp {
  const http = new HttpClient(clock);
  const graph = new Graph(config.whatsappUrl, http, () => clock.now(), systemSecrets);
  const numbers = new WhatsAppNumbers(bus, clock);
  const api = new CloudApi({
    graph,
    keyOf: (org, inboxId) => numbers.keyOf(org, inboxId),
    readBlob: (digest) => blobs.stream(digest),
  });
  const files = new WaitingFiles(
    {
      bus,
      blobs,
      async fetch({ org, inbox_id, file_id, sha256 }, signal) {
        const key = await numbers.keyOf(org, inbox_id);
        if (key === null)
          return { kind: 'later', after_ms: null, says: 'This inbox has no access token for WhatsApp.' };
        return fetchMedia(graph, key, { id: file_id, sha256 }, signal);
      },
      log,
    },
    clock,
    systemRandom,
  );
  const marks = new ReadMarks({
    newestRead: (org, conversation_id, up_to) =>
      bus.query(queries.newestReadWhatsApp, { org, actor: system, input: { conversation_id, up_to } }),
    async mark(org, inboxId, externalId) {
      const key = await numbers.keyOf(org, inboxId);
      if (key !== null) await api.markRead(key, externalId, AbortSignal.timeout(MARK_MAX_MS));
    },
    log,
  });
  const door = new WhatsAppDoor({ bus, numbers, counts, log, onFiles: () => files.look() });
  const sync = (number: WhatsAppNumber | null) => syncTemplates(bus, graph, number);
  const upkeep = new Upkeep(numbers, door, sync, log);
  return {
    door,
    transport: api,
    syncTemplates: async (org, inboxId) => sync(await numbers.ofInbox(org, inboxId)),
    hear(entries) {
      numbers.forget(entries);
      marks.hear(entries);
      if (entries.some(({ changes }) => changes.includes('"kind":"inbox"'))) upkeep.look();
    },
    async stop() {
      marks.stop();
      await Promise.all([upkeep.stop(), files.stop()]);
      http.close();
    },
  };
}

async function syncTemplates(
  bus: WhatsAppGround['bus'],
  graph: Graph,
  number: WhatsAppNumber | null,
): Promise<SyncedTemplates> {
  if (number === null) throw new Failure('inbox.unknown', 'There is no such WhatsApp inbox.');
  const { org, inbox_id, settings } = number;
  if (!settings?.account_id)
    throw new Failure('request.invalid', 'The inbox does not say its business account: set “account_id”.');
  const signal = AbortSignal.timeout(TEMPLATES_MAX_MS);
  const listed = await listTemplates(graph, settings.account_id, settings.token, signal);
  if (listed.kind === 'failed') throw new Failure('provider.failed', listed.says);
  const input = { inbox_id, templates: listed.templates.map(describeTemplate) };
  return (await bus.execute(commands.syncTemplates, { org, actor: system, input })).result;
}

/** What is done for every number now and then, and at once for a new one. */
class Upkeep {
  private readonly stopLooking: () => void;
  private readonly syncedAt = new Map<string, number>();
  private looking: Promise<void> | null = null;
  private lookAgain = false;
  private stopped = false;

  constructor(
    private readonly numbers: WhatsAppNumbers,
    private readonly door: WhatsAppDoor,
    private readonly sync: (number: WhatsAppNumber) => Promise<unknown>,
    private readonly log: Log,
  ) {
    this.stopLooking = every(clock, LOOK_EVERY_MS, () => this.look());
    this.look();
  }

  look(): void {
    this.lookAgain = true;
    if (this.stopped) return;
    this.looking ??= this.lookUntilQuiet().finally(() => {
      this.looking = null;
    });
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.stopLooking();
    await this.looking;
  }

  /** Never rejects: what fails now is done by the next look. */
  private async lookUntilQuiet(): Promise<void> {
    while (this.lookAgain && !this.stopped) {
      this.lookAgain = false;
      try {
        for (const number of await this.numbers.all()) await this.keep(number);
      } catch (err) {
        this.log.error({ err }, 'WhatsApp numbers could not be looked after');
      }
    }
  }

  private async keep(number: WhatsAppNumber): Promise<void> {
    if (this.stopped || number.settings === null) return;
    await this.door.replay(number);
    const key = `${number.inbox_id} ${number.settings.token} ${number.settings.account_id}`;
    const last = this.syncedAt.get(key);
    if (!number.settings.account_id || (last !== undefined && clock.now() - last < TEMPLATES_EVERY_MS))
      return;
    this.syncedAt.set(key, clock.now());
    await this.sync(number).catch((err: unknown) => {
      this.log.warn({ err, inbox_id: number.inbox_id }, 'Templates could not be fetched');
    });
  }
}
