import {
  type DraftMessageInput,
  type EventData,
  type EventName,
  formatCursor,
  limits,
  type MeRow,
  type SearchPage,
  type Unread,
} from '@roost/protocol';
import type { Channel, ParamsOf, RowOf } from './channels.ts';
import { ClientError } from './client-error.ts';
import { type Clock, type Random, systemClock, systemRandom } from './clock.ts';
import type { State } from './connection.ts';
import type { Counters } from './counters.ts';
import { Ephemera, type Present } from './ephemera.ts';
import { type List, publish } from './list.ts';
import type { Report } from './listeners.ts';
import { Lists, type LiveList } from './lists.ts';
import { NamedEvents } from './named-events.ts';
import type { OutboxEntry } from './outbox.ts';
import { fetchBelow } from './paging.ts';
import { pendingStore } from './pending.ts';
import { type Method, Rest } from './rest.ts';
import { type SearchParams, searchPath } from './search.ts';
import { type OpenSocket, openWebSocket, socketUrl } from './socket.ts';
import type { Status } from './status.ts';
import type { Store } from './store.ts';
import { browserSurroundings, type Surroundings } from './surroundings.ts';
import { defaultTiming, type Timing } from './timing.ts';
import { type GetToken, TokenKeeper } from './token.ts';
import { type UnreadState, unreadStore } from './unread.ts';
import { unreadMailStore } from './unread-mail.ts';
import { Upkeep } from './upkeep.ts';

export interface ClientOptions {
  /** Where the server is, `https://roost.example.org`; the page's own origin when empty or left out. */
  readonly url?: string | undefined;
  readonly getToken: GetToken;
  readonly timing?: Partial<Timing> | undefined;
  /** Told what the app's own listeners throw; the platform's error report when left out. */
  readonly onError?: Report | undefined;

  // The platform's own when left out
  readonly openSocket?: OpenSocket | undefined;
  readonly fetch?: typeof globalThis.fetch | undefined;
  readonly clock?: Clock | undefined;
  readonly random?: Random | undefined;
  readonly surroundings?: Surroundings | undefined;
}

/** Lists that are current to the last committed change, over one socket, or by polling where none gets through. */
export interface Client {
  readonly status: Store<Status>;
  /** My own row: name, role, how far I have read. */
  readonly me: LiveList<MeRow>;
  /** What I have not read, by conversation. */
  readonly unread: Store<UnreadState>;
  /** What I have not read of the mail in the list `inbox`. */
  readonly unreadMail: Store<Unread>;
  /** Who is here now; nobody while not connected. */
  readonly presence: Store<readonly Present[]>;

  /**
   * Begins, or begins again after a stop; while waiting to try again, tries now. A client is for one person: rows
   * stay for them while they sign in again. For somebody else make another client.
   */
  start(): void;
  /** Ends the connection. Rows stay as they are. */
  stop(): void;
  /** Tries now instead of at the planned moment; for the button beside "trying again". Nothing before `start`. */
  retry(): void;

  /**
   * A list, kept current while somebody listens to it. The same channel and parameters share one subscription.
   *
   * @param channel  such as `conversations` or `thread:<id>`; a list that cannot exist shows why as its error
   */
  list<Name extends Channel | (string & {})>(channel: Name, params?: ParamsOf<Name>): LiveList<RowOf<Name>>;

  /**
   * Sends a message, or writes a note, in a conversation: now, or as soon as the server can be reached. It is said
   * once, however often it has to be sent, and after what was sent there before it. Kept in memory only.
   *
   * @param draft  without `based_on` a reply is based on the conversation as an open list `conversation:<id>` shows it
   * @returns the id of its entry in {@link outbox}
   * @throws ClientError  outbox.full
   */
  send(conversationId: string, draft: DraftMessageInput): string;
  /**
   * What waits to be sent in a conversation, oldest first. Listening keeps the list `thread:<id>` current as well: an
   * entry goes in the moment in which its message shows there, so that a screen of both has each message once.
   */
  outbox(conversationId: string): Store<readonly OutboxEntry[]>;

