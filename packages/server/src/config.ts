import { resolve } from 'node:path';
import { normalAddress } from '@roost/protocol';
import { z } from 'zod';
import { isRange } from './outbound/guard/index.ts';

/** One setting of the server: an environment variable, what it means and how it is read. */
export interface Setting<T> {
  /** The environment variable. */
  readonly name: string;
  /** As it would be written; null when leaving it out has a meaning of its own. */
  readonly fallback: string | null;
  /** One sentence for people. */
  readonly says: string;
  /** How much of the value may be shown: nothing at all, or a URL without its password. */
  readonly secret: 'whole' | 'password' | null;
  readonly schema: z.ZodType<T, string>;
}

function setting<T>(name: string, schema: z.ZodType<T, string>, fallback: string, says: string): Setting<T> {
  return { name, schema, fallback, says, secret: null };
}

/** A setting that may be left out: it is null then. */
function optional<T>(
  name: string,
  schema: z.ZodType<T, string>,
  says: string,
  secret: Setting<T>['secret'] = null,
): Setting<T | null> {
  return { name, schema, fallback: null, says, secret };
}

function whole(min: number, max: number): z.ZodType<number, string> {
  return z
    .string()
    .regex(/^\d{1,12}$/, 'is not a whole number')
    .transform(Number)
    .refine((value) => value >= min && value <= max, `is not between ${min} and ${max}`);
}

const port = whole(0, 65_535);
const yesOrNo = z
  .enum(['true', 'false', '1', '0', 'yes', 'no', 'on', 'off'], 'is neither “true” nor “false”')
  .transform((text) => ['true', '1', 'yes', 'on'].includes(text));
const text = z.string().max(4096, 'is longer than 4096 characters');

function list<T>(item: z.ZodType<T, string>): z.ZodType<T[], string> {
  return text
    .transform((written) =>
      written
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    )
    .pipe(z.array(item)) as z.ZodType<T[], string>;
}

const mailDomain = z
  .string()
  .transform(normalAddress)
  .refine(
    (domain) => /^(?:[^@\s*]+@)?(?:\*|(?:\*\.)?[^@\s*]+)$/.test(domain),
    'holds something that is neither a domain, a pattern such as “*.test”, nor an address',
  );

const origin = z
  .string()
  .refine(
    (written) => URL.canParse(written) && new URL(written).origin === written,
    'holds something that is not an exact origin such as “https://app.example.org”',
  );

function url(...protocols: string[]): z.ZodType<string, string> {
  const kinds = protocols.map((protocol) => `${protocol}//`).join(' or ');
  return text.refine(
    (written) => URL.canParse(written) && protocols.includes(new URL(written).protocol),
    // What comes after asks the URL for its parts.
    { error: `is not a URL that starts with ${kinds}`, abort: true },
  );
}

const webUrl = url('http:', 'https:')
  .refine((written) => new URL(written).pathname === '/', 'must not have a path')
  .transform((written) => new URL(written).origin);

const email = text
  .transform(normalAddress)
  .refine((address) => /^[^\s@]+@[^\s@]+$/.test(address), 'is not an e-mail address');

/** Where keys are fetched from: encrypted, or on this very machine. */
const keysUrl = url('https:', 'http:').refine((written) => {
  const { protocol, hostname } = new URL(written);
  return protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
}, 'is not a URL that starts with https://');

/** Null for what is no address that keys may be fetched from. */
export function readKeysUrl(written: string): string | null {
  const read = keysUrl.safeParse(written);
  return read.success ? read.data : null;
}

const dnsName = text.refine(
  (written) => /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/i.test(written),
  'is not a name of the DNS',
);

/** How many proxies stand in front. */
const proxies = z
  .string()
  .refine(
    (written) => /^(?:true|false|[0-9])$/.test(written),
    'is neither “true”, “false” nor a number of proxies',
  )
  .transform((written) => (written === 'true' ? 1 : written === 'false' ? 0 : Number(written)));

