import { domainPart } from '@roost/protocol';
import type { Clock } from '../clock.ts';
import type { CommandBus, LogEntry } from '../commands/index.ts';
import { type InboxOfOrg, inboxFor, queries } from '../domain/index.ts';

/** How long the inboxes are taken as known: what other processes change is seen after that. */
const KEPT_MS = 30_000;
/** Before somebody is told that they do not exist, what is known must be this fresh. */
const FRESH_MS = 1_000;

const system = { kind: 'system', name: 'ingest' } as const;

/** Which inbox, of all on this server, takes mail for an address. */
export class Directory {
  private known: { readonly inboxes: readonly InboxOfOrg[]; readonly readAt: number } | null = null;
  private reading: Promise<readonly InboxOfOrg[]> | null = null;

  constructor(
    private readonly bus: Pick<CommandBus, 'query'>,
    private readonly clock: Pick<Clock, 'now'>,
  ) {}

  /** @param address  in normal form @returns null when nobody takes mail for it */
  async find(address: string): Promise<InboxOfOrg | null> {
    const found = inboxFor(address, await this.inboxes(KEPT_MS));
    return found ?? inboxFor(address, await this.inboxes(FRESH_MS));
  }

  /** The organisation that takes other mail at an address's domain; null when none does. */
  async orgNear(address: string): Promise<string | null> {
    const domain = domainPart(address);
    const inboxes = await this.inboxes(KEPT_MS);
    return inboxes.find((inbox) => domain !== '' && domainPart(inbox.address) === domain)?.org ?? null;
  }

  /** Hears of what was just committed here. */
  forget(entries: readonly LogEntry[]): void {
    if (entries.some(({ changes }) => changes.includes('"kind":"inbox"'))) this.known = null;
  }

  private async inboxes(maxAgeMs: number): Promise<readonly InboxOfOrg[]> {
    const age = this.known === null ? Number.POSITIVE_INFINITY : this.clock.now() - this.known.readAt;
    if (this.known !== null && age >= 0 && age <= maxAgeMs) return this.known.inboxes;
    this.reading ??= this.read().finally(() => {
      this.reading = null;
    });
    return this.reading;
  }

  private async read(): Promise<readonly InboxOfOrg[]> {
    const readAt = this.clock.now();
    const inboxes = await this.bus.query(queries.listAllInboxes, { org: '', actor: system, input: {} });
    this.known = { inboxes, readAt };
    return inboxes;
  }
}
