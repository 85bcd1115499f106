import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { limits } from '@roost/protocol';
import {
  Access,
  AccessTokens,
  createSignInLink,
  found,
  OriginRule,
  OwnPassword,
  Passwords,
  SignIn,
  signInUrl,
} from './access/index.ts';
import { addressOf, portOf } from './address.ts';
import { systemClock, systemRandom, systemSecrets } from './clock.ts';
import { Closing } from './closing.ts';
import { CommandBus, type LogEntry } from './commands/index.ts';
import { BadSetting, type Config } from './config.ts';
import { CountedEngine } from './counted-engine.ts';
import { commands } from './domain/index.ts';
import { encodeFrame, Gateway, serveSockets } from './gateway/index.ts';
import { createHttp } from './http/index.ts';
import { Directory } from './ingest/directory.ts';
import { HttpIngest } from './ingest/http.ts';
import { mailToArrival } from './ingest/mail.ts';
import { MailDelivery } from './ingest/mail-delivery.ts';
import { MimePool } from './ingest/mime-pool.ts';
import { startSmtp } from './ingest/smtp.ts';
import type { Log } from './log.ts';
import { logReader } from './log-reader.ts';
import { Metrics } from './metrics.ts';
import { gatewayObserver } from './observers.ts';
import { blobFolder, openServerEngine, partitionOf } from './open-store.ts';
import { diskPart, redisPart, storePart } from './parts.ts';
import { openBlobs } from './store/blobs/index.ts';
import { type Fanout, MemoryNetwork, redisFanout } from './sync/fanout/index.ts';
import { Hub } from './sync/index.ts';
import { VERSION } from './version.ts';

const PARSE_ENTRY = new URL('./parse-worker.js', import.meta.url);
const SOCKET_PATH = '/api/v1/ws';
/** Beside the built server: the same in the repository and in the package. */
const WEB_ROOT = fileURLToPath(new URL('../../../apps/web/dist', import.meta.url));
/** Readers are told to go within it; leaves time for closing the rooms behind them. */
const GOODBYE_MS = limits.DRAIN_DEADLINE_MS / 2;

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
 * @throws OpeningError  the store cannot be opened; and what the system says of a port that cannot be had
 */
export async function start(config: Config, log: Log): Promise<Running> {
  const closing = new Closing(log);
  try {
    return await build(config, log, closing);
  } catch (error) {
    await closing.close();
    throw error;
  }
}

