import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Role } from '@roost/protocol';
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import { pino } from 'pino';
import {
  Access,
  AccessTokens,
  createApiToken,
  createSignInLink,
  found,
  HostDoor,
  HostKeys,
  HostTokens,
  Invitations,
  invite,
  OriginRule,
  OwnAccount,
  Passwords,
  type ServerTrust,
  SessionKeys,
  SignIn,
  VisitorTokens,
} from '../../access/index.ts';
import { type Clock, systemSecrets } from '../../clock.ts';
import { CommandBus, type LogEntry, type Scope, StoreEngine } from '../../commands/index.ts';
import { type Arrival, commands, registry } from '../../domain/index.ts';
import { AttemptLedger } from '../../ingest/attempts.ts';
import { HttpIngest } from '../../ingest/http.ts';
import { WhatsAppDoor } from '../../ingest/whatsapp/door.ts';
import { logReader } from '../../log-reader.ts';
import { Metrics } from '../../metrics.ts';
import { newWebhookSecret } from '../../outbound/webhooks/index.ts';
import { JobFiles } from '../../store/job-files.ts';
import { openSqlite } from '../../store/sqlite/sqlite.ts';
import { Hub } from '../../sync/index.ts';
import { WhatsAppNumbers } from '../../whatsapp-numbers.ts';
import type { HttpNeeds, HttpSettings, Part, PartState } from '../needs.ts';
import type { Route } from '../route.ts';
import { createHttp } from '../server.ts';

const system = { kind: 'system', name: 'test' } as const;

export const OWNER = { email: 'owner@roost.test', password: 'a long enough password' };
/** Whose tokens are taken, for the first organisation. */
export const TRUSTED_HOST = {
  issuer: 'https://shop.example',
  audience: 'roost',
  secret: 'a secret of the host, long enough for HS256',
  jwks_url: null,
  role_max: 'admin',
} as const;
export const ELSEWHERE = 'https://app.example.org';

/** Time that stands still until told to move; nothing that waits for it ever runs by itself. */
export class StillClock implements Clock {
  time = Date.UTC(2026, 0, 1);
  now = () => this.time;
  after = () => () => {};
}

/** The whole REST edge over a real store in memory; only bytes on disk and mail reading are doubles. */
export interface World {
  readonly app: FastifyInstance;
  readonly routes: readonly Route[];
  readonly clock: StillClock;
  readonly metrics: Metrics;
  readonly attempts: AttemptLedger;
  readonly bus: CommandBus;
  readonly hub: Hub;
  readonly blobs: Map<string, Buffer>;
  readonly jobFiles: JobFiles;
  readonly parts: { state: PartState };
  /** Everything the log was told, one object a line. */
  readonly logged: Record<string, unknown>[];
  readonly org: string;
  readonly ownerId: string;
  drain(): void;
  /** A request, with `token` as its bearer. */
  ask(method: InjectOptions['method'], url: string, options?: Asked): Promise<LightMyRequestResponse>;
  signIn(credentials?: { email: string; password: string }): Promise<{ token: string; cookie: string }>;
  /** A member of this role, signed in by a one-time link. */
  member(role: Role): Promise<{ token: string; userId: string; cookie: string }>;
  link(userId: string): Promise<string>;
  apiToken(scopes: readonly Scope[], userId?: string): Promise<string>;
  deliver(message?: Partial<Arrival>): Promise<string>;
  close(): Promise<void>;
}

export interface Asked {
  readonly token?: string | undefined;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  readonly from?: string;
}

/**
 * @param parts  what readiness asks, instead of the one part whose state the world holds
 * @param more   instead of what the world would have
 */
