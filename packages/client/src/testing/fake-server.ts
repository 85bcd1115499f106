import {
  arrivalOffset,
  type DownFrame,
  type DraftMessageInput,
  formatCursor,
  formatEtag,
  type MessageRow,
  parseEtag,
  type UpFrameInput,
  type View,
  viewOfChannel,
} from '@roost/protocol';
import type { Clock } from '../clock.ts';
import { FakeLog, ME, type Params } from './fake-log.ts';
import type { FakeNetwork, FakeSocket } from './fake-socket.ts';

type Up<Type extends UpFrameInput['type']> = Extract<UpFrameInput, { type: Type }>;
type DeltaFrame = Extract<DownFrame, { type: 'delta' }>;

interface Subscription {
  readonly id: string;
  readonly channel: string;
  readonly params: Params;
  readonly view: View;
}

interface Reader {
  readonly socket: FakeSocket;
  readonly subscriptions: Map<string, Subscription>;
  isGreeted: boolean;
  hearsEvents: boolean;
  /** Where the whole connection stands. */
  at: number;
  cancelPump: (() => void) | null;
}

const NETWORK_MS = 5;
/** Cuts a reader may be behind and still get them one by one. */
const APART_MAX = 3;

/** Serves a log as the real server does: by socket, and over HTTP. */
export class FakeServer {
  private readonly readers = new Set<Reader>();
  readonly log = new FakeLog(() => this.pumpAll());
  /** Tokens it takes. */
  readonly tokens = new Set(['token-1']);
  userId = ME;
  /** Inboxes kept from who asks. */
  hidden: string[] = [];
  socketsAllowed = true;
  /** What dials and requests meet: nothing, a refusal, or silence. */
  weather: 'fair' | 'refused' | 'silent' = 'fair';
  httpWeather: 'fair' | 'refused' | 'silent' = 'fair';
  /** Requests are answered by a node that is this many changes behind. */
  httpLag = 0;
  /** How long after a write its answer leaves; what is told of it may be faster. */
  answerDelayMs = 0;
  /** Writes take effect, and their answers get lost. */
  losesAnswers = false;
  /** What every message is refused with. */
  refusal: { code: string; remedy: 'correct' | 'retry' | 'give-up' } | null = null;
  /** Cursors from before this are of no use to who asks: what they may see has changed. */
  private accessOffset = 0;
  /** What was said by its id: the same again is said once. */
  private readonly said = new Map<string, { offset: number; message_id: string }>();
  /** Messages that came, with those that were said before. */
  readonly letters: string[] = [];
  /** Tokens shown on open connections. */
  readonly shownTokens: string[] = [];
  /** Requests over HTTP: what was asked, and how it was answered. */
  readonly requests: { url: string; status: number }[] = [];

  constructor(
    private readonly clock: Clock,
    network: FakeNetwork,
  ) {
    network.dialled = (socket) => this.dialled(socket);
  }

  // Faults

  cutAll(code = 1006): void {
    for (const reader of [...this.readers]) this.cut(reader, code);
  }

  /** The process is gone: connections break, and nothing answers. */
  die(): void {
    this.weather = this.httpWeather = 'refused';
    this.cutAll();
  }

  /** Sockets do not pass, while plain requests do. */
  blockSockets(): void {
    this.weather = 'refused';
    this.cutAll();
  }

  recover(): void {
    this.weather = this.httpWeather = 'fair';
  }

  /** Connections stay open and say nothing more. */
  freezeAll(): void {
    for (const reader of this.readers) this.forget(reader);
  }

  drainAll(retryAfterMs: number): void {
    for (const reader of [...this.readers]) {
      this.send(reader, { type: 'drain', retry_after_ms: retryAfterMs });
      this.cut(reader, 1012);
    }
  }

  /** The log begins anew, as after a restored backup: rows stay, every older cursor is void. */
  restore(epoch: string): void {
    this.cutAll();
    this.log.epoch = epoch;
  }