const MIB = 1 << 20;
/** Requests a minute. */
const rate = whole(0, 1_000_000_000);

/** Every setting there is. Nothing else in the server reads the environment. */
export const settings = {
  host: setting('ROOST_HOST', text, '127.0.0.1', 'Address to listen on; 0.0.0.0 for every network.'),
  port: setting(
    'ROOST_PORT',
    port,
    '8080',
    'Port of the web page, the API and the sockets; 0 takes a free one.',
  ),
  smtpPort: setting('ROOST_SMTP_PORT', port, '2525', 'Port that takes mail by SMTP; 0 takes a free one.'),
  data: setting(
    'ROOST_DATA',
    text.transform((path) => resolve(path)),
    './data',
    'Folder of the database and of stored mail.',
  ),
  publicUrl: optional('ROOST_PUBLIC_URL', webUrl, 'Address people open, when a proxy stands in front.'),
  trustProxy: setting(
    'ROOST_TRUST_PROXY',
    proxies,
    'false',
    'How many proxies in front are believed what they say of the client; “true” for one.',
  ),
  allowedOrigins: setting(
    'ROOST_ALLOWED_ORIGINS',
    list(origin),
    '',
    'Other origins, comma-separated, whose pages may use the API and the sockets.',
  ),
  mailDomains: setting(
    'ROOST_MAIL_DOMAINS',
    list(mailDomain),
    'localhost,*.test,*.localhost',
    'Domains, comma-separated, whose mail is taken; “*.” stands for every subdomain.',
  ),
  mailMaxBytes: setting(
    'ROOST_MAIL_MAX_BYTES',
    whole(1024, 256 * MIB),
    String(25 * MIB),
    'Largest mail that is taken, in bytes.',
  ),
  tlsKey: optional('ROOST_TLS_KEY', text, 'File with the private key (PEM) for STARTTLS.'),
  tlsCert: optional('ROOST_TLS_CERT', text, 'File with the certificate chain (PEM) for STARTTLS.'),
  smtpUrl: optional(
    'ROOST_SMTP_URL',
    url('smtp:', 'smtps:').refine((written) => new URL(written).hostname !== '', 'names no host'),
    'Mail server that answers are sent with: smtp://user:password@host:587, or smtps://… for TLS from the start.',
    'password',
  ),
  dkimKey: optional(
    'ROOST_DKIM_KEY',
    text,
    'File with the private key (PEM) that signs the mail sent (DKIM).',
  ),
  dkimSelector: optional('ROOST_DKIM_SELECTOR', dnsName, 'Selector under which the DKIM key is published.'),
  dkimDomain: optional(
    'ROOST_DKIM_DOMAIN',
    dnsName,
    'Domain that signs; the domain of each mail’s sender when left out.',
  ),
  ownerEmail: setting(
    'ROOST_OWNER_EMAIL',
    email,
    'owner@localhost',
    'Address of the owner made at the first start.',
  ),
  ownerPassword: optional(
    'ROOST_OWNER_PASSWORD',
    z.string().min(1).max(1024, 'is longer than 1024 characters'),
    'Password of the owner, set when they have none; without it every start prints a sign-in link.',
    'whole',
  ),
  databaseUrl: optional(
    'ROOST_DATABASE_URL',
    url('postgres:', 'postgresql:'),
    'PostgreSQL to store in, instead of SQLite in the data folder.',
    'password',
  ),
  redisUrl: optional(
    'ROOST_REDIS_URL',
    url('redis:', 'rediss:'),
    'Redis that carries hints between several servers on one PostgreSQL.',
    'password',
  ),
  hostIssuer: optional(
    'ROOST_HOST_ISSUER',
    text.refine((issuer) => issuer !== 'roost', 'must not be “roost”, which is how this server signs'),
    'Host application whose tokens for its own users are taken: their issuer (claim “iss”).',
  ),
  hostAudience: setting(
    'ROOST_HOST_AUDIENCE',
    text,
    'roost',
    'Audience (claim “aud”) that those tokens are made for.',
  ),
  hostSecret: optional(
    'ROOST_HOST_SECRET',
    text.refine((secret) => secret.length >= 32, 'has fewer than 32 characters'),
    'Secret shared with the host application, which signs its tokens with HS256.',
    'whole',
  ),
  hostJwksUrl: optional(
    'ROOST_HOST_JWKS_URL',
    keysUrl,
    'Where the host application’s public keys (JWKS) are, instead of a secret.',
  ),
  hostRoleMax: setting(
    'ROOST_HOST_ROLE_MAX',
    z.enum(['admin', 'agent', 'viewer'], 'is none of admin, agent, viewer'),
    'agent',
    'Highest role that the host application’s tokens give.',
  ),
  hostOrgs: setting(
    'ROOST_HOST_ORGS',
    list(text),
    '',
    'Organisations, by id and comma-separated, that it speaks for; the first when empty, “*” for all.',
  ),
  whatsappUrl: setting(
    'ROOST_WHATSAPP_URL',
    url('http:', 'https:').transform((written) => written.replace(/\/+$/, '')),
    'https://graph.facebook.com/v24.0',
    'Cloud API of WhatsApp with its version; the simulator’s own to try things without an account.',
  ),
  enableWs: setting(
    'ROOST_ENABLE_WS',
    yesOrNo,
    'true',
    'Whether browsers may open sockets; without, they poll.',
  ),
  maxConnections: setting(
    'ROOST_MAX_CONNECTIONS',
    whole(1, 1_000_000),
    '50000',
    'Most sockets open at once.',
  ),
  ratePerson: setting(
    'ROOST_RATE_PERSON',
    rate,
    '6000',
    'Requests a minute of one person or API token; 0 for no limit.',
  ),
  rateAddress: setting(
    'ROOST_RATE_ADDRESS',
    rate,
    '1200',
    'Requests a minute of one network address that come without a token, or with a wrong one; 0 for no limit.',
  ),
  rateIngest: setting(
    'ROOST_RATE_INGEST',
    rate,
    '600000',
    'Requests a minute of one API token that bring messages in; 0 for no limit.',
  ),
  rateWebhook: setting(
    'ROOST_RATE_WEBHOOK',
    rate,
    '600000',
    'Webhook calls a minute of one network address; 0 for no limit.',
  ),
  webhookAllowPrivate: setting(
    'ROOST_WEBHOOK_ALLOW_PRIVATE',
    list(
      z
        .string()
        .refine(isRange, 'holds something that is neither an address nor a range such as “10.0.0.0/8”'),
    ),
    '',
    'Addresses and ranges, comma-separated, that webhooks may reach although they are not public; also without TLS.',
  ),
  remoteContent: setting(
    'ROOST_REMOTE_CONTENT',
    yesOrNo,
    'true',
    'Whether the server fetches the pictures that mails name elsewhere, for those who ask to see them.',
  ),
  remoteContentAllowPrivate: setting(
    'ROOST_REMOTE_CONTENT_ALLOW_PRIVATE',
    list(
      z
        .string()
        .refine(isRange, 'holds something that is neither an address nor a range such as “10.0.0.0/8”'),
    ),
    '',
    'Addresses and ranges, comma-separated, that such pictures may lie at although they are not public.',
  ),
  importMaxBytes: setting(
    'ROOST_IMPORT_MAX_BYTES',
    whole(1024, 64 * 1024 * MIB),
    String(2 * 1024 * MIB),
    'Largest file of mail that an import takes, in bytes.',
  ),
  auditDays: setting(
    'ROOST_AUDIT_DAYS',
    whole(1, 36_500),
    '3650',
    'Days that the audit is kept: who changed what.',
  ),
  droppedDays: setting(
    'ROOST_DROPPED_DAYS',
    whole(1, 3650),
    '90',
    'Days that the records of dropped mail are kept: why it was dropped.',
  ),
  logDays: setting(
    'ROOST_LOG_DAYS',
    whole(1, 3650),
    '7',
    'Days a browser may stay away and still catch up by changes alone.',
  ),
  logLevel: setting(
    'ROOST_LOG_LEVEL',
    z.enum(
      ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
      'is none of fatal, error, warn, info, debug, trace, silent',
    ),
    'info',
    'Least serious entries that are logged.',
  ),
} as const;

