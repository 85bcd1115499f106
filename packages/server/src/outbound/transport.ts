import type { Outgoing } from '../domain/outbox/outgoing.ts';

export type { Carrier, Outgoing, OutgoingPayload } from '../domain/outbox/outgoing.ts';

/**
 * What became of one attempt. `says` is a whole sentence for the person who wrote the message, in their words and
 * not in the protocol's, with what the other side said where that helps; it holds no secret.
 */
export type Sent =
  /**
   * The other side has taken it. `external_id` is its id there, null when it gives none; `says` is what went wrong
   * all the same, such as one of several recipients refused.
   */
  | { readonly kind: 'sent'; readonly external_id: string | null; readonly says?: string }
  /** Certainly not taken, worth another attempt. `after_ms` is the wait it asks for; null leaves that to us. */
  | { readonly kind: 'later'; readonly after_ms: number | null; readonly says: string }
  /** Certainly not taken, and it would not be next time either. */
  | { readonly kind: 'failed'; readonly says: string }
  /** Handed over, and no answer: it may have been taken or not. Never tried again by itself. */
  | { readonly kind: 'unknown'; readonly says: string };

/** Hands messages to one kind of other side. */
export interface Transport {
  /**
   * One attempt. Resolves soon after `signal` aborts, which the worker does at its deadline and when the server
   * stops: with `later` while nothing was handed over, else with `unknown`. What it throws counts as `unknown`.
   */
  send(item: Outgoing, signal: AbortSignal): Promise<Sent>;
}
