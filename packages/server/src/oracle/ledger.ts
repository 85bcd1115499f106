import {
  type Cursor,
  type DownFrame,
  parseCursor,
  parseEtag,
  type Row,
  type View,
  viewOfChannel,
} from '@roost/protocol';
import { QUEUE_SMALL_BYTES } from './line.ts';
import type { WorldStore } from './store.ts';

type DeltaFrame = Extract<DownFrame, { type: 'delta' }>;

/** What only a reader who keeps up is told (rule B1). */
const LIVE_ONLY: readonly DownFrame['type'][] = ['delta', 'batch', 'ping', 'presence', 'typing'];

/** What a server told one connection, held against what really happened. */
export class Ledger {
  /** Offset of the last change told of each view. */
  private readonly told = new Map<string, number>();
  /** Up to where the connection was told that nothing is missing. */
  private position: Cursor = { epoch: '', offset: -1 };

  constructor(
    private readonly store: WorldStore,
    private readonly wrong: (says: string) => void,
  ) {}

  /** @param queuedBytes  what the network had not taken when this was written */
  take(frame: DownFrame, queuedBytes: number): void {
    if (queuedBytes > QUEUE_SMALL_BYTES && LIVE_ONLY.includes(frame.type))
      this.wrong(`${frame.type} was queued on top of ${queuedBytes} bytes`);
    if (frame.type === 'delta') this.delta(frame);
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
    if (history.epoch === this.position.epoch && prev > this.position.offset)
      this.wrong(`a delta from ${prev} to somebody at ${this.position.offset}: ${key}`);
    if (added.length + updated.length + deleted.length > 0) {
      if (offset <= (this.told.get(`${history.epoch} ${key}`) ?? -1))
        this.wrong(`${key} was told ${offset} twice`);
      this.told.set(`${history.epoch} ${key}`, offset);
    }
    const moments = history.moments(viewOf(key), prev, offset);
    const now = moments.at(-1);
    if (now && moments.some((rows) => told(applied(rows, frame)) !== told(now)))
      this.wrong(
        `a delta that does not lead from everywhere in ${prev}–${offset} to ${offset}: ${JSON.stringify(frame)}`,
      );
  }
}

/** Where in the log a frame speaks for; null for one that does not. */
export function positionOf(frame: DownFrame): Cursor | null {
  if ('cursor' in frame) return parseCursor(frame.cursor);
  return 'etag' in frame ? parseEtag(frame.etag) : null;
}

function viewOf(key: string): View {
  const filter = /^inbox\?filter=(.*)$/.exec(key)?.[1];
  if (filter !== undefined) return viewOfChannel('inbox', { filter: decodeURIComponent(filter) }, '');
  const userId = /^me:(.*)$/.exec(key)?.[1];
  return userId === undefined ? viewOfChannel(key, {}, '') : viewOfChannel('me', {}, userId);
}

/** The fold, as plainly as it can be said. */
function applied(rows: readonly Row[], { added, updated, deleted }: DeltaFrame): readonly Row[] {
  const held = new Map(rows.map((row) => [row.id, row]));
  for (const row of [...added, ...updated])
    if ((held.get(row.id)?.version ?? -1) < row.version) held.set(row.id, row);
  for (const id of deleted) held.delete(id);
  return [...held.values()];
}

function told(rows: readonly Row[]): string {
  return rows
    .map(({ id, version }) => `${id}:${version}`)
    .sort()
    .join(' ');
}
