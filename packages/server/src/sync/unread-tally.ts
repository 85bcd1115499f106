import type { Change, ConversationRow, MeRow, MessageRow, ReadRow, UnreadRow, View } from '@roost/protocol';
import type { UnreadState } from '../domain/index.ts';
import type { Entry } from './entry.ts';
import type { ViewDelta } from './view-delta.ts';

interface Unread {
  readonly count: number;
  /** Id of the first unread message. */
  readonly first: string;
  readonly version: number;
}

/**
 * What one member has not read, folded from the log (rule U2): a message to a team is one entry, whatever number of
 * people have not read it. A conversation that is not here has been read to its end.
 */
export class UnreadTally {
  private readonly byId: Map<string, Unread>;

  /** @param state  as the store had it where the fold begins */
  constructor(
    private readonly userId: string,
    private readonly view: View<'conversation'>,
    state: UnreadState,
  ) {
    this.byId = new Map(state.map(({ id, ...unread }) => [id, unread]));
  }

  /** What an entry did to it; null when nothing; `unknown` when only the store can tell. */
  fold({ changes, offset }: Entry): ViewDelta | 'unknown' | null {
    const rows = new Map<string, ConversationRow | null>();
    const had = new Map<string, boolean>();
    const touch = (id: string) => {
      if (!had.has(id)) had.set(id, this.byId.has(id));
    };
    for (const change of changes) {
      if (change.kind !== 'conversation') continue;
      const { id, before, after } = change as Change<'conversation'>;
      const wasSeen = before !== null && this.view.includes(before);
      const isSeen = after !== null && this.view.includes(after);
      if (before !== null && isSeen && !wasSeen) return 'unknown';
      if (!wasSeen && !isSeen) continue;
      rows.set(id, isSeen ? after : null);
      // Told only because of something that happened to somebody else in it.
      if (before?.version === after?.version) continue;
      touch(id);
      if (!isSeen) this.byId.delete(id);
    }
    for (const change of changes) {
      if (change.kind === 'message') {
        const { before, after } = change as Change<'message'>;
        const id = (after ?? before)?.conversation_id;
        if (!id || !rows.get(id)) continue;
        if (!this.foldMessage(id, before, after, offset)) return 'unknown';
      } else if (change.kind === 'read') {
        const row = change.after as ReadRow | null;
        if (row?.user_id !== this.userId) continue;
        touch(row.conversation_id);
        this.put(row.conversation_id, row.unread, row.first_unread, offset);
      } else if (change.kind === 'me' && change.id === this.userId) {
        const { before, after } = change as Change<'me'>;
        if (hasReadAll(before, after) && this.byId.size > 0) return 'unknown';
      }
    }
    return this.deltaOf(had, rows);
  }

  /** A row as of where the fold stands, from what is known of its conversation; null when there is nothing unread in it. */
  rowOf(conversation: ConversationRow): UnreadRow | null {
    const unread = this.byId.get(conversation.id);
    if (!unread) return null;
    const version = Math.max(conversation.version, unread.version);
    return unreadRow(conversation, version, unread);
  }

  /** @returns false when the store must be asked what the first unread message now is */
  private foldMessage(
    id: string,
    before: MessageRow | null,
    after: MessageRow | null,
    offset: number,
  ): boolean {
    const known = this.byId.get(id);
    // It arrived when it arrived, and joins the conversation only now: what of it is unread is not told by its place.
    if (before && after && before.conversation_id !== after.conversation_id && this.counts(after))
      return false;
    if (before === null && after !== null && this.counts(after))
      this.byId.set(id, {
        count: (known?.count ?? 0) + 1,
        first: known?.first ?? after.id,
        version: offset,
      });
    if (before === null || after !== null || !this.counts(before) || !known || before.id < known.first)
      return true;
    if (known.count > 1 && before.id === known.first) return false;
    this.put(id, known.count - 1, known.first, offset);
    return true;
  }

  private counts({ kind, via, author_id }: MessageRow): boolean {
    return kind === 'inbound' || (via === 'direct' && kind === 'outbound' && author_id !== this.userId);
  }

  private put(id: string, count: number, first: string | null, version: number): void {
    if (count > 0 && first !== null) this.byId.set(id, { count, first, version });
    else this.byId.delete(id);
  }

  private deltaOf(
    had: ReadonlyMap<string, boolean>,
    rows: ReadonlyMap<string, ConversationRow | null>,
  ): ViewDelta | 'unknown' | null {
    const added: UnreadRow[] = [];
    const updated: UnreadRow[] = [];
    const deleted: string[] = [];
    for (const [id, was] of had) {
      if (!this.byId.has(id)) {
        if (was) deleted.push(id);
        continue;
      }
      const conversation = rows.get(id);
      const row = conversation ? this.rowOf(conversation) : null;
      if (!row) return 'unknown';
      (was ? updated : added).push(row);
    }
    return added.length + updated.length + deleted.length > 0 ? { added, updated, deleted } : null;
  }
}

const unreadRows = new WeakMap<ConversationRow, UnreadRow[]>();
/** As many different ones of one conversation are kept: most of a team has read equally far. */
const UNREAD_ROWS_MAX = 8;

/** One row for all who have read equally far, so that it is also written once. */
function unreadRow(conversation: ConversationRow, version: number, { count, first }: Unread): UnreadRow {
  let rows = unreadRows.get(conversation);
  if (!rows) {
    rows = [];
    unreadRows.set(conversation, rows);
  }
  const known = rows.find(
    (row) => row.unread === count && row.first_unread === first && row.version === version,
  );
  if (known) return known;
  const made = { ...conversation, version, unread: count, first_unread: first };
  if (rows.length < UNREAD_ROWS_MAX) rows.push(made);
  return made;
}

function hasReadAll(before: MeRow | null, after: MeRow | null): boolean {
  return before?.read_version !== after?.read_version;
}
