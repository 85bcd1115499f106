import type { Readable } from 'node:stream';
import { domainPart } from '@roost/protocol';
import {
  createTransport,
  type NodemailerError,
  type SMTPPoolOptions,
  type SMTPPoolSentMessageInfo,
} from 'nodemailer';
import type { Clock } from '../../clock.ts';
import { refusalInWords } from '../../mail-refusal.ts';
import type { Outgoing, Sent, Transport } from '../transport.ts';
import { composeMail, type ReadBlob } from './compose.ts';
import { outcomeOf, type Progress, recipientsOf } from './outcome.ts';
import type { DkimKey, SmtpServer } from './settings.ts';

/** Mails handed over at the same time, each on a connection of its own. */
export const SMTP_CONNECTIONS_MAX = 4;
/** Servers end long sessions; a fresh one after so many mails costs nothing. */
const MAILS_A_CONNECTION_MAX = 100;
/** Below what servers wait for the next mail, so that the end of a session comes from us. */
const IDLE_MS = 20_000;
const CONNECT_MAX_MS = 15_000;
/** A server may say nothing for so long, also after the end of the mail, when it looks at it. */
const SILENCE_MAX_MS = 60_000;
/** Of all attachments: more than this no mail server takes. */
const ATTACHMENTS_MAX_BYTES = 25 * 1024 * 1024;
/** One answer of a server: more is not an answer. */
const ANSWER_MAX_BYTES = 64 * 1024;

export interface SmtpTransportNeeds {
  readonly readBlob: ReadBlob;
  readonly clock: Pick<Clock, 'now'>;
}

type Mailer = ReturnType<typeof openMailer>;

/** Hands mail to one mail server, by SMTP. */
export class SmtpTransport implements Transport {
  private readonly mailer: Mailer;
  /** What each attempt reads its mail from, by the attempt's own signal. */
  private readonly streams = new WeakMap<AbortSignal, Readable>();

  constructor(
    private readonly needs: SmtpTransportNeeds,
    server: SmtpServer,
    private readonly dkim: DkimKey | null = null,
  ) {
    this.mailer = openMailer(server);
    this.mailer.use('stream', ({ message, data }, done) => {
      const open = message.createReadStream.bind(message);
      message.createReadStream = (options) => {
        const stream = open(options);
        if (data.signal) this.streams.set(data.signal, stream);
        return stream;
      };
      done();
    });
  }

  async send(item: Outgoing, signal: AbortSignal): Promise<Sent> {
    const size = item.payload.attachments.reduce((sum, { size_bytes }) => sum + size_bytes, 0);
    if (size > ATTACHMENTS_MAX_BYTES) {
      return { kind: 'failed', says: 'The attachments are larger than a mail may be (25 MiB).' };
    }
    const first = await this.attempt(item, signal);
    // A session that the server has ended while it was idle shows only when it is used again.
    return first.isStale && !signal.aborted ? (await this.attempt(item, signal)).sent : first.sent;
  }

  /** Ends idle sessions; those in the middle of a mail end with it. */
  close(): void {
    this.mailer.close();
  }

  private async attempt(item: Outgoing, signal: AbortSignal): Promise<{ sent: Sent; isStale: boolean }> {
    const own = AbortSignal.any([signal]);
    const mail = composeMail(item.payload, new Date(this.needs.clock.now()), this.needs.readBlob);
    const dkim = this.dkimFor(item);
    try {
      const told = await this.mailer.sendMail({ ...mail, signal: own, ...(dkim && { dkim }) });
      return { sent: sentTo(item, told), isStale: false };
    } catch (error) {
      const failure = error as NodemailerError;
      const stream = this.streams.get(own);
      const progress = progressOf(stream);
      const isCut = failure.responseCode === undefined && CUT_CODES.has(failure.code ?? '');
      const isStale = stream !== undefined && progress === 'nothing' && isCut;
      return { sent: outcomeOf(failure, progress), isStale };
    }
  }

  private dkimFor({ payload }: Outgoing) {
    if (this.dkim === null) return null;
    const { domain, selector, privateKey } = this.dkim;
    return { domainName: domain ?? domainPart(payload.from.address), keySelector: selector, privateKey };
  }
}

const CUT_CODES: ReadonlySet<string> = new Set(['ECONNECTION', 'ESOCKET']);

/**
 * The library opens the mail as a stream once it is connected, reads it once the server has said that it takes it,
 * and reads it to its end before it says that this was all. So how far it was read is how much was handed over.
 */
function progressOf(stream: Readable | undefined): Progress {
  if (!stream?.readableDidRead) return 'nothing';
  return stream.readableEnded ? 'whole' : 'some';
}

function sentTo({ payload }: Outgoing, told: SMTPPoolSentMessageInfo): Sent {
  const refused = told.rejectedErrors ?? [];
  const [first] = refused;
  if (!first) return { kind: 'sent', external_id: told.messageId ?? null };
  const whom = recipientsOf({ rejected: told.rejected.map(String) });
  const why = refusalInWords(first.response ?? '');
  const isForMain = told.rejected.map(String).includes(payload.to.address);
  if (isForMain) return { kind: 'failed', says: `The mail was refused for ${whom}: ${why}.` };
  const says = `The mail was sent, but refused for ${whom}: ${why}.`;
  return { kind: 'sent', external_id: told.messageId ?? null, says };
}

function openMailer({ host, port, tls, trustAnyCertificate, auth, name }: SmtpServer) {
  const options: SMTPPoolOptions & { pool: true } = {
    pool: true,
    host,
    port,
    secure: tls === 'whole',
    requireTLS: tls === 'needed',
    ignoreTLS: tls === 'none',
    tls: { rejectUnauthorized: !trustAnyCertificate, minVersion: 'TLSv1.2' },
    ...(auth && { auth }),
    ...(name !== null && { name }),
    maxConnections: SMTP_CONNECTIONS_MAX,
    maxMessages: MAILS_A_CONNECTION_MAX,
    // The library must not send anything twice by itself: what comes of an attempt is for us to judge.
    maxRequeues: 0,
    idleTimeout: IDLE_MS,
    connectionTimeout: CONNECT_MAX_MS,
    greetingTimeout: CONNECT_MAX_MS,
    dnsTimeout: CONNECT_MAX_MS,
    socketTimeout: SILENCE_MAX_MS,
    maxResponseSize: ANSWER_MAX_BYTES,
    allowInternalNetworkInterfaces: true,
    logger: false,
  };
  return createTransport(options);
}
