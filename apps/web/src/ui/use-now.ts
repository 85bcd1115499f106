import { type Clock, systemClock } from '@roost/client';
import { useSyncExternalStore } from 'react';

/** Wall time in ms, stepping every `everyMs`; one timer for all who use the same step. */
export function useNow(everyMs: number): number {
  const ticker = tickerOf(everyMs);
  return useSyncExternalStore(ticker.subscribe, ticker.getSnapshot);
}

const tickers = new Map<number, Ticker>();

function tickerOf(everyMs: number): Ticker {
  const ticker = tickers.get(everyMs) ?? new Ticker(systemClock, everyMs);
  tickers.set(everyMs, ticker);
  return ticker;
}

/** Runs only while somebody looks. A hidden page's timers are slowed by the browser, so showing it steps at once. */
export class Ticker {
  private readonly listeners = new Set<() => void>();
  private now: number;
  private cancel = () => {};

  constructor(
    private readonly clock: Clock,
    private readonly everyMs: number,
  ) {
    this.now = clock.now();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    if (this.listeners.size === 1) this.run();
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size === 0) this.rest();
    };
  };

  readonly getSnapshot = (): number => this.now;

  private run(): void {
    globalThis.document?.addEventListener('visibilitychange', this.step);
    this.step();
  }

  private rest(): void {
    globalThis.document?.removeEventListener('visibilitychange', this.step);
    this.cancel();
  }

  private readonly step = (): void => {
    this.cancel();
    this.cancel = this.clock.after(this.everyMs, this.step);
    this.now = this.clock.now();
    for (const listener of this.listeners) listener();
  };
}
