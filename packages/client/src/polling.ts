import { parseCursor } from '@roost/protocol';
import { within } from './backoff.ts';
import { ClientError, isOfTransport, malformed } from './client-error.ts';
import type { Clock, Random } from './clock.ts';
import type { Counters } from './counters.ts';
import { type List, publish } from './list.ts';
import type { Lists } from './lists.ts';
import type { ListAnswer, Rest } from './rest.ts';
import type { Timing } from './timing.ts';

interface Needs {
  readonly lists: Lists;
  readonly rest: Pick<Rest, 'top' | 'since'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly timing: Timing;
  readonly counters: Counters;
  isVisible(): boolean;
  /** A round is over. `error` is why not every list is current now; null when every list is. */
  polled(error: ClientError | null): void;
  /** A fresh token was refused as well. */
  signedOut(why: string): void;
}

/**
 * Keeps the wanted lists current over plain HTTP, each from its own position: what changed after it, or 304 and a
 * newer position. Lives and ends with the state `polling`.
 */
export class Poller {
  private readonly busy = new Set<List>();
  /** The server will not serve these; asking again would change nothing. */
  private readonly refused = new Set<List>();
  private cancelTimer = () => {};
  private isOver = false;
  private isRunning = false;
  private isNudged = false;

  constructor(private readonly needs: Needs) {}

  /** Polls every wanted list now, and again and again. */
  async round(): Promise<void> {
    this.cancelTimer();
    if (this.isRunning) {
      this.isNudged = true;
      return;
    }
    this.isRunning = true;
    const errors = await Promise.all(this.needs.lists.wanted().map((list) => this.poll(list)));
    this.isRunning = false;
    if (this.isOver) return;
    const error = errors.find((each) => each !== null) ?? null;
    this.needs.polled(error);
    if (this.isOver) return;
    const isNudged = this.isNudged;
    this.isNudged = false;
    if (isNudged) await this.round();
    else this.schedule(error);
  }

  /** Polls the lists that nothing is known of, without waiting for the next round. */
  hurry(): void {
    for (const list of this.needs.lists.wanted()) if (list.listing.position === null) void this.poll(list);
  }

  end(): void {
    this.isOver = true;
    this.cancelTimer();
  }

  private schedule(error: ClientError | null): void {
    const { clock, random, timing, isVisible } = this.needs;
    const isQuick = isVisible() && (error === null || !isOfTransport(error));
    const delayMs = within(isQuick ? timing.pollVisibleMs : timing.pollHiddenMs, random);
    this.cancelTimer = clock.after(delayMs, () => void this.round());
  }

  /** @returns why the list is not current, or null */
  private async poll(list: List): Promise<ClientError | null> {
    if (this.busy.has(list) || this.refused.has(list)) return null;
    this.busy.add(list);
    this.needs.counters.polls += 1;
    let failure: ClientError | null = null;
    try {
      await this.advance(list);
    } catch (error) {
      failure = error instanceof ClientError ? error : malformed();
    }
    this.busy.delete(list);
    if (this.isOver) return null;
    if (failure) this.failed(list, failure);
    publish([list]);
    return failure;
  }

  /** From the list's own position if the log still knows it, else from the top, which can be taken in any case. */
  private async advance(list: List): Promise<void> {
    const { rest } = this.needs;
    const { position } = list.listing;
    if (position !== null) {
      const answer = await rest.since(list, position).catch((error: ClientError) => {
        if (error.remedy !== 'resync') throw error;
        return null;
      });
      if (this.isOver || (answer && apply(list, answer))) return;
    }
    const top = await rest.top(list, list.listing.wantedCount);
    if (!this.isOver && !apply(list, top)) throw malformed();
  }

  private failed(list: List, failure: ClientError): void {
    if (failure.remedy === 'sign-in') this.needs.signedOut(failure.message);
    // That nothing comes through is told by the connection's status, not by each list.
    if (failure.remedy === 'sign-in' || isOfTransport(failure)) return;
    const isRefused = failure.remedy === 'correct' || failure.remedy === 'give-up';
    // What may not be seen any more is not kept either (rule A2). An unknown address says nothing of that.
    if (isRefused && failure.code !== 'route.unknown') list.listing.forget();
    list.listing.failed(failure);
    if (isRefused) this.refused.add(list);
  }
}

/** @returns false when the answer does not continue what the list holds */
export function apply({ listing }: List, answer: ListAnswer): boolean {
  switch (answer.kind) {
    case 'page': {
      const { position } = listing;
      const cursor = parseCursor(answer.page.cursor);
      // Of a node that is behind: nobody is shown an earlier moment than before.
      const isOlder = cursor?.epoch === position?.epoch && (cursor?.offset ?? 0) < (position?.offset ?? 0);
      return isOlder || listing.replace(answer.page);
    }
    case 'delta': {
      const isSameLog = parseCursor(answer.delta.cursor)?.epoch === listing.position?.epoch;
      return isSameLog && listing.fold(answer.delta) !== 'gap';
    }
    case 'same':
      return listing.confirm(answer.cursor);
  }
}
