import type { Readable } from 'node:stream';
import type { Cursor, FailureCode, IngestMessage, Role, SignedIn } from '@roost/protocol';
import type { Actor, CommandBus, Scope } from '../commands/index.ts';
import type { Accepted, Arrival, SessionListed } from '../domain/index.ts';

/** Who asks. Commands and queries check again, in the transaction that acts. */
export interface Caller {
  readonly org: string;
  readonly user_id: string;
  readonly actor: Actor;
  readonly role: Role;
  /** The session, or the API token, that speaks. */
  readonly session_id: string;
  /** Signed in by a one-time link minutes ago. */
  readonly came_by_link: boolean;
  /** A host application vouches for them, and for nothing that outlives its token. */
  readonly from_host: boolean;
}

/** Requests a minute, by what is counted together; 0 for no limit. */
export type Rates = Readonly<Record<'person' | 'address' | 'ingest' | 'webhook', number>>;

/** All that the REST edge asks of the rooms beside it. */
export interface HttpNeeds {
  readonly clock: { now(): number };
  readonly bus: Pick<CommandBus, 'execute' | 'query'>;
  readonly gate: Gate;
  readonly sessions: Sessions;
  readonly account: OwnAccount;
  readonly invitations: InvitationDesk;
  readonly origins: Origins;
  readonly lists: Lists;
  readonly blobs: BlobReader;
  readonly jobFiles: JobFileStore;
  readonly visitors: Visitors;
  /** Null where it is switched off. */
  readonly remoteContent: RemoteContent | null;
  readonly ingest: Ingest;
  readonly whatsapp: WhatsAppEdge;
  /** A new secret for a webhook. */
  webhookSecret(): string;
  readonly counts: Counts;
  /** What the server stands on, in the order in which it is told. */
  readonly parts: readonly Part[];
}

export interface Gate {
  /** @throws token.missing, token.invalid */
  authenticate(token: string | null): Promise<Caller>;
}

/** Where a request comes from. */
export interface Client {
  readonly ip: string;
  readonly user_agent: string;
}

/** Signing in, going on, signing out. */
export interface Sessions {
  /**
   * @param wanted.org  null for the oldest organisation of the person
   * @throws credentials.wrong, access.forbidden; request.too_many
   */
  byPassword(
    wanted: { readonly email: string; readonly password: string; readonly org: string | null },
    client: Client,
  ): Promise<OpenedSession>;
  /** @throws token.invalid; request.too_many */
  byLink(link: string, client: Client): Promise<OpenedSession>;
  /** Goes on in another organisation of the caller's. @throws access.forbidden */
  switchTo(caller: Caller, org: string, client: Client): Promise<OpenedSession>;
  /** The key given is replaced; one replaced before ends the session. @throws token.missing, token.invalid */
  renew(key: string | null, client: Client): Promise<OpenedSession>;
  /** @throws token.missing, token.invalid */
  end(key: string | null): Promise<void>;
}

/** What people do with their own account. */
export interface OwnAccount {
  /**
   * Sets the caller's own password and ends their other sessions. Who has one already, and did not just come by a
   * link, must know it.
   * @throws credentials.wrong; request.too_many; access.forbidden  for API tokens, and for users of a host
   */
  setPassword(caller: Caller, password: string, current: string | null): Promise<void>;
  sessions(caller: Caller): Promise<readonly OwnSession[]>;
  /** @throws session.unknown */
  endSession(caller: Caller, id: string): Promise<void>;
  /** @returns how many */
  endOtherSessions(caller: Caller): Promise<number>;
  /** The token is told this once. @throws request.invalid */
  createToken(
    caller: Caller,
    token: NewToken,
  ): Promise<{ readonly token: string; readonly token_id: string }>;
}

export interface OwnSession extends SessionListed {
  readonly is_current: boolean;
}

export interface NewToken {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly expires_at: number | null;
}

/** Links by which somebody becomes a member. */
export interface InvitationDesk {
  /** @throws member.exists, inbox.unknown, access.forbidden */
  invite(
    caller: Caller,
    invited: {
      readonly email: string;
      readonly name: string;
      readonly role: Role;
      readonly inbox_ids: readonly string[];
    },
  ): Promise<{ readonly id: string; readonly secret: string; readonly expires_at: number }>;
  /** @throws invitation.unknown; request.too_many */
  offer(secret: string, client: Client): Promise<Offer>;
  /** @throws invitation.unknown, credentials.wrong, member.exists; request.too_many */
  accept(
    acceptance: {
      readonly secret: string;
      readonly name: string;
      readonly password: string | null;
      readonly person: Caller | null;
    },
    client: Client,
  ): Promise<OpenedSession>;
}

export interface Offer {
  readonly org_id: string;
  readonly organisation: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly expires_at: number;
  readonly needs: 'password' | 'sign-in';
}

export interface OpenedSession {
  readonly signedIn: SignedIn;
  /** What the cookie holds. */
  readonly key: string;
  readonly lifetimeMs: number;
}

