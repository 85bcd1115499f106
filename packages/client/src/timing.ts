import { limits } from '@roost/protocol';

/** Every wait of the client, in milliseconds. All can be set by `createClient({ timing })`. */
export interface Timing {
  /** From dialling to the server's answer to our hello. */
  readonly connectDeadlineMs: number;
  /** For the app's `getToken`. */
  readonly tokenDeadlineMs: number;
  /** For any request: a list to subscribe, a page, a write, a poll. */
  readonly answerDeadlineMs: number;
  /** A connection on which nothing is heard for this long is dead. */
  readonly silenceMs: number;
  /** Ceiling of the first random delay between attempts; doubles with each failure. */
  readonly backoffBaseMs: number;
  readonly backoffCeilingMs: number;
  /** A connection that was live for this long counts as good, and the failures before it no more. */
  readonly steadyMs: number;
  /** Failed attempts in a row until lists are polled meanwhile. */
  readonly pollAfterFailures: number;
  /** Between polls while somebody looks, least and most. */
  readonly pollVisibleMs: readonly [number, number];
  /** Between polls while nobody looks, and while the server does not answer. */
  readonly pollHiddenMs: readonly [number, number];
  /** Until a socket is tried again on a server that has turned sockets off. */
  readonly socketsOffRetryMs: number;
  /** A list without listeners stays subscribed for this long, in case the next screen wants it too. */
  readonly releaseDelayMs: number;
}

export const defaultTiming: Timing = {
  connectDeadlineMs: limits.HELLO_DEADLINE_MS,
  tokenDeadlineMs: 10_000,
  answerDeadlineMs: 10_000,
  silenceMs: limits.SILENCE_MS,
  backoffBaseMs: 500,
  backoffCeilingMs: 30_000,
  steadyMs: 5_000,
  pollAfterFailures: 3,
  pollVisibleMs: [3_000, 5_000],
  pollHiddenMs: [15_000, 30_000],
  socketsOffRetryMs: 300_000,
  releaseDelayMs: 5_000,
};
