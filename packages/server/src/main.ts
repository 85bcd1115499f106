import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type Change, limits } from '@roost/protocol';
import {
  Access,
  AccessTokens,
  createSignInLink,
  type Founded,
  found,
  HostDoor,
  HostKeys,
  HostTokens,
  hashSecret,
  Invitations,
  invite,
  isRevocation,
  OriginRule,
  OwnAccount,
  Passwords,
  RevocationWatch,
  SessionKeys,
  SignIn,
  serverTrustOf,
  signInUrl,
  VisitorTokens,
} from './access/index.ts';
import { addressOf, portOf } from './address.ts';
import { systemClock, systemRandom, systemSecrets } from './clock.ts';
import { Closing } from './closing.ts';
import { CommandBus, type LogEntry } from './commands/index.ts';
import { BadSetting, type Config } from './config.ts';
import { CountedEngine } from './counted-engine.ts';
import type { Arrival } from './domain/index.ts';
import { encodeFrame, Gateway, serveSockets } from './gateway/index.ts';
import { gatewayWrites } from './gateway-writes.ts';
import { createHttp, type HttpEdge } from './http/index.ts';
import { AttemptLedger } from './ingest/attempts.ts';
import { Directory } from './ingest/directory.ts';
import { HttpIngest } from './ingest/http.ts';
import { mailToArrival } from './ingest/mail.ts';
import { MailDelivery } from './ingest/mail-delivery.ts';
import { MimePool } from './ingest/mime-pool.ts';
import { type SmtpDoor, startSmtp } from './ingest/smtp.ts';
import { Housekeeping, SearchIndexing, Snoozes } from './jobs/index.ts';
import type { Log } from './log.ts';
import { logReader } from './log-reader.ts';
import { Metrics } from './metrics.ts';
import { gatewayObserver } from './observers.ts';
import { openJobFiles, openLongWork } from './open-long-work.ts';
import { blobFolder, openServerEngine, partitionOf } from './open-store.ts';
import { openWebhooks } from './open-webhooks.ts';
import { openWhatsApp, type WhatsApp } from './open-whatsapp.ts';
import { AddressRule } from './outbound/guard/index.ts';
import { RemoteContent } from './outbound/remote-content/index.ts';
import { newWebhookSecret } from './outbound/webhooks/index.ts';
import { diskPart, redisPart, storePart } from './parts.ts';
import { openSending } from './sending.ts';
import { type Blobs, openBlobs } from './store/blobs/index.ts';
import type { JobFiles } from './store/job-files.ts';
import { type Fanout, MemoryNetwork, redisFanout } from './sync/fanout/index.ts';
import { Hub } from './sync/index.ts';
import { VERSION } from './version.ts';

const SOCKET_PATH = '/api/v1/ws';
const PARSE_ENTRY = new URL('./parse-worker.js', import.meta.url);
/** Beside the built server: the same in the repository and in the package. */
const WEB_ROOT = fileURLToPath(new URL('../../../apps/web/dist', import.meta.url));
/** Readers are told to go within it; leaves time for closing the rooms behind them. */
const GOODBYE_MS = limits.DRAIN_DEADLINE_MS / 2;

const clock = systemClock;
const secrets = systemSecrets;

export interface Running {
  /** Where it listens, as seen from this machine. */
  readonly url: string;
  readonly smtpUrl: string;
  /** Signs the owner in once; null when they have a password. */
  readonly signInUrl: string | null;
  /** Sends everybody away, finishes what is in flight, closes the store. The same again waits for the first. */
  stop(reason: string): Promise<void>;
}

/**
 * Builds every room and joins them: the one place that knows them all.
 *
 * @throws OpeningError  the store cannot be opened
 * @throws BadSetting  a certificate cannot be read
 * @throws  what the system says of a port that cannot be had
 */
export async function start(config: Config, log: Log): Promise<Running> {
  const closing = new Closing(log);
  try {
    return await build({ config, log, closing, metrics: new Metrics() });
  } catch (error) {
    await closing.close();
    throw error;
  }
}

/** What every room may use. */
interface Ground {
  readonly config: Config;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly closing: Closing;
}