  /**
   * I have read everything that arrived up to this offset of the log, in one conversation or everywhere. Moves
   * forward only.
   *
   * @returns the offset at which it took effect
   * @throws ClientError  connection.lost, answer.late, or what the server says
   */
  read(upTo: number, conversationId?: string): Promise<{ offset: number }>;
  /** The newest message of the conversation is unread again, for me. @throws ClientError  as {@link read} */
  markUnread(conversationId: string): Promise<{ offset: number }>;

  /**
   * Anything else that the API offers. A write carries an `Idempotency-Key`, and like a `GET` is sent again, up to
   * twice, when no answer comes; with `idempotent: false` it carries none and is sent once.
   *
   * @param path  below `/api/v1`, such as `/conversations/<id>`
   * @param body  sent as JSON; a Blob or FormData as it is
   * @returns what was answered, which nobody here checks; null where that is nothing
   * @throws ClientError  connection.lost, answer.late, or what the server says
   */
  request<T = unknown>(
    method: Method,
    path: string,
    body?: unknown,
    options?: { readonly idempotent?: boolean | undefined },
  ): Promise<T>;

  /**
   * What contacts, subjects, messages and notes hold these words, newest first, with places to highlight.
   * {@link createSearch} keeps the answers to what somebody is typing in order.
   *
   * @throws ClientError  connection.lost, answer.late, or what the server says
   */
  search(query: string, params?: SearchParams): Promise<SearchPage>;

  /**
   * Calls `listener` for each event of this name, after the lists show what it tells of, until the returned function
   * is called. Events are told live, over the socket: none of what happens while there is no connection, and none by
   * polling. What is true, the lists say.
   */
  on<Name extends EventName>(event: Name, listener: (data: EventData<Name>) => void): () => void;

  /** Who else has this channel open now, such as `thread:<id>`; told only while I have it open as well. */
  presenceIn(channel: string): Store<readonly Present[]>;
  /** User ids of who is typing in `scope`, a channel's name. */
  typing(scope: string): Store<readonly string[]>;
  /** I am typing in `scope`; to be called at every key. Told as often as needed, and only while live. */
  sendTyping(scope: string): void;

  /** What goes on inside, for people who look for a fault. Its shape may change. */
  inspect(): Inspection;
}

export interface Inspection {
  readonly state: State;
  /** Where the connection stands in the log. */
  readonly cursor: string | null;
  readonly userId: string | null;
  /** Failed attempts in a row. */
  readonly failures: number;
  readonly counters: Counters;
  readonly lists: readonly {
    readonly channel: string;
    readonly params: Readonly<Record<string, string>>;
    /** Of the parameters the address filter. */
    readonly filter: string | null;
    readonly phase: string;
    readonly listeners: number;
    readonly rows: number;
    readonly position: string | null;
  }[];
}

/** Conversations whose outbox is at hand as the same store. */
const OUTBOXES_MAX = 200;

