import {
  type AccessRow,
  type Change,
  type ConversationRow,
  type EntityKind,
  Failure,
  formatArrival,
  type MemberRow,
  type MeRow,
  type MessageRow,
  type Row,
  viewOfChannel,
} from '@roost/protocol';
import type { LogEntry } from '../../commands/index.ts';
import type { Head, UnreadState, ViewPage } from '../../domain/index.ts';
import type { AccessAt, Identity, LogReader, RowsRequest } from '../needs.ts';

export const ORG = 'o1';

/** A store of one organisation in memory: what sync asks of it, answered at once or when the test says so. */
export class SmallLog implements LogReader {
  epoch = 'e1';
  oldest = 1;
  entries: LogEntry[] = [];
  readonly members = new Map<string, MemberRow>();
  /** Reads of the log so far. */
  readCount = 0;
  isBroken = false;
  /** Channels that the store opens for nobody. */
  readonly closed = new Set<string>();
  private readonly me = new Map<string, MeRow>();
  private readonly accesses = new Map<string, AccessRow>();
  private readonly messages = new Map<string, MessageRow>();
  private readonly conversations = new Map<string, ConversationRow>();
  private gate: Promise<void> = Promise.resolve();

  get offset(): number {
    return this.entries.at(-1)?.offset ?? this.oldest - 1;
  }

  deliver(...to: readonly string[]): LogEntry {
    return this.put(this.nextId, to.length > 0 ? to : ['ann@x.test']);
  }

  /** The message gains or loses recipients. */
  put(id: string, to: readonly string[]): LogEntry {
    const before = this.messages.get(id) ?? null;
    const after = { ...this.message(id), to: [...to], inbox_id: to[0]?.split('@')[1] ?? 'x' };
    this.messages.set(id, after);
    return this.append({ kind: 'message', id, before, after });
  }

  remove(id: string): LogEntry {
    const before = this.messages.get(id) ?? null;
    this.messages.delete(id);
    return this.append({ kind: 'message', id, before, after: null });
  }

  /** A contact says something in a conversation, which is there from then on. */
  say(conversationId: string, inboxId = 'x'): LogEntry {
    const id = this.nextId;
    const message: MessageRow = {
      ...this.message(id),
      via: 'api',
      inbox_id: inboxId,
      conversation_id: conversationId,
      to: [],
    };
    const before = this.conversations.get(conversationId) ?? null;
    const after = {
      ...(before ?? { id: conversationId, kind: 'contact', status: 'open', assignee_id: null, labels: [] }),
      version: this.offset + 1,
      inbox_id: inboxId,
      activity: id,
      inbound_offset: this.offset + 1,
    } as ConversationRow;
    this.messages.set(id, message);
    this.conversations.set(conversationId, after);
    return this.append(
      { kind: 'message', id, before: null, after: message },
      { kind: 'conversation', id: conversationId, before, after },
    );
  }

  /** A conversation is moved to another inbox, as far as its readers can tell. */
  move(conversationId: string, inboxId: string): LogEntry {
    const before = this.conversations.get(conversationId) as ConversationRow;
    const after = { ...before, version: this.offset + 1, inbox_id: inboxId };
    this.conversations.set(conversationId, after);
    return this.append({ kind: 'conversation', id: conversationId, before, after });
  }

  join(userId: string): LogEntry {
    const version = this.offset + 1;
    const row = { id: userId, version } as MemberRow;
    const me = { id: userId, version, read_offset: 0, read_version: version } as MeRow;
    this.members.set(userId, row);
    this.me.set(userId, me);
    const access = { id: userId, version, hidden: [], admin: false };
    this.accesses.set(userId, access);
    return this.append(
      { kind: 'member', id: userId, before: null, after: row },
      { kind: 'me', id: userId, before: null, after: me },
      { kind: 'access', id: userId, before: null, after: access },
    );
  }

  leave(userId: string): LogEntry {
    const before = this.members.get(userId) ?? null;
    const me = this.me.get(userId) ?? null;
    this.members.delete(userId);
    this.me.delete(userId);
    return this.append(
      { kind: 'member', id: userId, before, after: null },
      { kind: 'me', id: userId, before: me, after: null },
      { kind: 'access', id: userId, before: this.accessOf(userId), after: null },
    );
  }

  /** Somebody has read everything. */
  readAll(userId: string): LogEntry {
    const before = this.me.get(userId) as MeRow;
    const version = this.offset + 1;
    const after = { ...before, version, read_offset: this.offset, read_version: version };
    this.me.set(userId, after);
    return this.append({ kind: 'me', id: userId, before, after });
  }