async function build(config: Config, log: Log, closing: Closing): Promise<Running> {
  const clock = systemClock;
  const secrets = systemSecrets;
  const node = secrets(6).toString('hex');
  const metrics = new Metrics();
  metrics.measureProcess();
  const onTrouble = (says: string, cause?: unknown) => log.error({ err: cause }, says);

  const engine = await openServerEngine(config, clock, onTrouble);
  closing.room('store', () => engine.close());
  const blobs = await openBlobs(blobFolder(config));
  const committed: ((entries: readonly LogEntry[]) => void)[] = [];
  const bus = new CommandBus(
    new CountedEngine(engine, metrics, () => performance.now()),
    partitionOf(config),
    (entries) => {
      for (const hear of committed) hear(entries);
    },
    (name, detail) => log.error({ command: name, detail }, 'A command failed'),
  );
  closing.room('commands', () => bus.idle());

  const mimes = new MimePool(PARSE_ENTRY, log);
  closing.room('mail reading', () => mimes.close());
  const readMail = (source: Buffer, to: readonly string[]) =>
    mailToArrival(source, to, { blobs, parse: mimes.parse });

  const passwords = new Passwords();
  const { org, owner, accessKey } = await found({ bus, passwords, secrets }, config);
  const tokens = await AccessTokens.open(accessKey, clock);
  const access = new Access(bus, tokens, clock);
  const signIn = new SignIn({ bus, tokens, passwords, clock, secrets });
  const ownPassword = new OwnPassword({ bus, passwords, clock });

  const hub = new Hub(logReader(bus), encodeFrame, clock, (error) =>
    onTrouble('Changes could not be followed', error),
  );
  closing.room('sync', () => hub.stop());
  committed.push((entries) => forgetRevoked(access, entries));
  committed.push((entries) => hub.accept(entries));
  const fanout = openFanout(config, org, node, (says) => log.warn(says));
  closing.room('fan-out', () => fanout.close());
  committed.push((entries) => tellOtherNodes(fanout, entries));
  hub.watch({
    entry: (_org, { changes }) => access.forget(changes),
    began: (org) => access.forgetOrg(org),
  });

  const directory = new Directory(bus, clock);
  committed.push((entries) => directory.forget(entries));
  const delivery = new MailDelivery('smtp', { bus, directory, readMail, counts: metrics });

  const gateway = new Gateway(
    hub,
    {
      authenticate: (token) => access.authenticate(token),
      markRead: ({ org, user_id, actor }, up_to, id) =>
        bus.execute(commands.markRead, { org, actor, input: { user_id, up_to }, id }),
      observer: gatewayObserver(metrics),
    },
    clock,
    systemRandom,
    node,
    (of, signal) => fanout.publish({ kind: 'ephemeral', org: of, signal }),
  );
  fanout.onHint((hint) => {
    if (hint.kind === 'log') hub.hint(hint.org, hint.offset);
    else gateway.take(hint.org, hint.signal);
  });

  let smtpPort = config.smtpPort;
  const http = await createHttp(
    {
      bus,
      gate: access,
      sessions: {
        byPassword: (email, password, from) => signIn.byPassword(email, password, from),
        byLink: (link, from) => signIn.byLink(link, from),
        renew: (key) => signIn.renew(key),
        end: (key) => signIn.end(key),
        setPassword: (caller, password, current) => ownPassword.set(caller, password, current),
      },
      origins: new OriginRule(allowedOrigins(config)),
      lists: hub,
      blobs,
      ingest: new HttpIngest({ bus, readMail, counts: metrics }),
      counts: metrics,
      parts: [storePart(bus), diskPart(blobs), ...(config.redisUrl === null ? [] : [redisPart(fanout)])],
    },
    {
      version: VERSION,
      sockets: config.enableWs,
      mailDomains: config.mailDomains,
      smtpPort: () => smtpPort,
      mailMaxBytes: config.mailMaxBytes,
      trustProxy: config.trustProxy,
      isHttpsOutside: config.publicUrl?.startsWith('https:') ?? false,
      webRoot: WEB_ROOT,
    },
    log,
  );
  serveSockets(
    http.app.server,
    gateway,
    {
      path: SOCKET_PATH,
      isEnabled: config.enableWs,
      allowedOrigins: allowedOrigins(config),
      maxConnections: config.maxConnections,
    },
    (code) => metrics.failed('socket', code),
  );
  closing.edge('web', async () => {
    // In this order: who loses their socket can still poll, and a proxy hears that we are not ready any more.
    await gateway.drain(GOODBYE_MS);
    await http.app.close();
  });
  await http.app.listen({ host: config.host, port: config.port });

  const smtp = await startSmtp(
    {
      knows: async (address) => (await directory.find(address)) !== null,
      deliver: ({ source, to }) => delivery.deliver(source, to),
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
  closing.edge('smtp', () => smtp.close());
  smtpPort = smtp.port;

  const url = addressOf('http', config.host, portOf(http.app.server));
  const link = owner.has_password
    ? null
    : signInUrl(
        config.publicUrl ?? url,
        await createSignInLink(bus, { secrets, clock }, { org, user_id: owner.user_id }),
      );

  let stopping: Promise<void> | null = null;
  return {
    url,
    smtpUrl: addressOf('smtp', config.host, smtp.port),
    signInUrl: link,
    stop(reason) {
      if (stopping) return stopping;
      log.info({ reason }, 'Stopping');
      http.drain();
      stopping = closing.close();
      return stopping;
    },
  };
}

function allowedOrigins({ allowedOrigins: named, publicUrl }: Config): string[] {
  return publicUrl === null ? named : [...named, publicUrl];
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

/** Named after the store's own organisation: two installations may share a Redis, and never hear each other. */
function openFanout(
  { redisUrl }: Config,
  org: string,
  node: string,
  onTrouble: (says: string) => void,
): Fanout {
  return redisUrl === null
    ? new MemoryNetwork().join()
    : redisFanout(redisUrl, `roost:${org}`, node, onTrouble);
}

function tellOtherNodes(fanout: Fanout, entries: readonly LogEntry[]): void {
  const newest = new Map(entries.map(({ org, offset }) => [org, offset]));
  for (const [org, offset] of newest) fanout.publish({ kind: 'log', org, offset });
}

/** Most entries are messages; only those that may end somebody's access are read. */
function forgetRevoked(access: Access, entries: readonly LogEntry[]): void {
  for (const { changes } of entries) {
    if (changes.includes('"kind":"session"') || changes.includes('"kind":"member"')) {
      access.forget(JSON.parse(changes));
    }
  }
}
