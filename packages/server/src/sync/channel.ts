import { type Cursor, formatCursor, type View } from '@roost/protocol';
import type { Entry } from './entry.ts';
import type { EncodeFrame } from './needs.ts';
import type { Subscription } from './reader.ts';
import { type ViewDelta, viewDelta } from './view-delta.ts';

/** One view with its subscribers on this node: a delta is encoded once for all of them. */
export class Channel {
  readonly subscribers = new Set<Subscription>();
  /** Offset of the last delta; deltas name it as `prev`, which chains them. */
  private last: number;
  /** Catch-up frames made since the last entry, by where they start: many readers come back from the same place. */
  private readonly catchUps = new Map<number, Buffer | null>();

  /** @param since  the channel has been watched from this offset on */
  constructor(
    readonly view: View,
    readonly since: number,
    private readonly encode: EncodeFrame,
  ) {
    this.last = since;
  }

  /** Whether the view is known to be unchanged after `offset`. False means it may have changed. */
  unchangedSince(offset: number): boolean {
    return offset >= this.since && offset >= this.last;
  }

  /** Frames for the entries that touch the view, joined; null when none does. */
  advance(epoch: string, entries: readonly Entry[]): { bytes: Buffer; frameCount: number } | null {
    this.catchUps.clear();
    const frames: Buffer[] = [];
    for (const entry of entries) {
      const delta = viewDelta(this.view, [entry]);
      if (!delta) continue;
      frames.push(this.encode(deltaText(this.view, this.last, { epoch, offset: entry.offset }, delta)));
      this.last = entry.offset;
    }
    if (frames.length === 0) return null;
    return {
      bytes: frames.length === 1 ? (frames[0] as Buffer) : Buffer.concat(frames),
      frameCount: frames.length,
    };
  }

  /** One frame for everything after `from`, up to `head`; null when nothing of it touches the view. */
  catchUp(head: Cursor, from: number, entries: readonly Entry[]): Buffer | null {
    if (this.unchangedSince(from)) return null;
    const made = this.catchUps.get(from);
    if (made !== undefined) return made;
    const delta = viewDelta(this.view, entries);
    const frame = delta && this.encode(deltaText(this.view, from, head, delta));
    this.catchUps.set(from, frame);
    return frame;
  }
}

export function deltaText(view: View, prev: number, at: Cursor, delta: ViewDelta): string {
  const { added, updated, deleted } = delta;
  return `{"type":"delta",${nameOf(view)},"prev":${prev},"offset":${at.offset},"added":${JSON.stringify(added)},"updated":${JSON.stringify(updated)},"deleted":${JSON.stringify(deleted)},"etag":"\\"${formatCursor(at)}\\""}`;
}

/** How frames name a view: its channel, and its key where the channel alone does not tell. */
export function nameOf(view: View): string {
  const channel = `"channel":${JSON.stringify(view.channel)}`;
  return view.key === view.channel ? channel : `${channel},"key":${JSON.stringify(view.key)}`;
}
