import type { Delta } from './delta.ts';
import type { Row } from './entity.ts';

/** Greater keys come first; equal keys do not occur within a view. */
export type SortKey<R> = (row: R) => string;

/**
 * The part of a view that a reader holds: its newest rows, in order, down to `bottom`.
 * `bottom` is the key of the last row covered, or null when everything down to the end is.
 */
export interface Window<R extends Row> {
  readonly rows: readonly R[];
  readonly bottom: string | null;
}

/**
 * Rows as a snapshot or page brings them. `next` is the key down to which they reach; null when there is nothing
 * below. The row of that key need not be among them: it may have gone between the reading and the sending.
 */
export interface Rows<R extends Row> {
  readonly rows: readonly R[];
  readonly next: string | null;
}

/**
 * What a delta does to a window. The reader's whole knowledge of a list comes from here: a snapshot, then folds.
 * Applied twice in a row it changes nothing. One that ends at or before the window's own position is for the caller to
 * leave out (rule D4): it may hold a row that has gone since, and no version would betray that.
 *
 * @returns the same object when nothing changed
 */
export function foldDelta<R extends Row>(window: Window<R>, delta: Delta<R>, keyOf: SortKey<R>): Window<R> {
  const draft = new Draft(window, keyOf);
  for (const row of delta.added) draft.put(row);
  for (const row of delta.updated) draft.put(row);
  for (const id of delta.deleted) draft.remove(id);
  return draft.done(window.bottom);
}

/** Joins the next page below a window. Rows known already keep the newer version. */
export function appendPage<R extends Row>(window: Window<R>, page: Rows<R>, keyOf: SortKey<R>): Window<R> {
  const draft = new Draft({ rows: window.rows, bottom: page.next }, keyOf);
  for (const row of page.rows) draft.put(row);
  return draft.done(page.next);
}

/** Gives up the oldest rows beyond `keepCount`; they can be fetched again. */
export function trimWindow<R extends Row>(
  window: Window<R>,
  keepCount: number,
  keyOf: SortKey<R>,
): Window<R> {
  if (window.rows.length <= keepCount || keepCount < 1) return window;
  const rows = window.rows.slice(0, keepCount);
  return { rows, bottom: keyOf(rows[keepCount - 1] as R) };
}

export function windowOf<R extends Row>({ rows, next }: Rows<R>): Window<R> {
  return { rows, bottom: next };
}

/** Copies the rows at the first change, never before. */
class Draft<R extends Row> {
  private rows: R[] | null = null;
  private index: Map<string, number> | null = null;

  constructor(
    private readonly from: Window<R>,
    private readonly keyOf: SortKey<R>,
  ) {}

  put(row: R): void {
    const known = this.find(row.id);
    if (known !== -1) {
      const held = this.current()[known] as R;
      if (held.version >= row.version) return;
      const merged = { ...held, ...row };
      if (this.keyOf(held) === this.keyOf(merged)) {
        this.writable()[known] = merged;
        return;
      }
      this.removeAt(known);
      row = merged;
    }
    const key = this.keyOf(row);
    if (this.from.bottom !== null && key < this.from.bottom) return;
    this.insertAt(this.placeOf(key), row);
  }

  remove(id: string): void {
    const known = this.find(id);
    if (known !== -1) this.removeAt(known);
  }

  done(bottom: string | null): Window<R> {
    if (this.rows === null && bottom === this.from.bottom) return this.from;
    return { rows: this.current(), bottom };
  }

  private current(): readonly R[] {
    return this.rows ?? this.from.rows;
  }

  private writable(): R[] {
    this.rows ??= this.from.rows.slice();
    return this.rows;
  }

  private find(id: string): number {
    if (this.index === null) {
      const index = new Map<string, number>();
      this.current().forEach((row, at) => {
        index.set(row.id, at);
      });
      this.index = index;
    }
    return this.index.get(id) ?? -1;
  }

  private insertAt(place: number, row: R): void {
    this.writable().splice(place, 0, row);
    this.index = null;
  }

  private removeAt(place: number): void {
    this.writable().splice(place, 1);
    this.index = null;
  }

  /** First place whose key is smaller than `key`. */
  private placeOf(key: string): number {
    const rows = this.current();
    let low = 0;
    let high = rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.keyOf(rows[middle] as R) > key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
