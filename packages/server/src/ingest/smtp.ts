import type { Socket } from 'node:net';
import { Failure, type FailureCode, normalAddress } from '@roost/protocol';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { ByteBudget } from './smtp/byte-budget.ts';
import { receive } from './smtp/receive.ts';
import { refusalFor, type SmtpRefusal, TRY_LATER } from './smtp/reply.ts';

/** Announced in EHLO and enforced. */
const MAIL_MAX_BYTES = 25 * 1024 * 1024;
/** Of all mails from their first byte until they are stored. */
const IN_FLIGHT_MAX_BYTES = 256 * 1024 * 1024;
const RECIPIENTS_MAX = 100;
const CLIENTS_MAX = 200;
/** A client that says nothing for longer is gone. */
const IDLE_MS = 2 * 60_000;
/** However slowly a mail drips in, it ends by then. */
const DATA_DEADLINE_MS = 10 * 60_000;
/** A sender waits ten minutes for the answer to a mail (RFC 5321, 4.5.3.2.6); it should hear from us long before. */
const DELIVER_DEADLINE_MS = 2 * 60_000;
/** How long mails on their way may take to end when the server closes. */
const CLOSE_DEADLINE_MS = 5_000;
/** A mail of so many times the allowed size is not waited for to its end. */
const FLOOD_FACTOR = 4;

export interface ReceivedMail {
  /** Names this mail in our log and in the answer to its sender. */
  readonly id: string;
  /** As it came, without the dots that SMTP adds. */
  readonly source: Buffer;
  /** '' for a mail that wants no answer, such as a delivery report. */
  readonly envelope_from: string;
  /** In normal form, each once, each an address that was known. */
  readonly to: readonly string[];
  /** Network address of the client. */
  readonly remote: string;
}

export interface TurnedAway {
  readonly envelope_from: string;
  readonly to: readonly string[];
  /** As far as it is known; 0 where it is not. */
  readonly size_bytes: number;
  readonly error: unknown;
}

export interface SmtpNeeds {
  /** Whether an inbox takes mail for an address in normal form. */
  knows(address: string): Promise<boolean>;
  /** Resolves once the mail is committed. @throws Failure  it is not, and the sender hears why */
  deliver(mail: ReceivedMail): Promise<void>;
  /** Told of what never gets as far as `deliver`: recipients, sizes, and mail there is no room for. */
  turnedAway?(attempt: TurnedAway): void;
  /** Told once for each refusal, for the count of them. */
  failed?(code: FailureCode): void;
  readonly log: Pick<Log, 'debug' | 'info' | 'warn' | 'error'>;
  readonly clock: Clock;
}

export interface SmtpSettings {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Name of this server in its greeting; the machine's own when left out. */
  readonly name?: string;
  readonly maxMailBytes?: number;
  readonly maxInFlightBytes?: number;
  readonly maxClients?: number;
  readonly idleMs?: number;
  readonly closeDeadlineMs?: number;
  /** STARTTLS is offered when there is a certificate. */
  readonly tls?: { readonly key: string | Buffer; readonly cert: string | Buffer };
}

export interface SmtpDoor {
  readonly port: number;
  /** Takes no new mail, lets those on their way end, within the deadline. */
  close(): Promise<void>;
}

/** @throws  the operating system's error when the port cannot be had */
export async function startSmtp(needs: SmtpNeeds, settings: SmtpSettings): Promise<SmtpDoor> {
  const door = new Door(needs, settings);
  await door.listen(settings.port, settings.host);
  return door;
}

class Door implements SmtpDoor {
  port = 0;
  private readonly server: SMTPServer;
  private readonly sockets = new Set<Socket>();
  /** Sessions with a mail between DATA and its answer. */
  private readonly busy = new Set<SMTPServerSession>();
  private readonly budget: ByteBudget;
  private readonly maxMailBytes: number;
  private closing: Promise<void> | null = null;

  constructor(
    private readonly needs: SmtpNeeds,
    settings: SmtpSettings,
  ) {
    this.maxMailBytes = settings.maxMailBytes ?? MAIL_MAX_BYTES;
    this.budget = new ByteBudget(settings.maxInFlightBytes ?? IN_FLIGHT_MAX_BYTES);
    const withoutTls = settings.tls ? [] : ['STARTTLS'];
    this.server = new SMTPServer({
      ...(settings.name === undefined ? {} : { name: settings.name }),
      ...settings.tls,
      banner: 'Roost',
      size: this.maxMailBytes,
      rejectOversized: true,
      maxRecipients: RECIPIENTS_MAX,
      maxClients: settings.maxClients ?? CLIENTS_MAX,
      socketTimeout: settings.idleMs ?? IDLE_MS,
      closeTimeout: settings.closeDeadlineMs ?? CLOSE_DEADLINE_MS,
      disabledCommands: ['AUTH', 'WIZ', 'SHELL', 'KILL', ...withoutTls],
      authOptional: true,
      hideENHANCEDSTATUSCODES: false,
      disableReverseLookup: true,
      // Many devices write addresses that break a rule; whether an inbox knows them is all that matters here.
      lenientAddressParsing: true,
      logger: false,
      onMailFrom: (address, _session, done) => {
        const announced = address.args ? Number(address.args.SIZE ?? 0) : 0;
        if (this.budget.hasRoomFor(announced)) return done();
        done(this.turnedAway(tooManyMails(), address.address, [], announced));
      },
      onRcptTo: (address, session, done) => void this.checkRecipient(address.address, session).then(done),
      onData: (stream, session, done) => void this.take(stream, session).then(answerBy(done)),
    });
    this.server.server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
    // Clients that vanish or talk nonsense: their connection is closed already.
    this.server.on('error', (error: Error) =>
      needs.log.debug({ reason: error.message }, 'smtp connection failed'),
    );
  }