type Settings = typeof settings;
export type Config = {
  readonly [Key in keyof Settings]: Settings[Key] extends Setting<infer T> ? T : never;
};
export type Environment = Readonly<Record<string, string | undefined>>;

/** A setting that cannot be used. The message is one sentence that names the variable. */
export class BadSetting extends Error {
  override readonly name = 'BadSetting';
}

/**
 * Reads every setting. A variable that is empty counts as left out.
 *
 * @throws BadSetting
 */
export function readConfig(env: Environment): Config {
  const entries = Object.entries(settings).map(([key, one]) => [key, readSetting(one, env)]);
  const config = Object.fromEntries(entries) as Config;
  if ((config.tlsKey === null) !== (config.tlsCert === null)) {
    const [given, missing] = config.tlsKey === null ? ['CERT', 'KEY'] : ['KEY', 'CERT'];
    throw new BadSetting(`ROOST_TLS_${given} needs ROOST_TLS_${missing} beside it.`);
  }
  if ((config.dkimKey === null) !== (config.dkimSelector === null)) {
    const [given, missing] = config.dkimKey === null ? ['SELECTOR', 'KEY'] : ['KEY', 'SELECTOR'];
    throw new BadSetting(`ROOST_DKIM_${given} needs ROOST_DKIM_${missing} beside it.`);
  }
  checkHost(config);
  return config;
}

