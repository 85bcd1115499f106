import type { Failure } from '@roost/protocol';
import type { Channel } from './channel.ts';
import type { Identity } from './needs.ts';

/** One opened channel of one reader. */
export interface Subscription {
  /** The reader's own name for it. */
  readonly id: string;
  readonly reader: Reader;
  readonly channel: Channel;
  readonly params: Readonly<Record<string, unknown>>;
  readonly limit: number;
}

/**
 * A connection, as sync sees it. Everything up to `stoppedAt` has been handed over; while it is null the reader is
 * live and gets every delta at once, otherwise nothing is queued for it and only the position is kept (rule B1).
 */
export interface Reader {
  readonly identity: Identity;
  readonly subscriptions: Subscription[];
  stoppedAt: number | null;
  /** True while somebody is bringing this reader up to date. */
  isCatchingUp: boolean;
  /** Queues bytes that hold `frameCount` frames of one channel, to leave with the next {@link flush}. */
  queue(bytes: Buffer, frameCount: number): void;
  /**
   * Writes what is queued as one cut that ends at `offset`. Past its bound the reader sets `stoppedAt` to
   * `offset`, and asks to be caught up when it has drained.
   */
  flush(offset: number): void;
  /** One of its channels cannot be opened; the frame that says so is delivered with the others. */
  refused(failure: Failure): void;
  /** The reader's log is no longer the one it knows; it has to come back. */
  resync(): void;
}
