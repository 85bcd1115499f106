import type { Clock } from '../../clock.ts';
import { Bounded } from './bounded.ts';
import { messagesOf, personOf, type SayingInput, saying } from './customer.ts';
import { type Fault, type FaultInput, Faults } from './faults.ts';
import { Files } from './files.ts';
import type { SimulatorSettings } from './settings.ts';
import { type Spoiled, Webhooks } from './webhooks.ts';

const KEPT_MESSAGES = 2_000;
/** After a customer's message, so long may be answered by free text. */
const WINDOW_MS = 24 * 3_600_000;
const CUSTOMERS_MAX = 10_000;

/** A message that the server sent. */
export interface SentMessage {
  readonly id: string;
  readonly at: number;
  readonly to: string;
  readonly type: string;
  /** As it came. */
  readonly message: Readonly<Record<string, unknown>>;
  readonly statuses: string[];
}

/** A message that a customer wrote. */
export interface SaidMessage {
  readonly id: string;
  readonly at: number;
  readonly from: string;
  readonly message: Readonly<Record<string, unknown>>;
  /** Marked as read by the server. */
  read: boolean;
}

export interface SayOptions extends Spoiled {
  /** How often the same webhook comes. */
  readonly copies?: number;
}

/** What happens in the simulated world, without the HTTP around it. */
export class Simulator {
  readonly sent = new Bounded<SentMessage>(KEPT_MESSAGES);
  readonly said = new Bounded<SaidMessage>(KEPT_MESSAGES);
  readonly faults = new Faults();
  readonly files = new Files();
  readonly webhooks: Webhooks;
  /** Numbers nobody answers at: what is sent there fails. */
  readonly unreachable = new Set<string>();
  private readonly lastWrote = new Map<string, number>();
  private readonly timers = new Set<() => void>();
  private readonly listeners: ((message: SentMessage) => void)[] = [];
  private second = 0;
  private sentThisSecond = 0;
  private drawn = 0;

  constructor(readonly settings: SimulatorSettings) {
    this.webhooks = new Webhooks(settings);
  }

  private get clock(): Clock {
    return this.settings.clock;
  }

  /**
   * Customers write; all of it in one webhook.
   *
   * @returns the ids of their messages, and the status the webhook was answered with in the end
   */
  say(
    sayings: SayingInput | readonly SayingInput[],
    { copies = 1, ...spoiled }: SayOptions = {},
  ): { ids: string[]; answered: Promise<number | null> } {
    const now = this.clock.now();
    const all = [sayings].flat().map((one) => saying.parse(one));
    const changes = all.map((said) => {
      const messages = messagesOf(
        said,
        now,
        () => this.newId(),
        (file) => this.files.put(file),
      );
      const from = said.user_id ?? said.from;
      this.heardFrom(from, now);
      this.heardFrom(said.from, now);
      for (const message of messages)
        this.said.push({ id: String(message.id), at: now, from, message, read: false });
      return { person: personOf(said), messages };
    });
    const ids = changes.flatMap(({ messages }) => messages.map(({ id }) => String(id)));
    const entry = changes.map(({ person, messages }) => this.entry({ contacts: [person], messages }));
    const tells = all.map(({ name, text }) => `${name}: ${text ?? '…'}`).join(', ');
    const answers = Array.from({ length: copies }, () =>
      this.webhooks.send({ object: 'whatsapp_business_account', entry }, tells.slice(0, 200), spoiled),
    );
    return { ids, answered: Promise.all(answers).then((statuses) => statuses[0] ?? null) };
  }

  /** Any webhook at all, signed. */
  deliver(payload: unknown, spoiled: Spoiled = {}): Promise<number | null> {
    return this.webhooks.send(payload, 'as it is', spoiled);
  }

  /** Statuses of messages, in one webhook and in this order. */
  tell(
    ...statuses: readonly { id: string; status: string; code?: number | undefined }[]
  ): Promise<number | null> {
    const told = statuses.map(({ id, status, code }) => {
      const known = this.sent.all.find((one) => one.id === id);
      known?.statuses.push(status);
      const our = known?.message.biz_opaque_callback_data;
      return {
        id,
        status,
        timestamp: String(Math.floor(this.clock.now() / 1_000)),
        recipient_id: known?.to ?? '',
        ...(our !== undefined && { biz_opaque_callback_data: our }),
        ...(status === 'sent' && {
          conversation: { id: 'simulated', origin: { type: 'service' } },
          pricing: { billable: true, pricing_model: 'PMP', category: 'service' },
        }),
        ...(code !== undefined && {
          errors: [{ code, title: `Simulated ${code}`, error_data: { details: `Simulated error ${code}` } }],
        }),
      };
    });
    const payload = { object: 'whatsapp_business_account', entry: [this.entry({ statuses: told })] };
    return this.webhooks.send(payload, statuses.map(({ status }) => status).join(', '));
  }