  /** What may be seen changes: every open channel is opened anew (rule A2). */
  hide(...inboxes: string[]): void {
    this.hidden = inboxes;
    this.log.grant(inboxes);
    this.accessOffset = this.log.head;
    for (const reader of this.readers) {
      if (!reader.isGreeted) continue;
      const frames = [...reader.subscriptions.values()].map(({ id, channel, params }) => {
        reader.subscriptions.delete(id);
        return this.opened(reader, id, channel, params, null);
      });
      reader.at = this.log.head;
      if (frames.length > 1) this.send(reader, { type: 'batch', frames: frames.length });
      for (const frame of frames) this.send(reader, frame);
    }
  }

  refuseTokens(...fresh: string[]): void {
    this.tokens.clear();
    for (const token of fresh) this.tokens.add(token);
  }

  tellAll(...frames: DownFrame[]): void {
    for (const { socket } of [...this.readers]) socket.receive(...frames);
  }

  /** A named event, for those who subscribed to such. */
  happen(event: Extract<DownFrame, { type: 'event' }>): void {
    for (const reader of [...this.readers]) if (reader.hearsEvents) this.send(reader, event);
  }

  get readerCount(): number {
    return this.readers.size;
  }

  // Socket

  private dialled(socket: FakeSocket): void {
    if (this.weather === 'silent') return;
    this.clock.after(NETWORK_MS, () => {
      if (this.weather === 'refused') {
        socket.drop();
        return;
      }
      const reader = {
        socket,
        subscriptions: new Map(),
        isGreeted: false,
        hearsEvents: false,
        at: 0,
        cancelPump: null,
      };
      this.readers.add(reader);
      socket.onFrame = (frame) => void this.clock.after(NETWORK_MS, () => this.take(reader, frame));
      socket.open();
    });
  }

  private take(reader: Reader, frame: UpFrameInput): void {
    if (reader.socket.isClosed) this.forget(reader);
    if (!this.readers.has(reader)) return;
    switch (frame.type) {
      case 'hello':
        this.greet(reader, frame);
        break;
      case 'subscribe':
        this.subscribe(reader, frame);
        break;
      case 'unsubscribe':
        reader.subscriptions.delete(frame.id);
        if (frame.id === 'events') reader.hearsEvents = false;
        break;
      case 'fetch':
        this.fetchPage(reader, frame);
        break;
      case 'read':
        this.read(frame.up_to, frame.conversation_id);
        this.send(reader, { type: 'ack', id: frame.id, offset: this.log.head });
        break;
      case 'send': {
        const { type: _, id, conversation_id, ...draft } = frame;
        const told = this.say(id, conversation_id, draft);
        const failed = 'code' in told;
        this.answer(
          reader,
          failed ? { type: 'error', id, message: `${told.code}.`, ...told } : { type: 'ack', id, ...told },
        );
        break;
      }
      case 'auth':
        this.shownTokens.push(frame.token);
        if (this.tokens.has(frame.token)) this.send(reader, { type: 'ack', id: frame.id, offset: 0 });
        else this.refuse(reader, 'token.invalid', 'sign-in', 4002, frame.id);
        break;
      case 'presence':
      case 'typing':
      case 'pong':
        break;
    }
  }

  private greet(reader: Reader, hello: Up<'hello'>): void {
    if (!this.socketsAllowed) {
      this.refuse(reader, 'sockets.disabled', 'give-up', 1000);
      return;
    }
    if (!this.tokens.has(hello.token ?? '')) {
      this.refuse(reader, 'token.invalid', 'sign-in', 4002);
      return;
    }
    const { head } = this.log;
    const cursor = this.known(hello.cursor);
    const frames: DownFrame[] = [];
    for (const { id, channel, params = {} } of hello.subscriptions ?? []) {
      if (channel === 'events') {
        reader.hearsEvents = true;
        continue;
      }
      const frame = this.opened(reader, id, channel, params as Params, cursor);
      if (!cursor || frame.type !== 'delta' || !isEmpty(frame)) frames.push(frame);
    }
    reader.at = head;
    reader.isGreeted = true;
    this.send(reader, {
      type: 'connected',
      user_id: this.userId,
      org_id: 'o1',
      cursor: this.log.cursor,
      heartbeat_ms: 25_000,
      frames: frames.length,
    });
    for (const frame of frames) this.send(reader, frame);
    this.heartbeat(reader);
  }