/** Makes a client, which does nothing until `start()`. Nothing in it throws into the app or waits without a bound. */
export function createClient(options: ClientOptions): Client {
  const clock = options.clock ?? systemClock;
  const timing = { ...defaultTiming, ...options.timing };
  const report = options.onError ?? reportToPlatform;
  const random = options.random ?? systemRandom;
  const surroundings = options.surroundings ?? browserSurroundings;
  const { releaseDelayMs, tokenDeadlineMs } = timing;
  const baseUrl = options.url?.replace(/\/+$/, '') || (globalThis.location?.origin ?? '');

  const tokens = new TokenKeeper(options.getToken, clock, tokenDeadlineMs);
  const fetch: typeof globalThis.fetch = options.fetch ?? ((input, init) => globalThis.fetch(input, init));
  const rest = new Rest({ baseUrl, fetch, tokens, clock, random, timing });
  const ephemera = new Ephemera({ clock, report, releaseDelayMs, isVisible: () => surroundings.isVisible() });
  const events = new NamedEvents(report);
  const lists = new Lists({
    clock,
    report,
    releaseDelayMs,
    changed: () => upkeep.wantedChanged(),
    fetchPage: (list, before) => fetchPage(list, before),
  });
  const upkeep: Upkeep = new Upkeep({
    url: socketUrl(baseUrl),
    openSocket: options.openSocket ?? openWebSocket,
    clock,
    random,
    surroundings,
    timing,
    report,
    tokens,
    rest,
    lists,
    ephemera,
    events,
  });

  /** Over the socket where the list is current there, else over HTTP. */
  async function fetchPage(list: List, before: string): Promise<boolean> {
    const phase = () => upkeep.stream?.phaseOf(list);
    if (upkeep.stream && phase() === 'steady') return upkeep.stream.fetch(list, before);
    // One that a connection has been asked for is not moved alone either: it goes on from where the question stood.
    const isOnSocket = () => phase() === 'steady' || phase() === 'asked';
    const fits = await fetchBelow(rest, list, before, isOnSocket);
    publish([list]);
    return fits;
  }

  // What rows a channel has is the server's promise; nobody here could check it.
  const list = <Name extends string>(channel: Name, params?: ParamsOf<Name>) =>
    lists.list(channel, params) as unknown as LiveList<RowOf<Name>>;
  const me = list('me');
  const myId = () => upkeep.userId ?? me.getSnapshot().rows[0]?.id ?? null;
  const pending = new Map<string, Store<readonly OutboxEntry[]>>();

  function outbox(id: string): Store<readonly OutboxEntry[]> {
    const store = pending.get(id) ?? pendingStore(id, upkeep.outbox.slips, list(`thread:${id}`), myId);
    pending.set(id, store);
    if (pending.size > OUTBOXES_MAX) pending.delete(pending.keys().next().value as string);
    return store;
  }

  function send(id: string, draft: DraftMessageInput): string {
    const shown = list(`conversation:${id}`).getSnapshot().rows[0]?.answer_offset;
    const based = draft.based_on ?? (draft.kind === 'note' ? undefined : shown);
    return upkeep.outbox.send(id, based === undefined ? draft : { ...draft, based_on: based });
  }

  async function read(upTo: number, id?: string): Promise<{ offset: number }> {
    // A frame that the server cannot read would end the connection.
    if (!Number.isSafeInteger(upTo) || upTo < 0 || (id?.length ?? 0) > 64)
      throw new ClientError('request.invalid', 'correct', 'That is no offset, or no conversation.');
    const { state, stream } = upkeep;
    return state === 'live' && stream ? stream.read(upTo, id) : rest.read(upTo, id);
  }

  return {
    status: upkeep.board.store,
    me,
    unread: unreadStore(list('unread', { limit: limits.PAGE_MAX_ROWS }), myId),
    unreadMail: unreadMailStore(list('inbox'), me),
    presence: ephemera.presence,
    start: () => upkeep.start(),
    stop: () => upkeep.stop(),
    retry: () => {
      if (upkeep.state !== 'idle') upkeep.start();
    },
    list,
    send,
    outbox,
    read,
    markUnread: (id) =>
      rest.ask('POST', `/conversations/${encodeURIComponent(id)}/unread`, undefined, true) as Promise<{
        offset: number;
      }>,
    request: <T>(method: Method, path: string, body?: unknown, { idempotent = true } = {}) =>
      rest.ask(method, path, body, idempotent) as Promise<T>,
    search: (query, params) =>
      rest.ask('GET', searchPath(query, params), undefined, true) as Promise<SearchPage>,
    on: (event, listener) => events.on(event, listener),
    presenceIn: (channel) => ephemera.presenceIn(channel),
    typing: (scope) => ephemera.typing(scope),
    sendTyping: (scope) => ephemera.sendTyping(scope),
    inspect: () => inspect(upkeep, lists),
  };
}

function inspect({ state, stream, userId, patience, counters }: Upkeep, lists: Lists): Inspection {
  const cursor = stream?.cursor;
  return {
    state,
    cursor: cursor ? formatCursor(cursor) : null,
    userId,
    failures: patience.failures,
    counters: { ...counters },
    lists: lists.all().map((list) => ({
      channel: list.channel,
      params: list.params,
      filter: list.params.filter ?? null,
      phase: stream?.phaseOf(list) ?? 'off',
      listeners: list.listenerCount,
      rows: list.listing.rowCount,
      position: list.listing.position && formatCursor(list.listing.position),
    })),
  };
}

function reportToPlatform(error: unknown): void {
  if (typeof reportError === 'function') reportError(error);
  else console.error(error);
}
