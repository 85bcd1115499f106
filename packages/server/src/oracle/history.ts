import { arrivalOffset, type Change, type MessageRow, type Row } from '@roost/protocol';
import type { LogEntry } from '../commands/index.ts';
import { LogState, type RowsOfKinds } from './log-state.ts';
import { concerns, type Looking, marked, nameOf, rowsSeen, viewOf } from './looking.ts';

/** Offsets, both included, for which something holds. */
export type Span = readonly [from: number, to: number];

interface Entry {
  readonly offset: number;
  readonly changes: readonly Change[];
}

interface Moment {
  readonly from: number;
  readonly rows: readonly Row[];
}

interface Shown {
  /** Every content that was ever to be seen, oldest first; each holds until the next begins. */
  readonly moments: Moment[];
  readonly state: LogState;
  /** Entries already looked at. */
  readCount: number;
}

/** What everybody was to see of an organisation at every offset of one epoch, told from the log and nothing else. */
export class History {
  /** What there is at the head. */
  readonly now: LogState;
  private readonly beginning: LogState;
  private readonly entries: Entry[] = [];
  private readonly shown = new Map<string, Shown>();
  /** Offsets at which what somebody may see was changed, by their id. */
  private readonly accessChanges = new Map<string, number[]>();

  /** @param rows  what the store held at `start` */
  constructor(
    readonly epoch: string,
    private readonly start: number,
    rows: RowsOfKinds,
  ) {
    this.beginning = new LogState(rows);
    this.now = new LogState(rows);
    for (const { id, version } of rows.access ?? []) this.accessChanges.set(id, [version]);
  }

  get head(): number {
    return this.entries.at(-1)?.offset ?? this.start;
  }

  /** Whether it is known what was there at `offset`: nobody in this world can speak of an earlier one. */
  reaches(offset: number): boolean {
    return offset >= this.start;
  }

  append(entry: LogEntry): void {
    if (entry.epoch !== this.epoch) throw new Error('An entry of another epoch');
    if (entry.offset !== this.head + 1) throw new Error(`Offset ${entry.offset} after ${this.head}`);
    const changes = JSON.parse(entry.changes) as Change[];
    this.entries.push({ offset: entry.offset, changes });
    this.now.apply(changes);
    for (const { kind, id } of changes) {
      if (kind !== 'access') continue;
      this.accessChanges.set(id, [...(this.accessChanges.get(id) ?? []), entry.offset]);
    }
  }

  /** Since when, as of `offset`, somebody may see what they see; 0 where that never changed. */
  accessSince(userId: string, offset: number): number {
    return this.accessChanges.get(userId)?.findLast((at) => at <= offset) ?? 0;
  }

  /** Offsets at which exactly these rows were to be seen, or these and more below where `hasMore`. */
  spansOf(looking: Looking, rows: readonly Row[], hasMore: boolean): Span[] {
    const moments = this.momentsOf(looking);
    const spans: Span[] = [];
    moments.forEach((moment, at) => {
      const to = (moments[at + 1]?.from ?? this.head + 1) - 1;
      if (isShown(moment.rows, rows, hasMore)) spans.push([moment.from, to]);
    });
    return spans;
  }

  /** Every content that was to be seen from one offset to another, both included, oldest first. */
  moments(looking: Looking, from: number, to: number): readonly (readonly Row[])[] {
    const moments = this.momentsOf(looking);
    return moments
      .filter((moment, at) => moment.from <= to && (moments[at + 1]?.from ?? Number.POSITIVE_INFINITY) > from)
      .map(({ rows }) => rows);
  }

  /** What was to be seen at one offset. */
  rowsAt(looking: Looking, offset: number): readonly Row[] {
    return this.moments(looking, offset, offset).at(-1) ?? [];
  }

  /** Messages that were said in a conversation after one offset and before another, and stood there at the latter. */
  saidBetween(conversationId: string, after: number, before: number): MessageRow[] {
    const standing = new Map(this.messagesAtStart.map((row) => [row.id, row]));
    for (const { offset, changes } of this.entries) {
      if (offset >= before) break;
      for (const { id, after: is } of messagesIn(changes))
        if (is === null) standing.delete(id);
        else standing.set(id, is);
    }
    return [...standing.values()].filter((row) => isSaid(row, conversationId, after));
  }

  /** Whether anybody but this person said anything after an offset, whether or not it is still there. */
  wasSaidAfter(conversationId: string, after: number, userId: string): boolean {
    const ever = this.entries.flatMap(({ changes }) => messagesIn(changes).map(({ after: is }) => is));
    return [...this.messagesAtStart, ...ever].some(
      (row) => row !== null && isSaid(row, conversationId, after) && row.author_id !== userId,
    );
  }

  private get messagesAtStart(): MessageRow[] {
    return this.beginning.all<MessageRow>('message');
  }

  private momentsOf(looking: Looking): readonly Moment[] {
    const name = nameOf(looking);
    let shown = this.shown.get(name);
    if (!shown) {
      const state = this.beginning.copy();
      shown = { state, moments: [{ from: this.start, rows: rowsSeen(state, looking) }], readCount: 0 };
      this.shown.set(name, shown);
    }
    if (shown.readCount === this.entries.length) return shown.moments;
    const view = viewOf(looking);
    for (; shown.readCount < this.entries.length; shown.readCount += 1) {
      const { offset, changes } = this.entries[shown.readCount] as Entry;
      shown.state.apply(changes);
      if (!changes.some((change) => concerns(looking, view, change))) continue;
      const before = (shown.moments.at(-1) as Moment).rows;
      const rows = rowsSeen(shown.state, looking);
      if (!isShown(before, rows, false)) shown.moments.push({ from: offset, rows });
    }
    return shown.moments;
  }
}

function messagesIn(changes: readonly Change[]): Change<'message'>[] {
  return changes.filter(({ kind }) => kind === 'message') as Change<'message'>[];
}

/** Said to the contact or by them, in this conversation, after an offset. */
function isSaid({ id, kind, conversation_id }: MessageRow, conversationId: string, after: number): boolean {
  return (
    conversation_id === conversationId &&
    (kind === 'inbound' || kind === 'outbound') &&
    arrivalOffset(id) > after
  );
}

function isShown(all: readonly Row[], rows: readonly Row[], hasMore: boolean): boolean {
  if (hasMore ? all.length < rows.length : all.length !== rows.length) return false;
  return rows.every((row, at) => marked(row) === marked(all[at] as Row));
}

/** Offsets in every one of these; null when there is none. */
export function sharedOffset(lists: readonly (readonly Span[])[], least: number): number | null {
  let offset = least;
  for (let settled = false; !settled; ) {
    settled = true;
    for (const spans of lists) {
      const span = spans.find(([, to]) => to >= offset);
      if (!span) return null;
      if (span[0] > offset) {
        offset = span[0];
        settled = false;
      }
    }
  }
  return offset;
}