  listen(port: number, host: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.server.server.once('error', reject);
      this.server.listen(port, host, () => {
        this.server.server.off('error', reject);
        const address = this.server.server.address();
        this.port = typeof address === 'object' && address !== null ? address.port : port;
        resolve();
      });
    });
  }

  private async checkRecipient(address: string, session: SMTPServerSession): Promise<SmtpRefusal | null> {
    const { mailFrom } = session.envelope;
    const from = mailFrom ? mailFrom.address : '';
    try {
      if (await this.needs.knows(normalAddress(address))) return null;
      return this.turnedAway(new Failure('address.unknown'), from, [address], 0);
    } catch (error) {
      return this.turnedAway(error, from, [address], 0);
    }
  }

  private turnedAway(
    error: unknown,
    envelope_from: string,
    to: readonly string[],
    size_bytes: number,
  ): SmtpRefusal {
    this.needs.turnedAway?.({ envelope_from, to: to.map(normalAddress), size_bytes, error });
    return this.refusal(error);
  }

  private turnedAwayMail(error: Failure, session: SMTPServerSession, size_bytes: number): SmtpRefusal {
    const { mailFrom, rcptTo } = session.envelope;
    const to = rcptTo.map(({ address }) => address);
    return this.turnedAway(error, mailFrom ? mailFrom.address : '', to, size_bytes);
  }

  /** @returns the words after 250, a refusal, or null when nobody is there any more to hear it */
  private async take(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<Answer> {
    this.busy.add(session);
    const stopClock = this.needs.clock.after(DATA_DEADLINE_MS, () => this.hangUp(session));
    const received = await receive(stream, this.budget, FLOOD_FACTOR * this.maxMailBytes, () =>
      this.hangUp(session),
    );
    stopClock();
    try {
      if (received.kind === 'mail') return await this.deliver(received.source, received.held, session);
      if (received.kind === 'too big') return this.turnedAwayMail(new Failure('request.too_big'), session, 0);
      if (received.kind === 'no room') return this.turnedAwayMail(tooManyMails(), session, 0);
      this.needs.log.debug({ remote: session.remoteAddress }, 'a client left in the middle of its mail');
      return null;
    } catch (error) {
      return this.refusal(error);
    } finally {
      this.busy.delete(session);
      // After the answer was written, which follows this at once.
      if (this.closing) setImmediate(() => this.hangUp(session));
    }
  }

  private async deliver(source: Buffer, held: number, session: SMTPServerSession): Promise<string> {
    const { mailFrom, rcptTo } = session.envelope;
    const mail: ReceivedMail = {
      id: `${session.id}.${session.transaction}`,
      source,
      envelope_from: mailFrom ? mailFrom.address : '',
      to: [...new Set(rcptTo.map(({ address }) => normalAddress(address)))],
      remote: session.remoteAddress,
    };
    // Held until the delivery itself ends, also when its sender is not kept waiting for it.
    const delivery = (async () => this.needs.deliver(mail))().finally(() => this.budget.give(held));
    await this.within(DELIVER_DEADLINE_MS, delivery);
    this.needs.log.debug({ mail: mail.id, remote: mail.remote, size_bytes: source.length }, 'mail stored');
    return `OK: stored as ${mail.id}`;
  }

  /** A delivery that ends too late may still be committed; the mail then comes again and is recognised. */
  private within(ms: number, delivery: Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      const stopClock = this.needs.clock.after(ms, () => reject(new Failure('store.unavailable')));
      delivery.then(resolve, reject).finally(stopClock);
    });
  }

  private refusal(error: unknown): SmtpRefusal {
    const refusal = refusalFor(error);
    const code = error instanceof Failure ? error.code : 'server.failed';
    this.needs.failed?.(code);
    if (code === 'server.failed') this.needs.log.error({ err: error }, 'a mail could not be taken');
    else if (refusal.responseCode === TRY_LATER)
      this.needs.log.warn({ code, err: error }, 'a mail is to come again');
    else this.needs.log.info({ code }, 'a mail was refused');
    return refusal;
  }

  private hangUp(session: SMTPServerSession): void {
    for (const connection of this.server.connections) {
      if (connection.session === session) connection.send(421, 'Closing the connection; try again later');
    }
  }

  close(): Promise<void> {
    this.closing ??= this.shut();
    return this.closing;
  }

  private async shut(): Promise<void> {
    const shut = new Promise<void>((resolve) => this.server.close(() => resolve()));
    for (const connection of [...this.server.connections]) {
      if (this.busy.has(connection.session)) continue;
      connection.send(421, 'Server shutting down');
      connection._socket.destroySoon();
    }
    await shut;
    for (const socket of this.sockets) socket.destroy();
  }
}

function tooManyMails(): Failure {
  return new Failure('request.too_many', 'Too many mails arrive at once; try later.');
}

type Answer = string | SmtpRefusal | null;

function answerBy(done: (error: Error | null, says?: string) => void): (answer: Answer) => void {
  return (answer) => {
    if (typeof answer === 'string') done(null, answer);
    else if (answer !== null) done(answer);
  };
}
