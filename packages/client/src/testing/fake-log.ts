import {
  arrivalOffset,
  type ConversationRow,
  type Cursor,
  type Entities,
  type EntityKind,
  formatArrival,
  formatCursor,
  limits,
  type MeRow,
  type MessageRow,
  parseCursor,
  type View,
  type Viewer,
  viewOfChannel,
} from '@roost/protocol';

/** A row as frames carry it. */
export type WireRow = { [field: string]: unknown; id: string; version: number };
export type Params = Record<string, unknown> & { limit?: number };

export interface Changes {
  added: WireRow[];
  updated: WireRow[];
  deleted: string[];
}

export const ME = 'u1';
export const MYSELF: Viewer = { user_id: ME, hidden: [] };

const BLANK_MESSAGE = {
  conversation_id: null,
  via: 'mail',
  kind: 'inbound',
  author_id: null,
  received_at: '2026-01-20T10:00:00.000Z',
  from: 'Ann <ann@example.org>',
  to: [],
  subject: '',
  snippet: '',
  text: null,
  parts: [],
  reply_to: null,
  reactions: [],
  status: null,
  error: null,
  size_bytes: 1,
  attachment_count: 0,
  problem: null,
} satisfies Partial<MessageRow>;

const BLANK_CONVERSATION = {
  kind: 'contact',
  inbox_id: 'i1',
  contact: null,
  participants: [],
  subject: '',
  status: 'open',
  snoozed_until: null,
  resolved_at: null,
  assignee_id: null,
  labels: [],
  last_message: null,
  last_activity_at: '2026-01-20T10:00:00.000Z',
  activity: '',
  answer_offset: 0,
  inbound_offset: 0,
  reply_until: null,
  created_at: '2026-01-20T10:00:00.000Z',
} satisfies Partial<ConversationRow>;

type Said = Pick<MessageRow, 'text'> & Partial<MessageRow>;

/** One organisation's log in memory, with every state that every entity was ever in. */
export class FakeLog {
  epoch = 'e1';
  head = 0;
  /** Cursors before this are no longer in the log. */
  oldest = 0;
  private readonly entries: { offset: number; kind: EntityKind; id: string }[] = [];
  private readonly histories = new Map<string, { offset: number; row: WireRow | null }[]>();

  constructor(private readonly written: () => void) {
    this.put('me', {
      id: ME,
      version: 0,
      email: 'ana@example.org',
      name: 'Ana',
      role: 'owner',
      read_offset: 0,
      read_version: 0,
    });
  }

  get cursor(): string {
    return formatCursor({ epoch: this.epoch, offset: this.head });
  }

  /** A message arrives. @returns its id */
  deliver(subject: string, to = 'bob@example.org'): string {
    const id = `${formatArrival(this.head + 1)}x`;
    this.put('message', {
      id,
      version: 0,
      ...BLANK_MESSAGE,
      inbox_id: 'i1',
      to: [to],
      subject,
    });
    return id;
  }

  /** A conversation as it is now; made when there is none. */
  change(id: string, changes: Partial<ConversationRow> = {}): ConversationRow {
    const known = this.stateOf('conversation', id, this.head) as unknown as ConversationRow | null;
    const row = { ...BLANK_CONVERSATION, activity: formatArrival(this.head + 1), ...known, ...changes, id };
    this.put('conversation', { ...row, version: 0 });
    return { ...row, version: this.head };
  }

  conversation(id: string): ConversationRow | null {
    return this.stateOf('conversation', id, this.head) as unknown as ConversationRow | null;
  }

  /** Somebody says something in a conversation: from outside unless told otherwise. @returns the message's id */
  say(conversationId: string, said: Said): string {
    const offset = this.head + 1;
    const id = `${formatArrival(offset)}y`;
    const conversation = this.conversation(conversationId);
    if (!conversation) throw new Error(`There is no conversation ${conversationId}.`);
    const row: MessageRow = {
      ...BLANK_MESSAGE,
      via: 'api',
      ...said,
      id,
      version: offset,
      inbox_id: conversation.inbox_id,
      conversation_id: conversationId,
    };
    const isInbound = row.kind === 'inbound';
    const moved = {
      ...conversation,
      version: offset,
      activity: id,
      answer_offset: row.kind === 'note' ? conversation.answer_offset : offset,
      inbound_offset: isInbound ? offset : conversation.inbound_offset,
    };
    this.commit([
      { kind: 'message', id, row },
      { kind: 'conversation', id: conversationId, row: moved },
    ]);
    return id;
  }

  /** What I may see changes. */
  grant(hidden: string[]): void {
    this.put('access', { id: ME, version: 0, hidden, admin: false });
  }

  /** I have read a conversation up to an offset. */
  readIn(conversationId: string, offset: number): void {
    const id = `${conversationId}:${ME}`;
    const row = { id, version: 0, conversation_id: conversationId, user_id: ME, offset };
    this.put('read', { ...row, unread: 0, first_unread: null });
  }

  edit(id: string, changes: Partial<MessageRow>): void {
    const row = this.stateOf('message', id, this.head) as unknown as MessageRow;
    this.put('message', { ...row, ...changes });
  }

  remove(id: string): void {
    this.write('message', id, null);
  }

  readUpTo(offset: number): void {
    const row = this.stateOf('me', ME, this.head) as unknown as MeRow;
    this.put('me', { ...row, read_offset: offset, read_version: this.head + 1 });
  }