async function build(ground: Ground): Promise<Running> {
  const { config, log, closing } = ground;
  ground.metrics.measureProcess();
  const store = await openStore(ground);
  const people = await openAccess(ground, store);
  const live = openLive(ground, store, people);
  const mail = openMail(ground, store);
  const whatsapp = openPhones(ground, store);
  const doors: Doors = { smtpPort: config.smtpPort };
  const http = await openHttp(ground, { store, people, live, mail, whatsapp, doors });
  const smtp = await openSmtp(ground, mail);
  doors.smtpPort = smtp.port;
  // Once the doors are open: who cannot have them is not the server of this store.
  await openOutbox(ground, store, whatsapp);
  const housekeeping = new Housekeeping({ ...store, log }, clock, config.logDays);
  closing.room('housekeeping', () => housekeeping.stop());
  const indexing = new SearchIndexing({ ...store, log }, clock);
  closing.room('search', () => indexing.stop());
  const webhooks = openWebhooks(config, { ...store, log }, clock, systemRandom);
  store.onCommitted((entries) => webhooks.hear(entries));
  closing.room('webhooks', () => webhooks.stop());
  const snoozes = new Snoozes({ ...store, log }, clock);
  closing.room('snoozes', () => snoozes.stop());
  const { bus, blobs, jobFiles: files } = store;
  const jobs = openLongWork({ config, bus, blobs, files, secrets, log, readMail: mail.readMail }, clock);
  closing.room('jobs', () => jobs.stop());

  const url = addressOf('http', config.host, portOf(http.app.server));
  let stopping: Promise<void> | null = null;
  return {
    url,
    smtpUrl: addressOf('smtp', config.host, smtp.port),
    signInUrl: await firstSignIn(store, people.founded, config.publicUrl ?? url),
    stop(reason) {
      if (stopping) return stopping;
      log.info({ reason }, 'Stopping');
      http.drain();
      stopping = closing.close();
      return stopping;
    },
  };
}

interface Store {
  readonly bus: CommandBus;
  readonly blobs: Blobs;
  readonly jobFiles: JobFiles;
  readonly passwords: Passwords;
  readonly founded: Founded;
  /** Hears of every entry committed here, before whoever asked for it hears of the outcome. */
  onCommitted(hear: (entries: readonly LogEntry[]) => void): void;
}

async function openStore({ config, log, metrics, closing }: Ground): Promise<Store> {
  const engine = await openServerEngine(config, clock, (says, cause) => log.error({ err: cause }, says));
  closing.room('store', () => engine.close());
  const hearing: ((entries: readonly LogEntry[]) => void)[] = [];
  const bus = new CommandBus(
    new CountedEngine(engine, metrics, () => performance.now()),
    partitionOf(config),
    (entries) => {
      for (const hear of hearing) hear(entries);
    },
    (name, detail) => log.error({ command: name, detail }, 'A command failed'),
  );
  closing.room('commands', () => bus.idle());
  const passwords = new Passwords();
  return {
    bus,
    blobs: await openBlobs(blobFolder(config)),
    jobFiles: await openJobFiles(config, secrets),
    passwords,
    founded: await found({ bus, passwords, secrets }, config),
    onCommitted: (hear) => void hearing.push(hear),
  };
}

interface People {
  readonly founded: Founded;
  readonly access: Access;
  readonly signIn: SignIn;
  readonly account: OwnAccount;
  readonly invitations: Invitations;
  readonly visitors: VisitorTokens;
}

async function openAccess({ config }: Ground, store: Store): Promise<People> {
  const { bus, passwords, founded, onCommitted } = store;
  const tokens = await AccessTokens.open(founded.accessKey, clock);
  const serverTrust = serverTrustOf(config, founded.org);
  const hostTokens = new HostTokens({ bus, keys: new HostKeys(), clock, serverTrust });
  const host = new HostDoor({ bus, tokens: hostTokens, clock, secrets });
  const access = new Access({ bus, tokens, host, clock });
  onCommitted((entries) => {
    for (const { changes } of revocationsIn(entries)) access.forget(changes);
  });
  const keys = new SessionKeys(founded.accessKey);
  const signIn = new SignIn({ bus, tokens, keys, passwords, clock, secrets });
  return {
    founded,
    access,
    signIn,
    account: new OwnAccount({ bus, passwords, clock, secrets }),
    invitations: new Invitations({ bus, signIn, passwords, clock }),
    visitors: await VisitorTokens.open(founded.accessKey, clock),
  };
}

/** Null once the owner has a password: then nobody needs a link that opens everything. */
async function firstSignIn(
  { bus }: Store,
  { org, owner }: Founded,
  publicUrl: string,
): Promise<string | null> {
  if (owner.has_password) return null;
  const token = await createSignInLink(bus, { secrets, clock }, { org, user_id: owner.user_id });
  return signInUrl(publicUrl, token);
}

interface Live {
  readonly hub: Hub;
  readonly gateway: Gateway;
  readonly fanout: Fanout;
}

