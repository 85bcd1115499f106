import type { Client, ListState, LiveList } from '@roost/client';
import { parseCursor, type Row, type View } from '@roost/protocol';
import { type Span, sharedOffset } from './history.ts';
import { type Looking, viewOf } from './looking.ts';
import type { WorldStore } from './store.ts';

export interface ListName {
  readonly channel: string;
  readonly params?: Readonly<Record<string, string>> | undefined;
  readonly limit?: number | undefined;
}

/** One list as a person has it open. */
interface Shown {
  readonly looking: Looking;
  readonly list: LiveList;
  readonly view: View;
  readonly leave: () => void;
  seen: ListState | null;
  /** The earliest moment that fits all it has shown; it never shows an earlier one again. */
  floor: { readonly epoch: string; readonly offset: number };
}

/** What somebody sees, judged at every change: each list true for a moment, never an earlier one, and all for the same. */
export class Screen {
  private readonly shown: Shown[] = [];

  constructor(
    private readonly client: Client,
    private readonly userId: string,
    private readonly store: WorldStore,
    private readonly wrong: (says: string) => void,
  ) {}

  get lists(): readonly Shown[] {
    return this.shown;
  }

  open(name: ListName): void {
    const { channel, params = {}, limit } = name;
    if (this.shown.some(({ looking }) => isSame(looking, { channel, params }))) return;
    const list: LiveList = this.client.list(channel, { ...params, limit });
    const looking = { userId: this.userId, channel, params };
    const leave = list.subscribe(() => this.look());
    const floor = { epoch: '', offset: 0 };
    this.shown.push({ looking, list, view: viewOf(looking), leave, seen: null, floor });
    this.look();
  }

  close(at: number): void {
    const [gone] = this.shown.splice(at, 1);
    gone?.leave();
  }

  /** Something changed, in one list or several; all of it is there to be seen. */
  look(): void {
    const changed = this.shown.filter((one) => one.list.getSnapshot() !== one.seen);
    for (const one of changed) this.judge(one);
    if (this.client.inspect().state === 'live') this.judgeTogether();
  }

  private judge(one: Shown): void {
    one.seen = one.list.getSnapshot();
    const fault = this.faultOf(one, one.seen);
    if (fault === null) return;
    const { rows, hasMore } = one.seen;
    const ids = rows.map(({ id, version }) => `${id}:${version}`).join(' ');
    this.wrong(`${one.view.key} shows ${fault}: [${ids}]${hasMore ? ' and more' : ''}`);
  }

  private faultOf(one: Shown, { cursor: written, rows, hasMore }: ListState): string | null {
    const cursor = written === null ? null : parseCursor(written);
    if (cursor === null) return rows.length === 0 ? null : 'rows without a cursor';
    if (!isOrdered(one.view, rows)) return 'rows out of order, or one twice';
    const history = this.store.historyOf(cursor.epoch);
    if (!history) return `a log that never was: ${written}`;
    const spans = history.spansOf(one.looking, rows, hasMore);
    if (spans.length === 0) return `rows that never were together, at ${written}`;
    if (!spans.some(([from, to]) => from <= cursor.offset && cursor.offset <= to))
      return `rows that are not those of its own cursor ${written}`;
    const offset = sharedOffset([spans], one.floor.epoch === cursor.epoch ? one.floor.offset : 0);
    if (offset === null) return `something older than before, at ${written}`;
    one.floor = { epoch: cursor.epoch, offset };
    return null;
  }

  /** While live, all lists show one moment (rule C1). */
  private judgeTogether(): void {
    const { lists } = this.client.inspect();
    const steady = this.shown.filter(
      ({ looking, floor }) =>
        floor.epoch !== '' && lists.some((list) => list.phase === 'steady' && isSame(looking, list)),
    );
    const [first] = steady;
    if (!first) return;
    if (steady.some(({ floor }) => floor.epoch !== first.floor.epoch)) {
      this.wrong('lists of two epochs side by side');
      return;
    }
    const least = Math.max(...steady.map(({ floor }) => floor.offset));
    const spans = steady.map((one) => this.spansOf(one));
    if (sharedOffset(spans, least) !== null) return;
    const told = steady.map(
      ({ view, list }, at) => `${view.key} ${list.getSnapshot().cursor} fits ${JSON.stringify(spans[at])}`,
    );
    this.wrong(`lists of different moments side by side: ${told.join('; ')}`);
  }

  private spansOf({ list, looking, floor }: Shown): Span[] {
    const { rows, hasMore } = list.getSnapshot();
    return this.store.historyOf(floor.epoch)?.spansOf(looking, rows, hasMore) ?? [];
  }
}

function isSame(
  one: Pick<Looking, 'channel' | 'params'>,
  other: Pick<Looking, 'channel' | 'params'>,
): boolean {
  return one.channel === other.channel && written(one.params) === written(other.params);
}

function written(params: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(params).sort());
}

function isOrdered(view: View, rows: readonly Row[]): boolean {
  const keyOf = view.sortKey as (row: Row) => string;
  return rows.every((row, at) => at === 0 || keyOf(rows[at - 1] as Row) > keyOf(row));
}
