import type { Change, Row, View } from '@roost/protocol';
import type { LogEntry } from '../commands/index.ts';

/** Offsets, both included, for which something holds. */
export type Span = readonly [from: number, to: number];

interface Moment {
  readonly from: number;
  readonly rows: readonly Row[];
}

interface Shown {
  /** Every content the view ever had, oldest first; each holds until the next begins. */
  readonly moments: Moment[];
  /** Entries already looked at. */
  readCount: number;
}

/** What every view of an organisation showed at every offset of one epoch, told from the log and nothing else. */
export class History {
  private readonly entries: { readonly offset: number; readonly changes: readonly Change[] }[] = [];
  private readonly views = new Map<string, Shown>();

  /** @param rows  what the store held at `start` */
  constructor(
    readonly epoch: string,
    private readonly start: number,
    private readonly rows: { readonly [kind: string]: readonly Row[] },
  ) {}

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
    this.entries.push({ offset: entry.offset, changes: JSON.parse(entry.changes) });
  }

  /** Offsets at which the view showed exactly these rows, or these and more below where `hasMore`. */
  spansOf(view: View, rows: readonly Row[], hasMore: boolean): Span[] {
    const { moments } = this.shown(view);
    const spans: Span[] = [];
    moments.forEach((moment, at) => {
      const to = (moments[at + 1]?.from ?? this.head + 1) - 1;
      if (isShown(moment.rows, rows, hasMore)) spans.push([moment.from, to]);
    });
    return spans;
  }

  /** Every content that the view had from one offset to another, both included, oldest first. */
  moments(view: View, from: number, to: number): readonly (readonly Row[])[] {
    const { moments } = this.shown(view);
    return moments
      .filter((moment, at) => moment.from <= to && (moments[at + 1]?.from ?? Number.POSITIVE_INFINITY) > from)
      .map(({ rows }) => rows);
  }

  private shown(view: View): Shown {
    let shown = this.views.get(view.key);
    if (!shown) {
      shown = { moments: [{ from: this.start, rows: this.rowsAtStart(view) }], readCount: 0 };
      this.views.set(view.key, shown);
    }
    for (; shown.readCount < this.entries.length; shown.readCount += 1) {
      const entry = this.entries[shown.readCount] as (typeof this.entries)[number];
      const before = (shown.moments.at(-1) as Moment).rows;
      const after = entry.changes.reduce((rows, change) => withChange(view, rows, change), before);
      if (after !== before) shown.moments.push({ from: entry.offset, rows: after });
    }
    return shown;
  }

  private rowsAtStart(view: View): readonly Row[] {
    const rows = (this.rows[view.kind] ?? []) as Parameters<View['includes']>[0][];
    return rows.filter((row) => view.includes(row)).sort(byKey(view));
  }
}

function withChange(view: View, rows: readonly Row[], { kind, id, after }: Change): readonly Row[] {
  if (kind !== view.kind) return rows;
  const others = rows.filter((row) => row.id !== id);
  if (after !== null && view.includes(after)) return [...others, after].sort(byKey(view));
  return others.length === rows.length ? rows : others;
}

function byKey(view: View): (one: Row, other: Row) => number {
  const keyOf = view.sortKey as (row: Row) => string;
  return (one, other) => (keyOf(one) < keyOf(other) ? 1 : -1);
}

function isShown(all: readonly Row[], rows: readonly Row[], hasMore: boolean): boolean {
  if (hasMore ? all.length < rows.length : all.length !== rows.length) return false;
  return rows.every((row, at) => row.id === all[at]?.id && row.version === all[at]?.version);
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
