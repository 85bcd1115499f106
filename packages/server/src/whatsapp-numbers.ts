import type { Clock } from './clock.ts';
import type { CommandBus, LogEntry } from './commands/index.ts';
import { queries, type WhatsAppNumber } from './domain/index.ts';

/** How long the numbers are taken as known: what other processes change is seen after that. */
const KEPT_MS = 30_000;
/** Before somebody is told that something does not fit, what is known must be this fresh. */
export const FRESH_MS = 1_000;

const system = { kind: 'system', name: 'whatsapp' } as const;

/** The WhatsApp numbers of this server with their keys, kept in memory for what comes in and goes out. */
export class WhatsAppNumbers {
  private known: { readonly numbers: readonly WhatsAppNumber[]; readonly readAt: number } | null = null;
  private reading: Promise<readonly WhatsAppNumber[]> | null = null;

  constructor(
    private readonly bus: Pick<CommandBus, 'query'>,
    private readonly clock: Pick<Clock, 'now'>,
  ) {}

  async all(maxAgeMs = KEPT_MS): Promise<readonly WhatsAppNumber[]> {
    const age = this.known === null ? Number.POSITIVE_INFINITY : this.clock.now() - this.known.readAt;
    if (this.known !== null && age >= 0 && age <= maxAgeMs) return this.known.numbers;
    this.reading ??= this.read().finally(() => {
      this.reading = null;
    });
    return this.reading;
  }

  /** A number by its inbox; null when there is none. */
  async ofInbox(org: string, inboxId: string): Promise<WhatsAppNumber | null> {
    const find = (numbers: readonly WhatsAppNumber[]) =>
      numbers.find((one) => one.org === org && one.inbox_id === inboxId) ?? null;
    const found = find(await this.all());
    return found?.settings ? found : find(await this.all(FRESH_MS));
  }

  /** What the Cloud API is called with for an inbox; null when it has no key. */
  async keyOf(org: string, inboxId: string): Promise<{ phone_number_id: string; token: string } | null> {
    const number = await this.ofInbox(org, inboxId);
    return number?.settings
      ? { phone_number_id: number.phone_number_id, token: number.settings.token }
      : null;
  }

  /** Hears of what was just committed here. */
  forget(entries: readonly LogEntry[]): void {
    if (entries.some(({ changes }) => changes.includes('"kind":"inbox"'))) this.known = null;
  }

  private async read(): Promise<readonly WhatsAppNumber[]> {
    const readAt = this.clock.now();
    const numbers = await this.bus.query(queries.listWhatsAppNumbers, { org: '', actor: system, input: {} });
    this.known = { numbers, readAt };
    return numbers;
  }
}