  /** What a fresh snapshot of everything would show. */
  truth(channel: string, params: Params = {}, viewer = MYSELF): WireRow[] {
    return this.rowsAt(viewOfChannel(channel, params, viewer), this.head);
  }

  page(view: View, { limit = 50 }: Params, before: string | null, offset: number) {
    const below = this.rowsAt(view, offset).filter((row) => before === null || sortKey(view, row) < before);
    // A fold is told whole.
    const count = view.isTally ? limits.UNREAD_MAX_ROWS : limit;
    const rows = below.slice(0, count);
    const last = rows.at(-1);
    const has_more = below.length > count;
    const next = has_more && last ? sortKey(view, last) : null;
    return { rows, next, has_more, cursor: formatCursor({ epoch: this.epoch, offset }) };
  }

  /**
   * What changed in a view after `prev` up to `upTo`, net; null when nothing did. A row that came and went in between
   * is told as deleted, because somebody may have seen it come (rule D5).
   */
  changes(view: View, prev: number, upTo: number): Changes | null {
    if (view.isTally) return this.tallyChanges(view, prev, upTo);
    const changes: Changes = { added: [], updated: [], deleted: [] };
    const touched = this.entries.filter(
      ({ offset, kind }) => offset > prev && offset <= upTo && kind === view.kind,
    );
    for (const id of new Set(touched.map((entry) => entry.id))) {
      const was = this.shownIn(view, id, prev);
      const is = this.shownIn(view, id, upTo);
      const wasEver = touched.some((entry) => entry.id === id && this.shownIn(view, id, entry.offset));
      if (is) changes[was ? 'updated' : 'added'].push(is);
      else if (was || wasEver) changes.deleted.push(id);
    }
    const isEmpty = changes.added.length + changes.updated.length + changes.deleted.length === 0;
    return isEmpty ? null : changes;
  }

  /** The cursor, if the log still reaches back to it. */
  known(text: string | null | undefined): Cursor | null {
    const cursor = text ? parseCursor(text) : null;
    if (cursor?.epoch !== this.epoch) return null;
    return cursor.offset >= this.oldest && cursor.offset <= this.head ? cursor : null;
  }

  private tallyChanges(view: View, prev: number, upTo: number): Changes | null {
    const was = new Map(this.rowsAt(view, prev).map((row) => [row.id, row]));
    const is = this.rowsAt(view, upTo);
    const changed = is.filter((row) => JSON.stringify(row) !== JSON.stringify(was.get(row.id)));
    const added = changed.filter(({ id }) => !was.has(id));
    const updated = changed.filter(({ id }) => was.has(id));
    const deleted = [...was.keys()].filter((id) => !is.some((row) => row.id === id));
    return added.length + updated.length + deleted.length === 0 ? null : { added, updated, deleted };
  }

  /** A conversation with what is unread in it at an offset; null when nothing is. */
  private unreadOf(conversation: WireRow, offset: number): WireRow | null {
    const me = this.stateOf('me', ME, offset);
    const read = this.stateOf('read', `${conversation.id}:${ME}`, offset);
    const readOffset = Math.max(Number(me?.read_offset ?? 0), Number(read?.offset ?? 0));
    const messages = this.allAt('message', offset).filter((row) => row.conversation_id === conversation.id);
    const unread = messages.filter((row) => row.kind === 'inbound' && arrivalOffset(row.id) > readOffset);
    const versions = [conversation, me, read, ...messages].map((row) => row?.version ?? 0);
    const [first] = unread.map(({ id }) => id).sort();
    if (first === undefined) return null;
    return { ...conversation, version: Math.max(...versions), unread: unread.length, first_unread: first };
  }

  private put<Kind extends EntityKind>(kind: Kind, row: Entities[Kind]): void {
    this.write(kind, row.id, { ...row, version: this.head + 1 });
  }

  private write(kind: EntityKind, id: string, row: WireRow | null): void {
    this.commit([{ kind, id, row }]);
  }

  private commit(changes: readonly { kind: EntityKind; id: string; row: WireRow | null }[]): void {
    this.head += 1;
    for (const { kind, id, row } of changes) {
      const name = `${kind} ${id}`;
      const history = this.histories.get(name) ?? [];
      history.push({ offset: this.head, row });
      this.histories.set(name, history);
      this.entries.push({ offset: this.head, kind, id });
    }
    this.written();
  }

  private stateOf(kind: EntityKind, id: string, offset: number): WireRow | null {
    let state: WireRow | null = null;
    for (const step of this.histories.get(`${kind} ${id}`) ?? []) if (step.offset <= offset) state = step.row;
    return state;
  }

  private shownIn(view: View, id: string, offset: number): WireRow | null {
    const row = this.stateOf(view.kind, id, offset);
    return row && view.includes(row as never) ? row : null;
  }

  private allAt(kind: EntityKind, offset: number): WireRow[] {
    const prefix = `${kind} `;
    const names = [...this.histories.keys()].filter((name) => name.startsWith(prefix));
    const rows = names.map((name) => this.stateOf(kind, name.slice(prefix.length), offset));
    return rows.filter((row) => row !== null);
  }

  private rowsAt(view: View, offset: number): WireRow[] {
    const shown = this.allAt(view.kind, offset).filter((row) => view.includes(row as never));
    const rows = view.isTally ? shown.map((row) => this.unreadOf(row, offset)) : shown;
    return rows
      .filter((row) => row !== null)
      .sort((one, other) => (sortKey(view, one) < sortKey(view, other) ? 1 : -1));
  }
}

function sortKey(view: View, row: WireRow): string {
  return view.sortKey(row as never);
}