  /** From here on these inboxes are kept from somebody, and no others. */
  hide(userId: string, ...hidden: readonly string[]): LogEntry {
    const before = this.accesses.get(userId) as AccessRow;
    const after = { id: userId, version: this.offset + 1, hidden: [...hidden].sort(), admin: false };
    this.accesses.set(userId, after);
    return this.append({ kind: 'access', id: userId, before, after });
  }

  /** Keeps only the newest entries. */
  trim(keptCount: number): void {
    this.oldest = this.offset + 1 - keptCount;
    this.entries = this.entries.slice(-keptCount);
  }

  /** Questions asked from now on are answered when the returned function is called, as of when they were asked. */
  hold(): () => void {
    let open = () => {};
    this.gate = new Promise((resolve) => {
      open = resolve;
    });
    return () => {
      this.gate = Promise.resolve();
      open();
    };
  }

  async heads(orgs: readonly string[]): Promise<readonly Head[]> {
    return this.answer(orgs.includes(ORG) ? [this.head] : []);
  }

  async read(_: string, after: number, limit: number) {
    this.readCount += 1;
    const entries = this.entries.filter(({ offset }) => offset > after).slice(0, limit);
    return this.answer({ head: this.head, entries });
  }

  async access(_: string, userId: string): Promise<AccessAt> {
    return this.answer({ epoch: this.epoch, offset: this.offset, access: this.accessOf(userId) });
  }

  async rows({ user_id }: Identity, { channel, params, before, limit }: RowsRequest): Promise<ViewPage> {
    if (!this.members.has(user_id)) throw new Failure('access.forbidden');
    if (this.closed.has(channel)) throw new Failure('conversation.unknown');
    const access = this.accessOf(user_id);
    const view = viewOfChannel(channel, params, { user_id, hidden: access.hidden });
    const keyOf = view.sortKey as (row: Row) => string;
    const includes = view.includes as (row: Row) => boolean;
    const at = { epoch: this.epoch, offset: this.offset, access_version: access.version };
    const unread = view.isTally ? this.unreadOf(user_id, includes) : undefined;
    const all = unread ? this.unreadRows(unread) : this.entitiesOf(view.kind).filter(includes);
    const shown = all
      .filter((row) => before === null || keyOf(row) < before)
      .sort((a, b) => (keyOf(a) < keyOf(b) ? 1 : -1));
    const rows = shown.slice(0, limit);
    const last = rows.at(-1);
    return this.answer({
      ...at,
      rows: rows.map((row) => JSON.stringify(row)),
      next: shown.length > limit && last ? keyOf(last) : null,
      ...(unread && { unread }),
    });
  }

  private entitiesOf(kind: EntityKind): readonly Row[] {
    const kept: Partial<Record<EntityKind, ReadonlyMap<string, Row>>> = {
      message: this.messages,
      conversation: this.conversations,
      member: this.members,
      me: this.me,
    };
    return [...(kept[kind]?.values() ?? [])];
  }

  private unreadOf(userId: string, includes: (row: Row) => boolean): UnreadState {
    const upTo = formatArrival((this.me.get(userId)?.read_offset ?? 0) + 1);
    return [...this.conversations.values()].filter(includes).flatMap(({ id, version }) => {
      const unread = [...this.messages.values()].filter(
        (message) => message.conversation_id === id && message.id >= upTo,
      );
      const first = unread.map((message) => message.id).sort()[0];
      return first === undefined ? [] : [{ id, count: unread.length, first, version }];
    });
  }

  private unreadRows(unread: UnreadState): Row[] {
    return unread.map(({ id, count, first, version }) => ({
      ...(this.conversations.get(id) as ConversationRow),
      version,
      unread: count,
      first_unread: first,
    }));
  }

  private accessOf(userId: string): AccessRow {
    return this.accesses.get(userId) ?? { id: userId, version: 0, hidden: [], admin: false };
  }

  private get nextId(): string {
    return `${formatArrival(this.offset + 1)}000chance`;
  }

  private message(id: string): MessageRow {
    const version = this.offset + 1;
    return {
      id,
      version,
      via: 'mail',
      kind: 'inbound',
      author_id: null,
      conversation_id: null,
      subject: `at ${version}`,
    } as MessageRow;
  }

  private get head(): Head {
    return { org: ORG, epoch: this.epoch, offset: this.offset, oldest: this.oldest };
  }

  private async answer<T>(value: T): Promise<T> {
    await this.gate;
    if (this.isBroken) throw new Failure('store.unavailable');
    return value;
  }

  private append(...changes: readonly Change[]): LogEntry {
    const offset = this.offset + 1;
    const entry = {
      org: ORG,
      epoch: this.epoch,
      offset,
      at: 0,
      actor: '',
      changes: JSON.stringify(changes),
    };
    this.entries.push(entry);
    return entry;
  }
}
