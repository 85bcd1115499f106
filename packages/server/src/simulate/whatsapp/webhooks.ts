import { createHmac } from 'node:crypto';
import { Bounded } from './bounded.ts';
import type { SimulatorSettings } from './settings.ts';

/** Calls at the same time; the platform makes several, too. */
const CALLS_MAX = 4;
/** Calls that wait; more are dropped, and counted. */
const WAITING_MAX = 20_000;
const ANSWER_MAX_MS = 30_000;
/** The platform comes again for days; here it must end while somebody watches. */
const ATTEMPTS_MAX = 8;
const RETRY_FIRST_MS = 100;
const RETRY_MAX_MS = 10_000;
const KEPT_DELIVERIES = 500;

/** One call of the webhook, and how it ended. */
export interface Delivery {
  readonly at: number;
  readonly attempt: number;
  readonly bytes: number;
  /** Null when nobody answered. */
  readonly status: number | null;
  readonly ms: number;
  readonly tells: string;
}

/** How a webhook may be spoiled on its way, for those who test what becomes of it. */
export interface Spoiled {
  /** Signed by this instead of the app's secret; null for no signature at all. */
  readonly secret?: string | null;
  /** Signed, and the bytes then changed. */
  readonly tampered?: boolean;
}

interface Waiting {
  readonly body: Buffer;
  readonly tells: string;
  readonly spoiled: Spoiled;
  attempt: number;
  readonly done: (status: number | null) => void;
}

/** Calls the server as the platform does: signed, several at a time, again after a while when it was not answered 200. */
export class Webhooks {
  target: string | null;
  readonly deliveries = new Bounded<Delivery>(KEPT_DELIVERIES);
  dropped = 0;
  private readonly waiting: Waiting[] = [];
  private running = 0;
  private resting = 0;
  private isHeld = false;
  private isClosed = false;
  private readonly cancels = new Set<() => void>();
  private readonly idlers: (() => void)[] = [];
  private readonly ending = new AbortController();

  constructor(private readonly settings: SimulatorSettings) {
    this.target = settings.target;
  }

  /** What waits and what is under way. */
  get pending(): number {
    return this.waiting.length + this.running + this.resting;
  }

  /** @returns the status of the last attempt; null when nobody ever answered */
  send(payload: unknown, tells: string, spoiled: Spoiled = {}): Promise<number | null> {
    const body = Buffer.from(escaped(JSON.stringify(payload)));
    return new Promise((done) => {
      if (this.isClosed || this.target === null || this.pending >= WAITING_MAX) {
        this.dropped += 1;
        done(null);
        return;
      }
      this.waiting.push({ body, tells, spoiled, attempt: 1, done });
      this.pump();
    });
  }

  /** Keeps everything back until `release`. */
  hold(): void {
    this.isHeld = true;
  }

  /** @param order  what was kept back goes in this order */
  release(order: 'as it was' | 'backwards' = 'as it was'): void {
    this.isHeld = false;
    if (order === 'backwards') this.waiting.reverse();
    this.pump();
  }

  /** Resolves once nothing waits any more, also for another attempt. */
  idle(): Promise<void> {
    if (this.pending === 0) return Promise.resolve();
    return new Promise((resolve) => this.idlers.push(resolve));
  }

  close(): void {
    this.isClosed = true;
    for (const cancel of this.cancels) cancel();
    this.ending.abort();
    for (const { done } of this.waiting.splice(0)) done(null);
    this.resting = 0;
    this.told();
  }

  private pump(): void {
    while (!this.isHeld && this.running < CALLS_MAX) {
      const next = this.waiting.shift();
      if (!next) return;
      this.running += 1;
      void this.attempt(next).finally(() => {
        this.running -= 1;
        this.pump();
        this.told();
      });
    }
  }

  private told(): void {
    if (this.pending === 0) for (const resolve of this.idlers.splice(0)) resolve();
  }

  private async attempt(call: Waiting): Promise<void> {
    const { clock, random, duplicates } = this.settings;
    const at = clock.now();
    const status = await this.post(call);
    const { body, attempt, tells } = call;
    this.deliveries.push({ at, attempt, bytes: body.length, status, ms: clock.now() - at, tells });
    if (status !== null && status >= 200 && status < 300) {
      // Now and then the platform did not hear the 200.
      if (attempt === 1 && random() < duplicates) this.waiting.push({ ...call, attempt: 2, done: () => {} });
      return call.done(status);
    }
    // What was spoiled on purpose is not tried again: it would never end.
    const isFinal = attempt >= ATTEMPTS_MAX || Object.keys(call.spoiled).length > 0;
    if (isFinal || this.isClosed) return call.done(status);
    this.rest({ ...call, attempt: attempt + 1 });
  }

  private rest(call: Waiting): void {
    const ms = Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** (call.attempt - 2));
    this.resting += 1;
    const cancel = this.settings.clock.after(ms, () => {
      this.cancels.delete(forget);
      this.resting -= 1;
      this.waiting.push(call);
      this.pump();
    });
    const forget = () => {
      cancel();
      call.done(null);
    };
    this.cancels.add(forget);
  }

  private async post({ body, spoiled }: Waiting): Promise<number | null> {
    const secret = spoiled.secret === undefined ? this.settings.app_secret : spoiled.secret;
    const signature = secret === null ? null : createHmac('sha256', secret).update(body).digest('hex');
    const bytes = spoiled.tampered ? Buffer.concat([body, Buffer.from(' ')]) : body;
    try {
      const answer = await fetch(this.target ?? '', {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'user-agent': 'facebookexternalua',
          ...(signature !== null && { 'x-hub-signature-256': `sha256=${signature}` }),
        },
        body: new Uint8Array(bytes),
        redirect: 'manual',
        signal: AbortSignal.any([this.ending.signal, AbortSignal.timeout(ANSWER_MAX_MS)]),
      });
      await answer.arrayBuffer();
      return answer.status;
    } catch {
      return null;
    }
  }
}

/** As the platform writes JSON: nothing but ASCII, and slashes escaped. A signature over anything else never fits. */
function escaped(json: string): string {
  return json
    .replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .replaceAll('/', '\\/');
}
