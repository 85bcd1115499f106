import { readFile } from 'node:fs/promises';
import type { Clock, Random } from './clock.ts';
import { BadSetting, type Config } from './config.ts';
import type { Carrier } from './domain/index.ts';
import { Outbox, type OutboxNeeds, type Route } from './jobs/index.ts';
import { notSetUp } from './outbound/not-set-up.ts';
import { type DkimKey, readSmtpUrl } from './outbound/smtp/settings.ts';
import { SMTP_CONNECTIONS_MAX, SmtpTransport } from './outbound/smtp/smtp-transport.ts';
import type { Transport } from './outbound/transport.ts';
import type { Blobs } from './store/blobs/index.ts';

/** How much goes out at once, and how long an attempt may take. */
const PACES: Readonly<Record<Carrier, Pick<Route, 'atOnceMax' | 'perInboxMax' | 'attemptMaxMs'>>> = {
  // A large mail over a slow line; the mail server may think about it for a minute at its end.
  mail: { atOnceMax: SMTP_CONNECTIONS_MAX, perInboxMax: SMTP_CONNECTIONS_MAX, attemptMaxMs: 5 * 60_000 },
  whatsapp: { atOnceMax: 16, perInboxMax: 8, attemptMaxMs: 60_000 },
};

export interface SendingNeeds {
  readonly bus: OutboxNeeds['bus'];
  readonly blobs: Pick<Blobs, 'stream'>;
  readonly counts: NonNullable<OutboxNeeds['counts']>;
  readonly log: OutboxNeeds['log'];
  readonly clock: Clock;
  readonly random: Random;
}

export interface Sending {
  readonly outbox: Outbox;
  /** What is being handed over ends, or is given up; nothing new begins. */
  stop(): Promise<void>;
}

/**
 * Begins to send what waits.
 *
 * @param others  what carries messages besides mail
 * @throws BadSetting  a key cannot be read
 */
export async function openSending(
  config: Config,
  { bus, blobs, counts, log, clock, random }: SendingNeeds,
  others: Partial<Record<Carrier, Transport>> = {},
): Promise<Sending> {
  const mail =
    config.smtpUrl === null
      ? null
      : new SmtpTransport(
          { readBlob: (digest) => blobs.stream(digest), clock },
          readSmtpUrl(config.smtpUrl),
          await readDkim(config),
        );
  const carriers: Record<Carrier, Transport> = {
    mail: mail ?? notSetUp('No mail server is set up to send with: the setting ROOST_SMTP_URL names one.'),
    whatsapp: notSetUp('WhatsApp is not set up on this server.'),
    ...others,
  };
  const routes = (Object.keys(PACES) as Carrier[]).map((via) => ({
    via,
    ...PACES[via],
    send: (...[item, signal]: Parameters<Transport['send']>) => carriers[via].send(item, signal),
  }));
  // Only one server can have the file of SQLite open; any number may share PostgreSQL.
  const isAlone = config.databaseUrl === null;
  const outbox = new Outbox({ bus, routes, counts, log }, clock, random, isAlone);
  return {
    outbox,
    async stop() {
      await outbox.stop();
      mail?.close();
    },
  };
}

async function readDkim({ dkimKey, dkimSelector, dkimDomain }: Config): Promise<DkimKey | null> {
  if (dkimKey === null || dkimSelector === null) return null;
  const privateKey = await readFile(dkimKey, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new BadSetting(`ROOST_DKIM_KEY names ${dkimKey}, which cannot be read (${error.code}).`);
  });
  if (!privateKey.includes('PRIVATE KEY'))
    throw new BadSetting(`ROOST_DKIM_KEY names ${dkimKey}, which holds no private key (PEM).`);
  return { domain: dkimDomain, selector: dkimSelector, privateKey };
}