  /** News of a template. */
  tellTemplate(name: string, language: string, event: string): Promise<number | null> {
    const value = {
      event,
      message_template_id: 594_425_479_000_000,
      message_template_name: name,
      message_template_language: language,
      reason: 'NONE',
    };
    const change = { field: 'message_template_status_update', value };
    const entry = [
      { id: this.settings.account_id, time: Math.floor(this.clock.now() / 1_000), changes: [change] },
    ];
    return this.webhooks.send({ object: 'whatsapp_business_account', entry }, `${name} is ${event}`);
  }

  fail(fault: FaultInput): void {
    this.faults.add(fault);
  }

  /** Asks the server whether the address is its own, as the platform does when it is set up. */
  async verify(token: string = this.settings.verify_token): Promise<boolean> {
    const { target } = this.webhooks;
    if (target === null) return false;
    const challenge = this.newId();
    const url = new URL(target);
    url.searchParams.set('hub.mode', 'subscribe');
    url.searchParams.set('hub.verify_token', token);
    url.searchParams.set('hub.challenge', challenge);
    const answer = await fetch(url, { signal: AbortSignal.timeout(10_000) });
    return answer.status === 200 && (await answer.text()) === challenge;
  }

  /** Hears of every message as it is sent. */
  onSent(hear: (message: SentMessage) => void): void {
    this.listeners.push(hear);
  }

  /** A message was taken from the server. @param fails  code of the error that a webhook then tells, if any */
  take(message: Record<string, unknown>, fails: number | null): string {
    const id = this.newId();
    const to = String(message.to ?? message.recipient).replace(/^\+/, '');
    const type = typeof message.type === 'string' ? message.type : 'text';
    const sent: SentMessage = { id, at: this.clock.now(), to, type, message, statuses: [] };
    this.sent.push(sent);
    const code = fails ?? this.refusedLater(to, type);
    if (code === null) this.tellInTime(id);
    else
      this.after(this.settings.statuses.sent_ms ?? 0, () => void this.tell({ id, status: 'failed', code }));
    for (const hear of this.listeners) hear(sent);
    return id;
  }

  /** @returns false when nobody wrote a message of this id */
  markRead(id: string): boolean {
    const message = this.said.all.find((one) => one.id === id);
    if (message) message.read = true;
    return message !== undefined;
  }

  mayStillSend(): boolean {
    const second = Math.floor(this.clock.now() / 1_000);
    if (second !== this.second) {
      this.second = second;
      this.sentThisSecond = 0;
    }
    this.sentThisSecond += 1;
    return this.sentThisSecond <= this.settings.messages_per_second;
  }

  /** Runs later, unless the simulator was closed. */
  after(ms: number, run: () => void): void {
    const cancel = this.clock.after(ms, () => {
      this.timers.delete(cancel);
      run();
    });
    this.timers.add(cancel);
  }

  close(): void {
    for (const cancel of this.timers) cancel();
    this.timers.clear();
    this.webhooks.close();
  }

  /** Platform ids look like this, and do not sort. */
  private newId(): string {
    this.drawn += 1;
    const drawn = this.settings.secrets(12).toString('hex').toUpperCase();
    return `wamid.${Buffer.from(`${drawn}${this.drawn}`).toString('base64')}`;
  }

  private heardFrom(from: string, now: number): void {
    this.lastWrote.delete(from);
    this.lastWrote.set(from, now);
    const oldest = this.lastWrote.keys().next().value;
    if (this.lastWrote.size > CUSTOMERS_MAX && oldest !== undefined) this.lastWrote.delete(oldest);
  }

  /** Why a message that was taken will not arrive: the platform says that later, by a webhook. */
  private refusedLater(to: string, type: string): number | null {
    if (this.unreachable.has(to)) return 131026;
    const last = this.lastWrote.get(to);
    const isOpen = last !== undefined && this.clock.now() - last < WINDOW_MS;
    return type === 'template' || isOpen ? null : 131047;
  }

  private tellInTime(id: string): void {
    const { sent_ms, delivered_ms, read_ms } = this.settings.statuses;
    const steps = [
      ['sent', sent_ms],
      ['delivered', delivered_ms],
      ['read', read_ms],
    ] as const;
    const times = steps.flatMap(([, ms]) => (ms === null ? [] : [ms]));
    if (this.settings.shuffled) times.sort(() => this.settings.random() - 0.5);
    let next = 0;
    for (const [status, ms] of steps) {
      if (ms === null) continue;
      this.after(times[next] ?? ms, () => void this.tell({ id, status }));
      next += 1;
    }
  }

  private entry(value: Record<string, unknown>) {
    const { account_id, phone_number_id, display_phone } = this.settings;
    const metadata = { display_phone_number: display_phone, phone_number_id };
    return {
      id: account_id,
      changes: [{ field: 'messages', value: { messaging_product: 'whatsapp', metadata, ...value } }],
    };
  }
}

export type { Fault };