  private heartbeat(reader: Reader): void {
    this.clock.after(25_000, () => {
      if (!this.readers.has(reader)) return;
      this.send(reader, { type: 'ping', cursor: formatCursor({ epoch: this.log.epoch, offset: reader.at }) });
      this.heartbeat(reader);
    });
  }

  private subscribe(reader: Reader, { id, channel, params = {}, cursor }: Up<'subscribe'>): void {
    if (channel === 'events') {
      reader.hearsEvents = true;
      return;
    }
    if (channel === 'presence') {
      this.send(reader, { type: 'presence', user_id: 'u2', state: 'online', lifetime_ms: 50_000 });
      return;
    }
    this.send(reader, this.opened(reader, id, channel, params as Params, this.known(cursor)));
  }

  /** Opens a channel. As the real one, an answer reaches to the head, where the rest of the connection may not be yet. */
  private opened(
    reader: Reader,
    id: string,
    channel: string,
    params: Params,
    cursor: { offset: number } | null,
  ): DownFrame {
    const subscription = this.subscriptionOf(id, channel, params);
    if (!this.maySee(subscription.view))
      return {
        type: 'error',
        id,
        code: 'conversation.unknown',
        message: 'There is no such conversation.',
        remedy: 'give-up',
      };
    reader.subscriptions.set(id, subscription);
    // A fold is told whole.
    if (cursor === null || subscription.view.isTally) return this.snapshot(subscription);
    const { head } = this.log;
    return (
      this.delta(subscription, cursor.offset, head) ?? this.emptyDelta(subscription, cursor.offset, head)
    );
  }

  private maySee({ isGuarded, channel }: View): boolean {
    if (!isGuarded) return true;
    const conversation = this.log.conversation(channel.slice(channel.indexOf(':') + 1));
    return conversation !== null && !this.hidden.includes(conversation.inbox_id ?? '');
  }

  private known(cursor: string | null | undefined) {
    const known = this.log.known(cursor);
    return known && known.offset >= this.accessOffset ? known : null;
  }

  private read(upTo: number, conversationId: string | undefined): void {
    if (conversationId === undefined) this.log.readUpTo(upTo);
    else this.log.readIn(conversationId, upTo);
  }

  /** Says a message once for each id. */
  private say(id: string, conversationId: string, draft: DraftMessageInput) {
    this.letters.push(`${id} ${draft.text}`);
    const known = this.said.get(id);
    if (known) return known;
    const conversation = this.log.conversation(conversationId);
    if (this.refusal) return this.refusal;
    if (!conversation) return { code: 'conversation.unknown', remedy: 'give-up' } as const;
    if (draft.kind !== 'note' && !draft.override && (draft.based_on ?? 0) < conversation.answer_offset) {
      const about = { answer_offset: conversation.answer_offset };
      const news = this.log
        .truth(`thread:${conversationId}`)
        .filter((row) => row.author_id !== ME && arrivalOffset(row.id) > (draft.based_on ?? 0));
      if (news.length > 0) return { code: 'conversation.moved', remedy: 'correct', about } as const;
    }
    const kind: MessageRow['kind'] = draft.kind === 'note' ? 'note' : 'outbound';
    const message_id = this.log.say(conversationId, { kind, author_id: this.userId, text: draft.text ?? '' });
    const told = { offset: this.log.head, message_id };
    this.said.set(id, told);
    return told;
  }

