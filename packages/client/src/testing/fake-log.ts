import {
  type Cursor,
  type Entities,
  type EntityKind,
  formatArrival,
  formatCursor,
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
  truth(channel: string, params: Params = {}): WireRow[] {
    return this.rowsAt(viewOfChannel(channel, params, MYSELF), this.head);
  }

  page(view: View, { limit = 50 }: Params, before: string | null, offset: number) {
    const below = this.rowsAt(view, offset).filter((row) => before === null || sortKey(view, row) < before);
    const rows = below.slice(0, limit);
    const last = rows.at(-1);
    const has_more = below.length > limit;
    const next = has_more && last ? sortKey(view, last) : null;
    return { rows, next, has_more, cursor: formatCursor({ epoch: this.epoch, offset }) };
  }

  /**
   * What changed in a view after `prev` up to `upTo`, net; null when nothing did. A row that came and went in between
   * is told as deleted, because somebody may have seen it come (rule D5).
   */
  changes(view: View, prev: number, upTo: number): Changes | null {
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

  private put<Kind extends EntityKind>(kind: Kind, row: Entities[Kind]): void {
    this.write(kind, row.id, { ...row, version: this.head + 1 });
  }

  private write(kind: EntityKind, id: string, row: WireRow | null): void {
    this.head += 1;
    const name = `${kind} ${id}`;
    const history = this.histories.get(name) ?? [];
    history.push({ offset: this.head, row });
    this.histories.set(name, history);
    this.entries.push({ offset: this.head, kind, id });
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

  private rowsAt(view: View, offset: number): WireRow[] {
    const prefix = `${view.kind} `;
    const names = [...this.histories.keys()].filter((name) => name.startsWith(prefix));
    const rows = names.map((name) => this.shownIn(view, name.slice(prefix.length), offset));
    return rows
      .filter((row) => row !== null)
      .sort((one, other) => (sortKey(view, one) < sortKey(view, other) ? 1 : -1));
  }
}

function sortKey(view: View, row: WireRow): string {
  return view.sortKey(row as never);
}
