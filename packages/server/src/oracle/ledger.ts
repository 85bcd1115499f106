import { type Cursor, type DownFrame, parseCursor, parseEtag, type Row } from '@roost/protocol';
import type { History } from './history.ts';
import { QUEUE_SMALL_BYTES } from './line.ts';
import { type Looking, lookingAt, marked } from './looking.ts';
import type { WorldStore } from './store.ts';

type DeltaFrame = Extract<DownFrame, { type: 'delta' }>;
type RowsFrame = Extract<DownFrame, { type: 'snapshot' | 'page' }>;

/** What only a reader who keeps up is told (rule B1). */
const LIVE_ONLY: readonly DownFrame['type'][] = ['delta', 'batch', 'ping', 'presence', 'typing'];

/** What a server told one connection, held against what really happened. */
export class Ledger {
  /** Offset of the last change told of each view. */
  private readonly told = new Map<string, number>();
  /** Up to where the reader was brought in each view. */
  private readonly held = new Map<string, number>();
  /** Up to where the connection was told that nothing is missing. */
  private position: Cursor = { epoch: '', offset: -1 };
  /** What the reader came with. */
  private brought: Cursor | null = null;

  constructor(
    private readonly store: WorldStore,
    private readonly userId: string,
    private readonly wrong: (says: string) => void,
  ) {}

  /** The reader said hello. */
  came(cursor: string | null | undefined): void {
    this.brought = cursor ? parseCursor(cursor) : null;
  }

  /** @param queuedBytes  what the network had not taken when this was written */
  take(frame: DownFrame, queuedBytes: number): void {
    if (queuedBytes > QUEUE_SMALL_BYTES && LIVE_ONLY.includes(frame.type))
      this.wrong(`${frame.type} was queued on top of ${queuedBytes} bytes`);
    if (frame.type === 'delta') this.delta(frame);
    if (frame.type === 'snapshot' || frame.type === 'page') this.rows(frame);
    const at = positionOf(frame);
    if (at && (at.epoch !== this.position.epoch || at.offset > this.position.offset)) this.position = at;
  }

  private delta(frame: DeltaFrame): void {
    const { prev, offset, added, updated, deleted } = frame;
    const key = frame.key ?? frame.channel;
    const history = this.store.historyOf(parseEtag(frame.etag)?.epoch ?? '');
    if (!history?.reaches(prev) || offset > history.head || prev > offset) {
      this.wrong(`a delta of what never was: ${JSON.stringify(frame)}`);
      return;
    }
    const name = `${history.epoch} ${key}`;
    if (history.epoch === this.position.epoch && prev > this.position.offset)
      this.wrong(`a delta from ${prev} to somebody at ${this.position.offset}: ${key}`);
    if (added.length + updated.length + deleted.length > 0) {
      if (offset <= (this.told.get(name) ?? -1)) this.wrong(`${key} was told ${offset} twice`);
      this.told.set(name, offset);
    }
    const since = history.accessSince(this.userId, offset);
    if (prev < since && this.heldOf(name, history.epoch) < since)
      this.wrong(`a delta of ${key} from ${prev} to ${offset}, across the end of an access at ${since}`);
    this.held.set(name, offset);
    const looking = lookingAt(this.userId, frame.channel, frame.key);
    const fault = faultOfDelta(history, looking, frame, Math.max(prev, since));
    if (fault !== null) this.wrong(`${fault}: ${JSON.stringify(frame)}`);
  }

  private rows(frame: RowsFrame): void {
    const cursor = parseCursor(frame.cursor);
    const history = cursor && this.store.historyOf(cursor.epoch);
    if (!cursor || !history?.reaches(cursor.offset) || cursor.offset > history.head) {
      this.wrong(`rows of what never was: ${JSON.stringify(frame)}`);
      return;
    }
    if (frame.type === 'snapshot')
      this.held.set(`${cursor.epoch} ${frame.key ?? frame.channel}`, cursor.offset);
    const looking = lookingAt(this.userId, frame.channel, frame.key);
    const fault = faultOfRows(history, looking, cursor.offset, frame.rows);
    if (fault !== null) this.wrong(`${fault} in ${frame.type} ${JSON.stringify(frame)}`);
  }

  private heldOf(name: string, epoch: string): number {
    const brought = this.brought?.epoch === epoch ? this.brought.offset : -1;
    return Math.max(this.held.get(name) ?? -1, brought);
  }
}

/** A delta leads from every position that it spans to its end, and tells of nothing that is kept from the reader. */
export function faultOfDelta(
  history: History,
  looking: Looking,
  delta: Pick<DeltaFrame, 'offset' | 'added' | 'updated' | 'deleted'>,
  from: number,
): string | null {
  const now = history.rowsAt(looking, delta.offset);
  const stranger = strangerTo(now, [...delta.added, ...delta.updated]);
  if (stranger) return `a delta tells of ${marked(stranger)}, which is not to be seen at ${delta.offset}`;
  const isLed = (rows: readonly Row[]) => markedAll(applied(rows, delta)) === markedAll(now);
  if (history.moments(looking, from, delta.offset).every(isLed)) return null;
  return `a delta that does not lead from everywhere in ${from}–${delta.offset} to its end`;
}

/** Rows are told as they are at their moment, and none that is kept from the reader. */
export function faultOfRows(
  history: History,
  looking: Looking,
  offset: number,
  rows: readonly Row[],
): string | null {
  const stranger = strangerTo(history.rowsAt(looking, offset), rows);
  return stranger ? `${marked(stranger)} is not to be seen at ${offset}` : null;
}

function strangerTo(known: readonly Row[], rows: readonly Row[]): Row | undefined {
  const marks = new Set(known.map(marked));
  return rows.find((row) => !marks.has(marked(row)));
}

/** Where in the log a frame speaks for; null for one that does not. */
export function positionOf(frame: DownFrame): Cursor | null {
  if ('cursor' in frame) return parseCursor(frame.cursor);
  return 'etag' in frame ? parseEtag(frame.etag) : null;
}

/** The fold, as plainly as it can be said. */
function applied(
  rows: readonly Row[],
  { added, updated, deleted }: Pick<DeltaFrame, 'added' | 'updated' | 'deleted'>,
): readonly Row[] {
  const held = new Map(rows.map((row) => [row.id, row]));
  for (const row of [...added, ...updated])
    if ((held.get(row.id)?.version ?? -1) < row.version) held.set(row.id, row);
  for (const id of deleted) held.delete(id);
  return [...held.values()];
}

function markedAll(rows: readonly Row[]): string {
  return rows.map(marked).sort().join(' ');
}
