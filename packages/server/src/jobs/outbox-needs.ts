import type { CommandBus } from '../commands/index.ts';
import type { Carrier, Outgoing } from '../domain/index.ts';

/** What became of one attempt, with a sentence for people. */
export type Attempted =
  | { readonly kind: 'sent'; readonly external_id: string | null; readonly says?: string }
  | { readonly kind: 'later'; readonly after_ms: number | null; readonly says: string }
  | { readonly kind: 'failed'; readonly says: string }
  | { readonly kind: 'unknown'; readonly says: string };

/** One way out. */
export interface Route {
  readonly via: Carrier;
  /** One attempt; ends soon after the signal. */
  send(item: Outgoing, signal: AbortSignal): Promise<Attempted>;
  /** Attempts at the same time, of all inboxes. */
  readonly atOnceMax: number;
  /** Of these, of one inbox: so that one with much to say keeps none of the others waiting. */
  readonly perInboxMax: number;
  /** An attempt that takes longer is given up. */
  readonly attemptMaxMs: number;
}

/** All that the outbox asks of the outside. */
export interface OutboxNeeds {
  readonly bus: Pick<CommandBus, 'execute' | 'query'>;
  readonly routes: readonly Route[];
  readonly counts?: { handedOver(via: Carrier, outcome: Attempted['kind']): void };
  readonly log: {
    warn(about: object, says: string): void;
    error(about: object, says: string): void;
  };
}
