import type {
  Client,
  DraftMessageInput,
  EventData,
  EventName,
  ListParams,
  ListState,
  LiveList,
  MeRow,
  OutboxEntry,
  Present,
  Row,
  RowOf,
  Status,
  Store,
  Unread,
  UnreadState,
} from '@roost/client';

/** A store whose value the test sets. */
export class FakeStore<T> implements Store<T> {
  private readonly listeners = new Set<() => void>();

  constructor(private value: T) {}

  readonly getSnapshot = (): T => this.value;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  get listenerCount(): number {
    return this.listeners.size;
  }

  set(value: T): void {
    this.value = value;
    for (const listener of [...this.listeners]) listener();
  }
}

const unknown: ListState<never> = {
  rows: [],
  hasMore: false,
  isLoading: true,
  isFetchingMore: false,
  error: null,
  cursor: null,
};

/** A list whose state the test sets. */
export class FakeList extends FakeStore<ListState> implements LiveList {
  fetchCount = 0;

  constructor() {
    super(unknown);
  }

  show(rows: readonly Row[], more: Partial<ListState> = {}): void {
    this.set({ ...unknown, isLoading: false, rows, ...more });
  }

  async fetchMore(): Promise<void> {
    this.fetchCount += 1;
  }
}

/** A client that is nothing but its stores. */
export class FakeClient implements Client {
  readonly status = new FakeStore<Status>({
    state: 'live',
    reason: 'Live.',
    since: 1,
    lastCurrentAt: null,
    retryAt: null,
  });
  readonly unreadMail = new FakeStore<Unread>({ count: 0, atLeast: false });
  readonly unread = new FakeStore<UnreadState>({
    conversations: 0,
    messages: 0,
    atLeast: false,
    of: () => 0,
    inInbox: () => ({ conversations: 0, messages: 0 }),
    inView: () => ({ conversations: 0, messages: 0 }),
    direct: { conversations: 0, messages: 0 },
  });
  readonly presence = new FakeStore<readonly Present[]>([]);
  readonly sent: { readonly conversationId: string; readonly draft: DraftMessageInput }[] = [];
  readonly typed: string[] = [];
  private readonly outboxes = new Map<string, FakeStore<readonly OutboxEntry[]>>();
  private readonly scopes = new Map<string, FakeStore<readonly Present[]>>();
  private readonly typists = new Map<string, FakeStore<readonly string[]>>();
  readonly lists = new Map<string, FakeList>();

  /** The list of a name as `inbox`, `inbox?bob` or `message:1`. */
  of(name: string): FakeList {
    const list = this.lists.get(name) ?? new FakeList();
    this.lists.set(name, list);
    return list;
  }

  list<Name extends string>(channel: Name, params: ListParams = {}): LiveList<RowOf<Name>> {
    const said = Object.entries(params).filter(([name, value]) => name !== 'limit' && value !== undefined);
    const name = [channel, ...said.map(([, value]) => value)].join('?');
    return this.of(name) as unknown as LiveList<RowOf<Name>>;
  }

  get me(): LiveList<MeRow> {
    return this.list('me');
  }

  outbox(conversationId: string): FakeStore<readonly OutboxEntry[]> {
    return kept(this.outboxes, conversationId);
  }

  presenceIn(channel: string): FakeStore<readonly Present[]> {
    return kept(this.scopes, channel);
  }

  typing(scope: string): FakeStore<readonly string[]> {
    return kept(this.typists, scope);
  }

  send(conversationId: string, draft: DraftMessageInput): string {
    return `m${this.sent.push({ conversationId, draft })}`;
  }

  start(): void {}
  stop(): void {}
  retry(): void {}

  sendTyping(scope: string): void {
    this.typed.push(scope);
  }

  async read(): Promise<{ offset: number }> {
    return { offset: 0 };
  }

  async markUnread(): Promise<{ offset: number }> {
    return { offset: 0 };
  }

  readonly hearing: { readonly event: EventName; readonly tell: (data: unknown) => void }[] = [];

  on<Name extends EventName>(event: Name, listener: (data: EventData<Name>) => void): () => void {
    const entry = { event, tell: listener as (data: unknown) => void };
    this.hearing.push(entry);
    return () => void this.hearing.splice(this.hearing.indexOf(entry), 1);
  }

  happen<Name extends EventName>(event: Name, data: EventData<Name>): void {
    for (const each of [...this.hearing]) if (each.event === event) each.tell(data);
  }

  search(): never {
    throw new Error('Not asked for here.');
  }

  request(): never {
    throw new Error('Not asked for here.');
  }

  inspect(): never {
    throw new Error('Not asked for here.');
  }
}

function kept<T>(stores: Map<string, FakeStore<readonly T[]>>, name: string): FakeStore<readonly T[]> {
  const store = stores.get(name) ?? new FakeStore<readonly T[]>([]);
  stores.set(name, store);
  return store;
}