/** Everything that tells readers of changes: of this node at once, of other nodes by their hints. */
function openLive(
  { config, log, metrics, closing }: Ground,
  store: Store,
  { access, founded }: People,
): Live {
  const { bus, onCommitted } = store;
  const hub = new Hub(logReader(bus), encodeFrame, clock, (error) =>
    log.error({ err: error }, 'Changes could not be followed'),
  );
  closing.room('sync', () => hub.stop());
  hub.watch({
    entry: (_org, { changes }) => access.forget(changes),
    began: (org) => access.forgetOrg(org),
  });
  const watch = new RevocationWatch(
    {
      access,
      heads: (orgs) => logReader(bus).heads(orgs),
      isFollowed: (org) => hub.follows(org),
      onTrouble: (error) => log.error({ err: error }, 'Revocations could not be looked for'),
    },
    clock,
  );
  closing.room('revocations', async () => watch.stop());
  const node = secrets(6).toString('hex');
  const fanout = openFanout(config, log, node, founded);
  closing.room('fan-out', () => fanout.close());
  const gateway = new Gateway(
    hub,
    {
      authenticate: (token) => access.authenticate(token),
      ...gatewayWrites(bus),
      observer: gatewayObserver(metrics),
    },
    clock,
    systemRandom,
    node,
    (org, signal) => fanout.publish({ kind: 'ephemeral', org, signal }),
  );
  fanout.onHint((hint) => {
    switch (hint.kind) {
      case 'log':
        return hub.hint(hint.org, hint.offset);
      case 'revoked':
        return access.forgetOrg(hint.org);
      case 'ephemeral':
        return gateway.take(hint.org, hint.signal);
    }
  });
  onCommitted((entries) => {
    hub.accept(entries);
    for (const [org, offset] of newestOf(entries)) fanout.publish({ kind: 'log', org, offset });
    for (const { org } of revocationsIn(entries)) fanout.publish({ kind: 'revoked', org });
  });
  return { hub, gateway, fanout };
}

function openFanout({ redisUrl }: Config, log: Log, node: string, { accessKey }: Founded): Fanout {
  if (redisUrl === null) return new MemoryNetwork().join();
  // Named after something only the nodes of one store share, so that two stores may use one Redis.
  const channel = `roost:${hashSecret(accessKey).slice(0, 16)}`;
  return redisFanout(redisUrl, channel, node, (says) => log.warn(says));
}

function newestOf(entries: readonly LogEntry[]): Map<string, number> {
  return new Map(entries.map(({ org, offset }) => [org, offset]));
}

interface Mail {
  readonly directory: Directory;
  readonly delivery: MailDelivery;
  readonly attempts: AttemptLedger;
  readonly http: HttpIngest;
  readMail(source: Buffer, to: readonly string[]): Promise<Arrival>;
}

function openMail({ log, metrics, closing }: Ground, { bus, blobs, onCommitted }: Store): Mail {
  const pool = new MimePool(PARSE_ENTRY, log);
  closing.room('mail reading', () => pool.close());
  const readMail = (source: Buffer, to: readonly string[]) =>
    mailToArrival(source, to, { blobs, parse: pool.parse });
  const directory = new Directory(bus, clock);
  onCommitted((entries) => directory.forget(entries));
  const attempts = new AttemptLedger({ bus, clock, log });
  closing.room('attempts', () => attempts.flush());
  return {
    directory,
    attempts,
    readMail,
    delivery: new MailDelivery('smtp', { bus, directory, attempts, readMail, counts: metrics }),
    http: new HttpIngest({ bus, readMail, attempts, counts: metrics }),
  };
}

/** WhatsApp, in and out; its webhook is served beside the API. */
function openPhones({ config, log, metrics, closing }: Ground, { bus, blobs, onCommitted }: Store): WhatsApp {
  const whatsapp = openWhatsApp({ config, bus, blobs, counts: metrics, log });
  onCommitted((entries) => whatsapp.hear(entries));
  closing.room('whatsapp', () => whatsapp.stop());
  return whatsapp;
}

/** What is to be sent goes out from here: what this node commits at once, what others left with the next look. */
async function openOutbox(
  { config, log, metrics, closing }: Ground,
  { bus, blobs, onCommitted }: Store,
  whatsapp: WhatsApp,
) {
  const needs = { bus, blobs, counts: metrics, log, clock, random: systemRandom };
  const sending = await openSending(config, needs, { whatsapp: whatsapp.transport });
  onCommitted((entries) => sending.outbox.hear(entries));
  closing.edge('outbox', () => sending.stop());
}

/** Known only once they are open. */
interface Doors {
  smtpPort: number;
}

function openRemoteContent({ config, closing }: Ground): RemoteContent | null {
  if (!config.remoteContent) return null;
  const remote = new RemoteContent(new AddressRule(config.remoteContentAllowPrivate), clock);
  closing.room('remote content', async () => remote.stop());
  return remote;
}