function checkHost({ hostIssuer, hostSecret, hostJwksUrl }: Config): void {
  const hasKey = hostSecret !== null || hostJwksUrl !== null;
  if (hostSecret !== null && hostJwksUrl !== null)
    throw new BadSetting('ROOST_HOST_SECRET and ROOST_HOST_JWKS_URL exclude each other.');
  if (hasKey && hostIssuer === null)
    throw new BadSetting('ROOST_HOST_SECRET and ROOST_HOST_JWKS_URL need ROOST_HOST_ISSUER beside them.');
  if (!hasKey && hostIssuer !== null)
    throw new BadSetting('ROOST_HOST_ISSUER needs ROOST_HOST_SECRET or ROOST_HOST_JWKS_URL beside it.');
}

function readSetting(one: Setting<unknown>, env: Environment): unknown {
  const written = env[one.name]?.trim() || one.fallback;
  if (written === null) return null;
  const read = one.schema.safeParse(written);
  if (read.success) return read.data;
  const shown = one.secret === null ? ` (“${written.slice(0, 80)}”)` : '';
  throw new BadSetting(`${one.name}${shown} ${read.error.issues[0]?.message ?? 'cannot be used'}.`);
}

/** What is in force, for people: secrets never show. */
export function shownValue(one: Setting<unknown>, env: Environment): string {
  const given = env[one.name]?.trim();
  const written = given || one.fallback;
  if (written === null) return '(not set)';
  if (one.secret === null) return written === '' ? '(none)' : written;
  return one.secret === 'password' && URL.canParse(written) ? withoutPassword(written) : '(set, not shown)';
}

function withoutPassword(written: string): string {
  const url = new URL(written);
  if (url.password !== '') url.password = '***';
  return url.href;
}

/** Variables that look like settings and are none, such as misspelled ones. */
export function unknownVariables(env: Environment): string[] {
  const known = new Set<string>(Object.values(settings).map((one) => one.name));
  return Object.keys(env).filter((name) => name.startsWith('ROOST_') && !known.has(name));
}