export async function openWorld(
  settings: Partial<HttpSettings> = {},
  parts?: readonly Part[],
  more: Pick<Partial<HttpNeeds>, 'remoteContent'> = {},
): Promise<World> {
  const clock = new StillClock();
  const logged: Record<string, unknown>[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => void logged.push(JSON.parse(line)) });
  const engine = new StoreEngine(await openSqlite(':memory:'), registry, clock, Math.random);
  const listeners: ((entries: readonly LogEntry[]) => void)[] = [];
  const bus = new CommandBus(
    engine,
    () => 'all',
    (entries) => {
      for (const listener of listeners) listener(entries);
    },
    (name, detail) => log.error({ name, detail }),
  );
  const passwords = new Passwords();
  const installed = await found(
    { bus, passwords, secrets: systemSecrets },
    { ownerEmail: OWNER.email, ownerPassword: OWNER.password, mailDomains: ['*.test'] },
  );
  const tokens = await AccessTokens.open(installed.accessKey, clock);
  const serverTrust: ServerTrust = { ...TRUSTED_HOST, speaksFor: (org) => org === installed.org };
  const hostTokens = new HostTokens({ bus, keys: new HostKeys(), clock, serverTrust });
  const host = new HostDoor({ bus, tokens: hostTokens, clock, secrets: systemSecrets });
  const access = new Access({ bus, tokens, host, clock });
  const hub = new Hub(
    logReader(bus),
    (text) => Buffer.from(text),
    clock,
    (error) => log.error({ err: error }),
  );
  listeners.push((entries) => {
    for (const { changes } of entries) access.forget(JSON.parse(changes));
    hub.accept(entries);
  });
  const metrics = new Metrics();
  const blobs = new Map<string, Buffer>();
  const folder = await mkdtemp(join(tmpdir(), 'roost-jobs-'));
  const jobFiles = await JobFiles.open(folder, () => systemSecrets(8).toString('hex'));
  const told = { state: { state: 'ok', says: 'It answers.' } as PartState };
  const keys = new SessionKeys(installed.accessKey);
  const signIn = new SignIn({ bus, tokens, keys, passwords, clock, secrets: systemSecrets });
  const invitations = new Invitations({ bus, signIn, passwords, clock });
  const numbers = new WhatsAppNumbers(bus, clock);
  listeners.push((entries) => numbers.forget(entries));
  const door = new WhatsAppDoor({ bus, numbers, counts: metrics, log, onFiles: () => {} });
  const attempts = new AttemptLedger({ bus, clock, log });
  const needs: HttpNeeds = {
    clock,
    bus,
    gate: access,
    sessions: signIn,
    account: new OwnAccount({ bus, passwords, clock, secrets: systemSecrets }),
    invitations: {
      invite: (caller, invited) => invite({ bus, secrets: systemSecrets, clock }, caller, invited),
      offer: (secret, client) => invitations.offer(secret, client),
      accept: (acceptance, client) => invitations.accept(acceptance, client),
    },
    origins: new OriginRule([ELSEWHERE]),
    lists: hub,
    visitors: await VisitorTokens.open(installed.accessKey, clock),
    blobs: {
      put: async (bytes) => {
        const digest = createHash('sha256').update(bytes).digest('hex');
        blobs.set(digest, Buffer.from(bytes));
        return digest;
      },
      stream: (digest) => blobStream(blobs, digest),
    },
    jobFiles,
    // Nothing is asked for outside.
    remoteContent: { image: async () => ({ type: 'image/gif', bytes: Buffer.from('GIF89a') }) },
    ingest: new HttpIngest({
      bus,
      attempts,
      readMail: async (source, to) => readPlainMail(blobs, source, to),
      counts: metrics,
    }),
    whatsapp: {
      verify: (asked) => door.verify(asked),
      receive: (body, signature) => door.receive(body, signature),
      // The platform is not asked: it has no templates.
      syncTemplates: async (org, inbox_id) =>
        (
          await bus.execute(commands.syncTemplates, {
            org,
            actor: system,
            input: { inbox_id, templates: [] },
          })
        ).result,
    },
    webhookSecret: () => newWebhookSecret(systemSecrets),
    counts: metrics,
    parts: parts ?? [{ name: 'store', check: async () => told.state }],
    ...more,
  };
  const edge = await createHttp(
    needs,
    {
      version: '1.2.3',
      rates: { person: 0, address: 0, ingest: 0, webhook: 0 },
      sockets: true,
      mailDomains: ['*.test'],
      smtpPort: () => 2525,
      mailMaxBytes: 64 * 1024,
      importMaxBytes: 1 << 20,
      trustProxy: 0,
      isHttpsOutside: false,
      webRoot: null,
      ...settings,
    },
    log,
  );
  await edge.app.ready();
  const owner = { org: installed.org, user_id: installed.owner.user_id };

  const world: World = {
    app: edge.app,
    routes: edge.routes,
    clock,
    metrics,
    attempts,
    bus,
    hub,
    blobs,
    jobFiles,
    parts: told,
    logged,
    org: installed.org,
    ownerId: owner.user_id,
    drain: edge.drain,
    ask(method, url, { token, body, headers = {}, from = '192.0.2.1' } = {}) {
      const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
      const options: InjectOptions = {
        url,
        headers: { ...authorization, ...headers },
        remoteAddress: from,
        ...(method === undefined ? {} : { method }),
        ...(body === undefined ? {} : { payload: body as string | object }),
      };
      return edge.app.inject(options);
    },
    async signIn(credentials = OWNER) {
      return opened(await world.ask('POST', '/api/v1/sessions', { body: credentials }));
    },
    async member(role) {
      const { result } = await bus.execute(commands.addMember, {
        org: owner.org,
        actor: system,
        input: {
          email: `${role}-${systemSecrets(4).toString('hex')}@roost.test`,
          name: '',
          role,
          password_hash: null,
        },
      });
      const answer = await world.ask('POST', '/api/v1/sessions', {
        body: { link: await world.link(result.id) },
      });
      return { ...opened(answer), userId: result.id };
    },
    link: (userId) =>
      createSignInLink(bus, { secrets: systemSecrets, clock }, { org: owner.org, user_id: userId }),
    async apiToken(scopes, userId = owner.user_id) {
      const made = { org: owner.org, user_id: userId, name: 'test', scopes };
      return (await createApiToken(bus, systemSecrets, made)).token;
    },
    async deliver(message = {}) {
      const { result } = await bus.execute(commands.acceptMessages, {
        org: owner.org,
        actor: system,
        input: { arrivals: [{ ...plainArrival, ...message }] },
      });
      return result[0]?.message_ids[0] as string;
    },
    async close() {
      await edge.app.close();
      hub.stop();
      await bus.idle();
      await engine.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return world;
}

function opened(answer: LightMyRequestResponse): { token: string; cookie: string } {
  if (answer.statusCode !== 200) throw new Error(`Sign-in answered ${answer.statusCode}: ${answer.body}`);
  const cookie = String(answer.headers['set-cookie']).split(';')[0] as string;
  return { token: answer.json().access_token, cookie };
}

export const plainArrival: Arrival = {
  to: ['bob@qa.test'],
  from: 'Ann <ann@example.org>',
  subject: 'Hello',
  snippet: '',
  size_bytes: 1,
  external_id: null,
  content: { headers: [], text: 'Hello', html: null, attachments: [], truncated: false },
  source: null,
  attachment_blobs: [],
  problem: null,
};

export function digestOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function blobStream(blobs: ReadonlyMap<string, Buffer>, digest: string): Readable {
  const bytes = blobs.get(digest);
  if (bytes) return Readable.from([bytes], { objectMode: false });
  return new Readable({
    read() {
      this.destroy(Object.assign(new Error('no such file'), { code: 'ENOENT' }));
    },
  });
}

/** Headers up to the first empty line, the rest is text: enough of mail for a test of this edge. */
function readPlainMail(blobs: Map<string, Buffer>, source: Buffer, to: readonly string[]): Arrival {
  const [head = '', ...rest] = source.toString().split(/\r?\n\r?\n/);
  const headers = head.split(/\r?\n/).map((line) => {
    const colon = line.indexOf(':');
    return { name: line.slice(0, colon), value: line.slice(colon + 1).trim() };
  });
  const said = (wanted: string) => headers.find(({ name }) => name.toLowerCase() === wanted)?.value ?? '';
  const digest = digestOf(source);
  blobs.set(digest, source);
  const content = { headers, text: rest.join('\n\n'), html: null, attachments: [], truncated: false };
  return {
    ...plainArrival,
    to: [...to],
    from: said('from'),
    subject: said('subject'),
    size_bytes: source.length,
    external_id: said('message-id') || null,
    content,
    source: digest,
  };
}
