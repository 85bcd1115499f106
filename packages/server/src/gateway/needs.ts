import type { DraftMessage, FailureCode } from '@roost/protocol';
import type { Actor, Answer } from '../commands/index.ts';
import type { Identity } from '../sync/index.ts';

/** Who a token stands for. */
export interface Principal extends Identity {
  readonly actor: Actor;
  /** The session or API token behind it; its end closes the connection. */
  readonly session_id: string;
  /** ms since 1970 UTC; null for one that does not expire. */
  readonly expires_at: number | null;
}

/** All the gateway asks of the rooms beside it. */
export interface GatewayNeeds {
  /** @throws token.missing, token.invalid */
  authenticate(token: string | undefined): Promise<Principal>;
  /** Moves the reader's own read cursor, of one conversation or of everything. @throws Failure */
  markRead(
    principal: Principal,
    upTo: number,
    conversationId: string | null,
    id: string,
  ): Promise<Answer<unknown>>;
  /** Says something in a conversation, once for each id. @throws Failure */
  send(
    principal: Principal,
    conversationId: string,
    message: DraftMessage,
    id: string,
  ): Promise<Answer<{ readonly message_id: string }>>;
  readonly observer: GatewayObserver;
}

/** What the metrics hear. */
export interface GatewayObserver {
  connections(count: number): void;
  closed(code: number): void;
  failed(code: FailureCode): void;
  framesIn(count: number): void;
  bytesOut(count: number): void;
  /** A reader was past its bound and is told nothing until it drains. */
  stopped(): void;
}
