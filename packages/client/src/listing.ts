import {
  appendPage,
  type Cursor,
  type Delta,
  foldDelta,
  formatCursor,
  type ListPage,
  limits,
  parseCursor,
  type Row,
  type SortKey,
  trimWindow,
  type Window,
  windowOf,
} from '@roost/protocol';
import type { ClientError } from './client-error.ts';
import type { Report } from './listeners.ts';
import { Cell } from './store.ts';

/** What a list shows. */
export interface ListState<R extends Row = Row> {
  /** In the list's own order: newest first in an inbox. */
  readonly rows: readonly R[];
  /** There are rows below the last one; `fetchMore` brings them. */
  readonly hasMore: boolean;
  /** Nothing is known of the list yet. */
  readonly isLoading: boolean;
  readonly isFetchingMore: boolean;
  /** What failed last in this list, until it works again. Rows shown with an error are true as of `cursor`. */
  readonly error: ClientError | null;
  /** Where in the log these rows were last told or changed; null while loading. */
  readonly cursor: string | null;
}

/** Of a list that nobody has asked for yet. */
export const UNKNOWN_LIST: ListState<never> = {
  rows: [],
  hasMore: false,
  isLoading: true,
  isFetchingMore: false,
  error: null,
  cursor: null,
};

/** Rows a list may grow by live before it is cut back to what was asked for. */
export const TRIM_SLACK_ROWS = 50;

/** The content of one list: its window, and up to where it is true. */
export class Listing {
  readonly cell: Cell<ListState>;
  private window: Window<Row> | null = null;
  /** Rows that were asked for, at the top and by pages; what comes live does not count. */
  private askedCount = 0;
  private epoch = '';
  /**
   * Up to where deltas and rows addressed to this list have told it. A delta at or before this is old and must be
   * ignored: its `added` may hold a row that was deleted since, and no version would betray it.
   */
  private toldOffset = 0;
  /** Up to where the content is true: told, or vouched for by the connection because nothing else happened. */
  private trueOffset = 0;
  private shownCursor: string | null = null;
  private error: ClientError | null = null;
  private isFetchingMore = false;

  constructor(
    private readonly keyOf: SortKey<Row>,
    private limit: number,
    report: Report,
  ) {
    this.cell = new Cell<ListState>(UNKNOWN_LIST, report);
  }

  /** Place in the log for which the rows are true; null before the first rows. */
  get position(): Cursor | null {
    return this.window && { epoch: this.epoch, offset: this.trueOffset };
  }

  /** `before` of the next page; null when there is none. */
  get before(): string | null {
    return this.window?.bottom ?? null;
  }

  get rowCount(): number {
    return this.window?.rows.length ?? 0;
  }

  /** How many rows a snapshot should bring, so that what is on the screen stays there. */
  get wantedCount(): number {
    return Math.min(limits.PAGE_MAX_ROWS, Math.max(this.limit, this.rowCount));
  }

  /** Rows of a page. */
  get pageCount(): number {
    return this.limit;
  }

  /** Somebody wants this many rows from the start. */
  widen(limit: number): void {
    this.limit = Math.max(this.limit, limit);
  }

  /** The list's top, in place of what was held. @returns false when its cursor cannot be read */
  replace(page: ListPage): boolean {
    const cursor = parseCursor(page.cursor);
    if (cursor === null) return false;
    this.window = windowOf(page);
    this.askedCount = page.rows.length;
    this.epoch = cursor.epoch;
    this.toldOffset = this.trueOffset = cursor.offset;
    this.error = null;
    this.stamp();
    return true;
  }

  /** @returns `gap` when something before the delta is missing; the list is then as it was */
  fold(delta: Delta): 'folded' | 'old' | 'gap' {
    if (this.window === null) return 'gap';
    if (delta.offset <= this.toldOffset) return 'old';
    if (delta.prev > this.trueOffset) return 'gap';
    const folded = foldDelta(this.window, delta, this.keyOf);
    this.toldOffset = delta.offset;
    this.trueOffset = Math.max(this.trueOffset, delta.offset);
    this.error = null;
    if (folded === this.window) return 'folded';
    this.window = folded;
    this.trim();
    this.stamp();
    return 'folded';
  }

  /**
   * Joins the rows below the window.
   *
   * @returns false when the page is older than the list, or belongs to a window that is no more: ask again
   */
  append(page: ListPage, before: string): boolean {
    const cursor = parseCursor(page.cursor);
    if (this.window === null || cursor === null || before !== this.before) return false;
    // An older page may hold a row whose deletion this list has been told already.
    if (cursor.epoch !== this.epoch || cursor.offset < this.trueOffset) return false;
    this.window = appendPage(this.window, page, this.keyOf);
    this.askedCount = this.window.rows.length;
    this.error = null;
    this.stamp();
    return true;
  }

  /** Nothing happened in this list up to `cursor`. */
  vouch({ epoch, offset }: Cursor): void {
    if (epoch === this.epoch) this.trueOffset = Math.max(this.trueOffset, offset);
  }

  /** Asked and answered: nothing happened in this list up to `cursor`. @returns false when that is another log's */
  confirm(cursor: Cursor): boolean {
    if (cursor.epoch !== this.epoch) return false;
    this.vouch(cursor);
    this.error = null;
    return true;
  }

  /** Null: whatever failed before, it works again. */
  failed(error: ClientError | null): void {
    this.error = error;
  }

  fetching(isFetchingMore: boolean): void {
    this.isFetchingMore = isFetchingMore;
  }

  /** The rows are void: another person's, or of another log. */
  forget(): void {
    this.window = this.shownCursor = this.error = null;
    this.askedCount = this.toldOffset = this.trueOffset = 0;
  }

  /** Writes the state for listeners, who are told later, when every list of the cut is written. */
  write(): void {
    const { rows, hasMore, isLoading, isFetchingMore, error, cursor } = this.cell.getSnapshot();
    const state: ListState = {
      rows: this.window?.rows ?? UNKNOWN_LIST.rows,
      hasMore: this.before !== null,
      isLoading: this.window === null && this.error === null,
      isFetchingMore: this.isFetchingMore,
      error: this.error,
      cursor: this.shownCursor,
    };
    const same =
      rows === state.rows &&
      hasMore === state.hasMore &&
      isLoading === state.isLoading &&
      isFetchingMore === state.isFetchingMore &&
      error === state.error &&
      cursor === state.cursor;
    if (!same) this.cell.write(state);
  }

  /** A list that only grows at its top gives up rows at its bottom, so that a page may stay open for a year. */
  private trim(): void {
    const keepCount = Math.max(this.askedCount, this.limit);
    if (this.window === null || this.window.rows.length <= keepCount + TRIM_SLACK_ROWS) return;
    this.window = trimWindow(this.window, keepCount, this.keyOf);
  }

  /** Shows the position as that of the rows. */
  stamp(): void {
    this.shownCursor = formatCursor({ epoch: this.epoch, offset: this.trueOffset });
  }
}
