import { Failure } from '@roost/protocol';
import type { Clock } from '../../clock.ts';
import type { AddressRule } from '../guard/index.ts';
import type { LookupAll } from '../guard/judged-lookup.ts';
import { type Fetched, fetchImage } from './fetch-image.ts';

/** From the first look-up of a name to the last byte, redirects included. */
const FETCH_DEADLINE_MS = 10_000;
/** Under way at once, for everybody; each holds at most one picture. */
const UNDER_WAY_MAX = 24;
/** Waiting behind them; past this, whoever asks is sent away. */
const WAITING_MAX = 500;

export interface RemoteImage {
  readonly type: string;
  readonly bytes: Buffer;
}

/** Pictures that mails name, fetched by the server so that their senders do not learn who looks at them, or where. */
export class RemoteContent {
  private underWay = 0;
  private readonly waiting: (() => void)[] = [];
  private readonly closed = new AbortController();

  constructor(
    private readonly rule: AddressRule,
    private readonly clock: Clock,
    private readonly lookup?: LookupAll,
  ) {}

  /** @throws content.refused, content.unavailable, request.too_many */
  async image(url: string): Promise<RemoteImage> {
    await this.turn();
    try {
      const fetched = await this.fetch(url);
      if (fetched.kind === 'image') return { type: fetched.type, bytes: fetched.bytes };
      throw new Failure(fetched.kind === 'refused' ? 'content.refused' : 'content.unavailable', fetched.says);
    } finally {
      const next = this.waiting.shift();
      // Whoever waits takes this one's place at once, before somebody new can.
      if (next) next();
      else this.underWay -= 1;
    }
  }

  /** Breaks off what is under way. */
  stop(): void {
    this.closed.abort();
  }

  private async turn(): Promise<void> {
    if (this.underWay < UNDER_WAY_MAX) {
      this.underWay += 1;
      return;
    }
    if (this.waiting.length >= WAITING_MAX) throw new Failure('request.too_many');
    await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  private async fetch(url: string): Promise<Fetched> {
    const deadline = new AbortController();
    const met = this.clock.after(FETCH_DEADLINE_MS, () => deadline.abort());
    try {
      const signal = AbortSignal.any([deadline.signal, this.closed.signal]);
      return await fetchImage(this.rule, url, signal, this.lookup);
    } finally {
      met();
    }
  }
}