async function openHttp(
  ground: Ground,
  {
    store,
    people,
    live,
    mail,
    whatsapp,
    doors,
  }: { store: Store; people: People; live: Live; mail: Mail; whatsapp: WhatsApp; doors: Doors },
): Promise<HttpEdge> {
  const { config, log, metrics, closing } = ground;
  const { bus, blobs } = store;
  const { access, signIn, account, invitations, visitors } = people;
  const allowedOrigins =
    config.publicUrl === null ? config.allowedOrigins : [...config.allowedOrigins, config.publicUrl];
  const http = await createHttp(
    {
      clock,
      bus,
      gate: access,
      sessions: signIn,
      account,
      invitations: {
        invite: (caller, invited) => invite({ bus, secrets, clock }, caller, invited),
        offer: (secret, client) => invitations.offer(secret, client),
        accept: (acceptance, client) => invitations.accept(acceptance, client),
      },
      origins: new OriginRule(allowedOrigins),
      lists: live.hub,
      blobs,
      jobFiles: store.jobFiles,
      visitors,
      remoteContent: openRemoteContent(ground),
      ingest: mail.http,
      whatsapp: {
        verify: (asked) => whatsapp.door.verify(asked),
        receive: (body, signature) => whatsapp.door.receive(body, signature),
        syncTemplates: (org, inboxId) => whatsapp.syncTemplates(org, inboxId),
      },
      counts: metrics,
      webhookSecret: () => newWebhookSecret(secrets),
      parts: [storePart(bus), diskPart(blobs), ...(config.redisUrl === null ? [] : [redisPart(live.fanout)])],
    },
    {
      version: VERSION,
      rates: {
        person: config.ratePerson,
        address: config.rateAddress,
        ingest: config.rateIngest,
        webhook: config.rateWebhook,
      },
      sockets: config.enableWs,
      mailDomains: config.mailDomains,
      smtpPort: () => doors.smtpPort,
      mailMaxBytes: config.mailMaxBytes,
      importMaxBytes: config.importMaxBytes,
      trustProxy: config.trustProxy,
      isHttpsOutside: config.publicUrl?.startsWith('https:') ?? false,
      webRoot: WEB_ROOT,
    },
    log,
  );
  const { enableWs: isEnabled, maxConnections } = config;
  serveSockets(
    http.app.server,
    live.gateway,
    { path: SOCKET_PATH, isEnabled, allowedOrigins, maxConnections },
    (code) => metrics.failed('socket', code),
  );
  closing.edge('web', async () => {
    // In this order: who loses their socket can still poll, and a proxy hears that we are not ready any more.
    await live.gateway.drain(GOODBYE_MS);
    await http.app.close();
  });
  await http.app.listen({ host: config.host, port: config.port });
  return http;
}

async function openSmtp({ config, log, metrics, closing }: Ground, mail: Mail): Promise<SmtpDoor> {
  const door = await startSmtp(
    {
      knows: async (address) => (await mail.directory.find(address)) !== null,
      deliver: ({ source, to, envelope_from }) => mail.delivery.deliver(source, to, envelope_from),
      turnedAway: ({ envelope_from, to, size_bytes, error }) => {
        const told = { way: 'smtp', sender: envelope_from, size_bytes, outcome: 'refused', error } as const;
        void mail.directory
          .orgNear(to[0] ?? '')
          .catch(() => null)
          .then((org) => mail.attempts.note(org, { ...told, recipients: [...to] }));
      },
      failed: (code) => metrics.failed('smtp', code),
      log,
      clock,
    },
    {
      host: config.host,
      port: config.smtpPort,
      maxMailBytes: config.mailMaxBytes,
      ...(await readCertificate(config)),
    },
  );
  closing.edge('smtp', () => door.close());
  return door;
}

/** @throws BadSetting  a file cannot be read */
async function readCertificate({ tlsKey, tlsCert }: Config) {
  if (tlsKey === null || tlsCert === null) return {};
  const read = (variable: string, path: string) =>
    readFile(path).catch((error: NodeJS.ErrnoException) => {
      throw new BadSetting(`${variable} names ${path}, which cannot be read (${error.code}).`);
    });
  return { tls: { key: await read('ROOST_TLS_KEY', tlsKey), cert: await read('ROOST_TLS_CERT', tlsCert) } };
}

/** Entries that end somebody's access. Most are messages, and only those that may be one are read. */
function revocationsIn(
  entries: readonly LogEntry[],
): readonly { readonly org: string; readonly changes: readonly Change[] }[] {
  return entries
    .filter(({ changes }) => changes.includes('"kind":"session"') || changes.includes('"kind":"member"'))
    .map(({ org, changes }) => ({ org, changes: JSON.parse(changes) as Change[] }))
    .filter(({ changes }) => changes.some(isRevocation));
}