export interface Origins {
  permits(origin: string | undefined, host: string | undefined): boolean;
  isAllowedElsewhere(origin: string): boolean;
}

/** Channels as lists: a page, or what changed since a cursor. Rows are JSON text. */
export interface Lists {
  /** @throws channel.unknown, filter.invalid, access.forbidden */
  page(
    reader: Caller,
    channel: string,
    params: Readonly<Record<string, unknown>>,
    at: { readonly before: string | null; readonly limit: number },
  ): Promise<{ readonly cursor: Cursor; readonly rows: readonly string[]; readonly next: string | null }>;
  /** Without reading rows. `unknown` when the log does not reach back to the cursor. @throws as `page` */
  since(
    reader: Caller,
    channel: string,
    params: Readonly<Record<string, unknown>>,
    cursor: Cursor,
  ): Promise<ListSince>;
}

export type ListSince =
  | { readonly kind: 'unchanged'; readonly cursor: Cursor }
  | {
      readonly kind: 'changed';
      readonly cursor: Cursor;
      readonly prev: number;
      readonly offset: number;
      readonly added: readonly string[];
      readonly updated: readonly string[];
      readonly deleted: readonly string[];
    }
  | { readonly kind: 'unknown' };

/** Whom host applications vouch for. */
export interface Visitors {
  token(visitor: Visitor): Promise<{ readonly visitor_token: string; readonly expires_in: number }>;
  /** @throws token.missing, token.invalid */
  read(token: string | null): Promise<Visitor>;
}

export interface Visitor {
  readonly org: string;
  readonly inbox_id: string;
  readonly external_id: string;
  readonly name: string;
}

export interface BlobReader {
  /** Stored and synced. @throws store.full, store.unavailable */
  put(bytes: Uint8Array): Promise<string>;
  /** A missing blob is an `error` event. */
  stream(digest: string): Readable;
}

/** What imports read from, and what exports leave. */
export interface JobFileStore {
  /** @throws request.too_big, request.malformed, store.full, store.unavailable */
  receive(
    body: AsyncIterable<Uint8Array>,
    maxBytes: number,
    key: string | null,
  ): Promise<{ readonly upload: string; readonly size_bytes: number }>;
  removeUpload(upload: string): Promise<void>;
  /** A missing file is an `error` event. */
  stream(jobId: string): Readable;
}

/** What messages name on other servers. */
export interface RemoteContent {
  /** @throws content.refused, content.unavailable, request.too_many */
  image(url: string): Promise<{ readonly type: string; readonly bytes: Buffer }>;
}

export interface Ingested {
  readonly offset: number;
  readonly results: readonly Pick<Accepted, 'message_ids' | 'repeated'>[];
}

export interface Ingest {
  /** A mail as it would arrive, read and not accepted: to try rules on. @throws store.full … */
  read(source: Buffer, to: readonly string[]): Promise<Arrival>;
  /** All of them or none. @throws address.unknown, store.full … */
  messages(caller: Caller, messages: readonly IngestMessage[], id: string | null): Promise<Ingested>;
  /** @param to  envelope recipients; without any, those in the mail's header that belong to an inbox */
  mail(caller: Caller, source: Buffer, to: readonly string[], id: string | null): Promise<Ingested>;
}

/** WhatsApp, as far as it comes in by HTTP. */
export interface WhatsAppEdge {
  /** What to answer when the platform asks whether the address is ours. @throws access.forbidden */
  verify(asked: {
    readonly mode: string | undefined;
    readonly token: string | undefined;
    readonly challenge: string | undefined;
  }): Promise<string>;
  /**
   * Resolves once all of it is committed.
   * @throws access.forbidden, request.malformed, request.too_big, store.full …
   */
  receive(body: Buffer, signature: string | undefined): Promise<void>;
  /** @throws inbox.unknown, request.invalid, provider.failed */
  syncTemplates(
    org: string,
    inboxId: string,
  ): Promise<{ readonly count: number; readonly changed_count: number }>;
}

export interface Counts {
  answered(method: string, route: string, status: number, ms: number): void;
  failed(edge: 'http', code: FailureCode): void;
  readonly contentType: string;
  text(): Promise<string>;
}

/** `degraded` still serves, with something slower or missing. */
export interface PartState {
  readonly state: 'ok' | 'degraded' | 'failed';
  readonly says: string;
}

export interface Part {
  readonly name: string;
  check(): Promise<PartState>;
}

export interface HttpSettings {
  readonly version: string;
  readonly rates: Rates;
  readonly sockets: boolean;
  readonly mailDomains: readonly string[];
  /** As it really is, once it is open. */
  readonly smtpPort: () => number;
  readonly mailMaxBytes: number;
  readonly importMaxBytes: number;
  /** Proxies in front that are believed. */
  readonly trustProxy: number;
  /** People reach the server by HTTPS, whatever a proxy makes of it on the way. */
  readonly isHttpsOutside: boolean;
  /** Folder of the built web page; null when there is none. */
  readonly webRoot: string | null;
}