  private answer(reader: Reader, frame: DownFrame): void {
    if (this.losesAnswers) this.cut(reader, 1006);
    else if (this.answerDelayMs === 0) this.send(reader, frame);
    else
      this.clock.after(this.answerDelayMs, () => {
        if (this.readers.has(reader)) this.send(reader, frame);
      });
  }

  private fetchPage(reader: Reader, { id, channel, params }: Up<'fetch'>): void {
    const { before, ...rest } = params;
    const view = viewOfChannel(channel, rest, this.viewer);
    // As of where this reader stands, and not where the log is.
    this.send(reader, {
      type: 'page',
      id,
      channel,
      ...this.log.page(view, rest as Params, before, reader.at),
    });
  }

  private pumpAll(): void {
    for (const reader of this.readers) this.pump(reader);
  }

  /**
   * What a reader has not seen leaves once the network is free: cut by cut, the same bytes for everybody, so that a
   * list subscribed a moment ago is told again what its snapshot held; or as one when there is much of it.
   */
  private pump(reader: Reader): void {
    reader.cancelPump ??= this.clock.after(NETWORK_MS, () => {
      reader.cancelPump = null;
      if (!reader.isGreeted) return;
      const step = this.log.head - reader.at > APART_MAX ? this.log.head - reader.at : 1;
      while (reader.at < this.log.head && this.readers.has(reader)) this.sendCut(reader, reader.at + step);
    });
  }

  private sendCut(reader: Reader, upTo: number): void {
    const deltas = [...reader.subscriptions.values()].map((each) => this.delta(each, reader.at, upTo));
    const frames = deltas.filter((delta) => delta !== null);
    reader.at = upTo;
    if (frames.length > 1) this.send(reader, { type: 'batch', frames: frames.length });
    for (const frame of frames) this.send(reader, frame);
  }

  private refuse(
    reader: Reader,
    code: string,
    remedy: 'sign-in' | 'give-up',
    close: number,
    id?: string,
  ): void {
    this.send(reader, { type: 'error', ...(id && { id }), code, message: `Refused: ${code}.`, remedy });
    this.cut(reader, close);
  }

  private cut(reader: Reader, code: number): void {
    this.forget(reader);
    reader.socket.drop(code);
  }

  private forget(reader: Reader): void {
    this.readers.delete(reader);
    reader.cancelPump?.();
  }

  private send({ socket }: Reader, frame: DownFrame): void {
    socket.receive(frame);
  }

  private delta(subscription: Subscription, prev: number, upTo: number): DeltaFrame | null {
    const changes = this.log.changes(subscription.view, prev, upTo);
    return changes && { ...this.emptyDelta(subscription, prev, upTo), ...changes };
  }

  private emptyDelta({ view }: Subscription, prev: number, offset: number): DeltaFrame {
    const named = view.key === view.channel ? {} : { key: view.key };
    const nothing = { added: [], updated: [], deleted: [] };
    const etag = formatEtag({ epoch: this.log.epoch, offset });
    return { type: 'delta', channel: view.channel, ...named, prev, offset, ...nothing, etag };
  }

  private snapshot({ id, channel, view, params }: Subscription): DownFrame {
    const page = this.log.page(view, params, null, this.log.head);
    return { type: 'snapshot', id, channel, ...page, etag: `"${this.log.cursor}"` };
  }

  private subscriptionOf(id: string, channel: string, params: Params): Subscription {
    const view = viewOfChannel(channel, params, this.viewer);
    return { id, channel, params, view };
  }

  // HTTP

  readonly fetch: typeof globalThis.fetch = async (input, init) => {
    const url = String(input);
    if (this.httpWeather === 'silent') return new Promise(() => {});
    await new Promise<void>((resolve) => void this.clock.after(NETWORK_MS, resolve));
    if (this.httpWeather === 'refused') throw new TypeError('fetch failed');
    const response = this.respond(
      url,
      new Headers(init?.headers),
      init?.method === 'POST' ? init.body : null,
    );
    this.requests.push({ url, status: response.status });
    if (init?.method === 'POST') {
      if (this.losesAnswers) throw new TypeError('fetch failed');
      await new Promise<void>((resolve) => void this.clock.after(this.answerDelayMs, resolve));
    }
    return response;
  };

