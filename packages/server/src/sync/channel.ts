import { type Cursor, formatCursor, type View } from '@roost/protocol';
import type { Entry } from './entry.ts';
import type { EncodeFrame } from './needs.ts';
import type { Subscription } from './reader.ts';
import { RowTexts } from './row-texts.ts';
import type { UnreadTally } from './unread-tally.ts';
import { type ViewDelta, viewDelta } from './view-delta.ts';

/** Bytes of catch-up frames kept by one channel; past this they are made again. */
const CATCH_UPS_MAX_BYTES = 4 << 20;

/** Frames of one channel, joined. */
export interface Advance extends Told {
  readonly frameCount: number;
}

/** Bytes that bring a reader's knowledge of one channel to `offset`. */
export interface Told {
  readonly bytes: Buffer;
  readonly offset: number;
}

/** One view with its subscribers on this node: a delta is encoded once for all of them. */
export class Channel {
  readonly subscribers = new Set<Subscription>();
  /** As frames name it. */
  private readonly name: string;
  /** Offset of the last delta; deltas name it as `prev`, which chains them. */
  private last: number;
  /** Catch-up frames made since the last delta, by where they start: many readers come back from the same place. */
  private catchUps: Map<number, Told | null> | null = null;
  private catchUpBytes = 0;
  /** The fold went on from something that it does not know: what the view shows must be read again. */
  isStale = false;

  /**
   * @param since  the channel has been watched from this offset on
   * @param tally  of a view whose rows come of several kinds of entities, as of `since`
   */
  constructor(
    readonly view: View,
    readonly since: number,
    private readonly encode: EncodeFrame,
    readonly tally: UnreadTally | null = null,
  ) {
    this.last = since;
    this.name = nameOf(view);
  }

  /** Whether the view is known to be unchanged after `offset`. False means it may have changed. */
  unchangedSince(offset: number): boolean {
    return offset >= this.since && offset >= this.last;
  }

  /** Frames for the entries that touch the view, joined; null when none does. @param texts  of these entries */
  advance(epoch: string, entries: readonly Entry[], texts = new RowTexts()): Advance | null {
    const frames: Buffer[] = [];
    for (const entry of entries) {
      const delta = this.tally ? this.tally.fold(entry) : viewDelta(this.view, [entry]);
      if (delta === 'unknown') {
        this.isStale = true;
        break;
      }
      if (!delta) continue;
      frames.push(
        this.encode(deltaText(this.name, this.last, { epoch, offset: entry.offset }, delta, texts)),
      );
      this.last = entry.offset;
    }
    if (frames.length === 0) return null;
    this.forgetCatchUps();
    const bytes = frames.length === 1 ? (frames[0] as Buffer) : Buffer.concat(frames);
    return { bytes, frameCount: frames.length, offset: this.last };
  }

  /** One frame for everything after `from`; null when nothing of it touches the view. It may end before `head`. */
  catchUp(head: Cursor, from: number, entries: readonly Entry[]): Told | null {
    if (this.unchangedSince(from)) return null;
    const made = this.catchUps?.get(from);
    if (made !== undefined) return made;
    const delta = viewDelta(this.view, entries);
    const told = delta && {
      bytes: this.encode(deltaText(this.name, from, head, delta)),
      offset: head.offset,
    };
    this.keepCatchUp(from, told);
    return told;
  }

  private keepCatchUp(from: number, told: Told | null): void {
    const bytes = told?.bytes.length ?? 0;
    if (this.catchUpBytes + bytes > CATCH_UPS_MAX_BYTES) this.forgetCatchUps();
    this.catchUps ??= new Map();
    this.catchUps.set(from, told);
    this.catchUpBytes += bytes;
  }

  private forgetCatchUps(): void {
    this.catchUps = null;
    this.catchUpBytes = 0;
  }
}

/** @param name  of the view, as frames name it */
export function deltaText(
  name: string,
  prev: number,
  at: Cursor,
  delta: ViewDelta,
  texts: RowTexts = new RowTexts(),
): string {
  const { added, updated, deleted } = delta;
  return `{"type":"delta",${name},"prev":${prev},"offset":${at.offset},"added":${texts.list(added)},"updated":${texts.list(updated)},"deleted":${JSON.stringify(deleted)},"etag":"\\"${formatCursor(at)}\\""}`;
}

/** How frames name a view: its channel, and its key where the channel alone does not tell. */
export function nameOf(view: View): string {
  const channel = `"channel":${JSON.stringify(view.channel)}`;
  return view.key === view.channel ? channel : `${channel},"key":${JSON.stringify(view.key)}`;
}
