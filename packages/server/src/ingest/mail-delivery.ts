import { Failure } from '@roost/protocol';
import type { CommandBus } from '../commands/index.ts';
import { type Accepted, type Arrival, authorOf, commands } from '../domain/index.ts';
import type { Attempts } from './attempts.ts';
import type { Directory } from './directory.ts';

export interface DeliveryNeeds {
  readonly bus: Pick<CommandBus, 'execute'>;
  readonly directory: Pick<Directory, 'find' | 'orgNear'>;
  readonly attempts: Attempts;
  /** Reads a mail and stores its blobs. @throws store.full … */
  readMail(source: Buffer, to: readonly string[]): Promise<Arrival>;
  readonly counts: {
    ingested(source: 'smtp' | 'pipe', outcome: 'stored' | 'repeated' | 'refused', count?: number): void;
  };
}

/** Mail that comes with an envelope and without a token: whose it is, its recipients say. */
export class MailDelivery {
  constructor(
    private readonly way: 'smtp' | 'pipe',
    private readonly needs: DeliveryNeeds,
  ) {}

  /**
   * Stores a mail with every organisation its recipients belong to. When one of them fails, the sender is told to
   * come again, and the others recognise the repeat.
   *
   * @param to  in normal form
   * @param from  `MAIL FROM`, '' for the null return path; null where it is not known
   * @throws address.unknown, store.full, store.unavailable, request.too_many
   */
  async deliver(source: Buffer, to: readonly string[], from: string | null = null): Promise<void> {
    const { attempts, counts, readMail } = this.needs;
    const told = { way: this.way, sender: from ?? '', size_bytes: source.length };
    let byOrg: ReadonlyMap<string, string[]> | null = null;
    try {
      byOrg = await this.byOrg(to);
      const arrival = await readMail(source, to);
      told.sender = from ?? authorOf(arrival.from).address;
      const accepted = await Promise.all(
        [...byOrg].map(async ([org, recipients]) => ({
          org,
          recipients,
          results: await this.accept(org, { ...arrival, to: recipients, envelope_from: from }),
        })),
      );
      for (const { org, recipients, results } of accepted)
        for (const { outcome } of results) attempts.note(org, { ...told, recipients, outcome, error: null });
      const isRepeated = accepted.flatMap(({ results }) => results).every(({ repeated }) => repeated);
      counts.ingested(this.way, isRepeated ? 'repeated' : 'stored');
    } catch (error) {
      counts.ingested(this.way, 'refused');
      const whose = byOrg ?? new Map([[await this.orgNear(to), [...to]]]);
      for (const [org, recipients] of whose)
        attempts.note(org, { ...told, recipients, outcome: 'refused', error });
      throw error;
    }
  }

  /** Whom a mail concerns that nobody takes: whoever takes other mail at its domain. */
  private async orgNear([address]: readonly string[]): Promise<string | null> {
    // The store may be what failed; the mail's sender is told all the same.
    return address === undefined ? null : this.needs.directory.orgNear(address).catch(() => null);
  }

  private async byOrg(to: readonly string[]): Promise<Map<string, string[]>> {
    const groups = new Map<string, string[]>();
    for (const address of to) {
      const inbox = await this.needs.directory.find(address);
      if (!inbox) throw new Failure('address.unknown', `No inbox takes mail for ${address.slice(0, 320)}.`);
      const group = groups.get(inbox.org);
      if (group) group.push(address);
      else groups.set(inbox.org, [address]);
    }
    return groups;
  }

  private async accept(org: string, arrival: Arrival): Promise<Accepted[]> {
    const actor = { kind: 'system', name: this.way } as const;
    const { result } = await this.needs.bus.execute(commands.acceptMessages, {
      org,
      actor,
      input: { arrivals: [arrival] },
    });
    return result;
  }
}