  private respond(url: string, headers: Headers, body: unknown): Response {
    const { pathname, searchParams } = new URL(url, 'http://roost.test');
    if (!this.tokens.has((headers.get('Authorization') ?? '').replace('Bearer ', '')))
      return problem(401, 'token.invalid', 'sign-in');
    if (pathname === '/api/v1/me/read') {
      this.log.readUpTo((JSON.parse(String(body)) as { up_to: number }).up_to);
      return Response.json({ offset: this.log.head });
    }
    const [word = '', id, part] = pathname.replace('/api/v1/', '').split('/');
    const written = typeof body === 'string' ? JSON.parse(body) : {};
    if (id && part === 'messages' && body !== null && body !== undefined) {
      const told = this.say(headers.get('Idempotency-Key') ?? '', id, written);
      return 'code' in told
        ? problem(409, told.code, told.remedy, 'about' in told ? told.about : undefined)
        : Response.json(told, { status: 201 });
    }
    if (id && part === 'read') {
      this.read(written.up_to, id);
      return Response.json({ offset: this.log.head });
    }
    const { limit, before: _, since: __, ...others } = Object.fromEntries(searchParams);
    const params: Params = { ...others, limit: Number(limit ?? 50) };
    const view = viewOfChannel(channelAt(word, id, part), params, this.viewer);
    if (!this.maySee(view)) return problem(404, 'conversation.unknown', 'give-up');
    const since = searchParams.get('since');
    return since === null
      ? this.page(view, params, searchParams.get('before'))
      : this.since(view, since, headers.get('If-None-Match') ?? '');
  }

  private page(view: View, params: Params, before: string | null): Response {
    const page = this.log.page(view, params, before, this.httpHead);
    if (view.channel.startsWith('message:') && page.rows.length === 0)
      return problem(404, 'message.unknown', 'give-up');
    return Response.json(page, { headers: this.etag });
  }

  private since(view: View, since: string, etag: string): Response {
    const cursor = this.known(since);
    if (cursor === null || cursor.offset > this.httpHead) return problem(410, 'cursor.unknown', 'resync');
    if (parseEtag(etag)?.offset !== cursor.offset) return problem(400, 'request.malformed', 'correct');
    const changes = this.log.changes(view, cursor.offset, this.httpHead);
    if (changes === null) return new Response(null, { status: 304, headers: this.etag });
    const place = { prev: cursor.offset, offset: this.httpHead, cursor: formatCursor(this.httpCursor) };
    return Response.json({ ...place, ...changes }, { headers: this.etag });
  }

  private get viewer() {
    return { user_id: this.userId, hidden: this.hidden };
  }

  private get httpHead(): number {
    return Math.max(1, this.log.head - this.httpLag);
  }

  private get httpCursor() {
    return { epoch: this.log.epoch, offset: this.httpHead };
  }

  private get etag() {
    return { ETag: formatEtag(this.httpCursor) };
  }
}

function channelAt(word: string, id: string | undefined, part: string | undefined): string {
  if (id === undefined) return word.replace('-', '_');
  return part === undefined ? `${word.slice(0, -1)}:${id}` : `${part === 'messages' ? 'thread' : part}:${id}`;
}

function isEmpty({ added, updated, deleted }: DeltaFrame): boolean {
  return added.length + updated.length + deleted.length === 0;
}

function problem(status: number, code: string, remedy: string, about?: object): Response {
  const body = { type: 'about:blank', title: code, status, code, detail: `${code}.`, remedy, about };
  return Response.json(body, { status, headers: { 'Content-Type': 'application/problem+json' } });
}
