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
  /**
   * Offset up to which the reader was brought by a snapshot of this channel, or by the answer that opened it. May lie
   * past what the connection was told, since neither says anything of its other channels (rule C2).
   */
  heldAt: number;
}

/**
 * A connection, as sync sees it. Everything up to `stoppedAt` has been handed over; while it is null the reader is
 * live and gets every delta at once, otherwise nothing is queued for it and only the position is kept (rule B1).
 */
export interface Reader {
  readonly identity: Identity;
  readonly subscriptions: Subscription[];
  /** False once the connection is over: nothing may be opened for it, or handed to it, any more. */
  readonly isOpen: boolean;
  /** Never past the last offset that the reader was told, which is where a delta to it may begin. */
  readonly stoppedAt: number | null;
  /** True while somebody is bringing this reader up to date. */
  isCatchingUp: boolean;
  /** Queues bytes that hold `frameCount` frames of one channel up to `offset`, to leave with the next {@link flush}. */
  queue(bytes: Buffer, frameCount: number, offset: number): void;
  /** Writes what is queued as one cut. Past its bound the reader stops, and asks to be caught up when it has drained. */
  flush(): void;
  /** What it has open was taken from it, and has to be opened anew before anything else is told (rule A2). */
  readonly isReopening: boolean;
  /** Begins that: from here on nothing is queued for it until it is brought up to date. */
  reopen(): void;
  /** It has been brought up to date, and gets every delta from here on. */
  goOn(): void;
  /** Resolves when the reader is live, which may be at once, or over. */
  untilLive(): Promise<void>;
  /** One of its channels cannot be opened; the frame that says so is delivered with the others. */
  refused(failure: Failure): void;
  /** The reader's log is no longer the one it knows; it has to come back. */
  resync(): void;
}

/**
 * What somebody asks while nothing can be queued for them is answered once it can (rule B3). Asked in the very instant
 * in which it would be: one more turn of waiting, and something might have stopped them.
 */
export function hasToWait({ stoppedAt, isOpen }: Reader): boolean {
  return stoppedAt !== null && isOpen;
}
