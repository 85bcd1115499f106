import { Failure, type IngestMessage, normalAddress } from '@roost/protocol';
import type { Actor, CommandBus } from '../commands/index.ts';
import { type Accepted, type Arrival, authorOf, commands, inboxFor, queries } from '../domain/index.ts';
import { addressesIn } from './addresses.ts';
import type { Attempts } from './attempts.ts';
import { SUBJECT_MAX_CHARS } from './mime/limits.ts';
import { snippetOf } from './mime/snippet.ts';
import { cutChars, oneLine, storable, withoutDirections } from './mime/text.ts';

/** Headers that name whom a mail was for, where no envelope came with it. */
const RECIPIENT_HEADERS = new Set(['to', 'cc', 'bcc', 'delivered-to', 'x-original-to']);

const system = { kind: 'system', name: 'ingest' } as const;

export interface HttpIngestNeeds {
  readonly bus: Pick<CommandBus, 'execute' | 'query'>;
  /** Reads a mail and stores its blobs; what it is about, but not yet in the store. @throws store.full … */
  readMail(source: Buffer, to: readonly string[]): Promise<Arrival>;
  readonly attempts: Attempts;
  readonly counts: {
    ingested(source: 'http', outcome: 'stored' | 'repeated' | 'refused', count?: number): void;
  };
}

interface Sender {
  readonly org: string;
  readonly actor: Actor;
}

export interface Ingested {
  readonly offset: number;
  readonly results: readonly Pick<Accepted, 'message_ids' | 'repeated'>[];
}

/** Messages that programs hand in by HTTP. */
export class HttpIngest {
  constructor(private readonly needs: HttpIngestNeeds) {}

  /**
   * All of them or none, in one command.
   *
   * @param id  the client's own; the same again gets the same answer
   * @throws address.unknown, access.forbidden, store.full, store.unavailable
   */
  messages(sender: Sender, messages: readonly IngestMessage[], id: string | null): Promise<Ingested> {
    return this.accept(sender, messages.map(toArrival), id);
  }

  /**
   * A mail as it is.
   *
   * @param to  envelope recipients; without any, those its header names that belong to an inbox
   * @throws request.invalid, address.unknown, access.forbidden, store.full, store.unavailable
   */
  async mail(sender: Sender, source: Buffer, to: readonly string[], id: string | null): Promise<Ingested> {
    if (source.length === 0) throw new Failure('request.invalid', 'The mail is empty.');
    const named = [...new Set(to.map(normalAddress))];
    return this.accept(sender, [await this.addressed(sender, source, named)], id);
  }

  private async addressed(sender: Sender, source: Buffer, named: string[]): Promise<Arrival> {
    let from = '';
    try {
      const arrival = await this.needs.readMail(source, named);
      from = arrival.from;
      return named.length > 0
        ? arrival
        : { ...arrival, to: await this.recipientsNamedBy(arrival, sender.org) };
    } catch (error) {
      this.note(sender, { to: named, from, size_bytes: source.length }, 'refused', error);
      throw error;
    }
  }

  /** Reads a mail and takes it in no further; what it stored of it is swept with other blobs that no message names. */
  read(source: Buffer, to: readonly string[]): Promise<Arrival> {
    return this.needs.readMail(source, to);
  }

  private async accept(sender: Sender, arrivals: Arrival[], id: string | null): Promise<Ingested> {
    const { bus, counts } = this.needs;
    const { org, actor } = sender;
    try {
      const { offset, result } = await bus.execute(commands.acceptMessages, {
        org,
        actor,
        input: { arrivals },
        id,
      });
      for (const [at, { outcome }] of result.entries()) this.note(sender, arrivals[at], outcome, null);
      const repeated = result.reduce((count, one) => count + (one.repeated ? 1 : 0), 0);
      if (repeated > 0) counts.ingested('http', 'repeated', repeated);
      if (repeated < result.length) counts.ingested('http', 'stored', result.length - repeated);
      return { offset, results: result.map(({ message_ids, repeated }) => ({ message_ids, repeated })) };
    } catch (error) {
      counts.ingested('http', 'refused', arrivals.length);
      for (const arrival of arrivals) this.note(sender, arrival, 'refused', error);
      throw error;
    }
  }

  private note(
    { org }: Sender,
    arrival: Pick<Arrival, 'to' | 'from' | 'size_bytes'> | undefined,
    outcome: Accepted['outcome'] | 'refused',
    error: unknown,
  ): void {
    if (!arrival) return;
    const { to, from, size_bytes } = arrival;
    const sender = authorOf(from).address;
    this.needs.attempts.note(org, { way: 'http', sender, recipients: to, size_bytes, outcome, error });
  }

  /** @throws address.unknown  none of them is ours */
  private async recipientsNamedBy(arrival: Arrival, org: string): Promise<string[]> {
    const inboxes = await this.needs.bus.query(queries.listAllInboxes, { org, actor: system, input: {} });
    const ours = inboxes.filter((inbox) => inbox.org === org);
    const named = arrival.content.headers
      .filter(({ name }) => RECIPIENT_HEADERS.has(name.toLowerCase()))
      .flatMap(({ value }) => addressesIn(value));
    const recipients = [...new Set(named)].filter((address) => inboxFor(address, ours) !== null);
    if (recipients.length > 0) return recipients;
    throw new Failure(
      'address.unknown',
      'The mail names nobody we take mail for; name the recipient by “?to=”.',
    );
  }
}

function toArrival(message: IngestMessage): Arrival {
  const text = storable(message.text);
  const to = typeof message.to === 'string' ? [message.to] : message.to;
  return {
    to: to.length === 1 ? [normalAddress(to[0] as string)] : [...new Set(to.map(normalAddress))],
    from: withoutDirections(oneLine(message.from)),
    subject: cutChars(oneLine(message.subject), SUBJECT_MAX_CHARS),
    snippet: snippetOf(text, null),
    size_bytes: Buffer.byteLength(text),
    external_id: message.external_id === undefined ? null : storable(message.external_id),
    content: { headers: [], text, html: null, attachments: [], truncated: false },
    source: null,
    attachment_blobs: [],
    problem: null,
  };
}
