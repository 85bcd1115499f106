import { type Cursor, Failure, type View } from '@roost/protocol';
import type { LogEntry } from '../commands/index.ts';
import type { Head } from '../domain/index.ts';
import type { Bounds } from './bounds.ts';
import { Channel } from './channel.ts';
import { Channels } from './channels.ts';
import { type Entry, readEntry } from './entry.ts';
import type { EncodeFrame, LogReader } from './needs.ts';
import type { Reader, Subscription } from './reader.ts';
import { Recent } from './recent.ts';

/** Entries read from the log at once. */
const PAGE_ENTRIES = 500;

/** Hears of what passes through this node of the logs that it follows, before any reader does. */
export interface Watcher {
  entry(org: string, entry: Entry): void;
  /** The node begins to follow this log here and now: what happened before, it may not have heard of. */
  began(org: string): void;
}

interface Needs {
  readonly log: LogReader;
  readonly encode: EncodeFrame;
  readonly bounds: Bounds;
  readonly watcher: Watcher;
  onTrouble(error: unknown): void;
}

/**
 * One organisation's log as it passes through this node: entries come in order without gaps, and go to the
 * channels that they touch. An entry that does not continue the log is taken for a hint, and the log is read.
 */
export class Feed {
  /** Everybody connected here, whether or not they have a channel open. */
  readonly readers = new Set<Reader>();
  private readonly channels = new Channels();
  private recent: Recent;
  private epoch: string;
  /** The newest offset heard of. */
  private known: number;
  private healing: Promise<void> | null = null;
  private extending: Promise<void> | null = null;

  constructor(
    readonly org: string,
    head: Head,
    /** When this node began to follow the log, ms since 1970. */
    readonly beganAt: number,
    private readonly needs: Needs,
  ) {
    this.epoch = head.epoch;
    this.known = head.offset;
    this.recent = new Recent(head.offset, needs.bounds);
  }

  /** Where this node stands: what live readers have been handed. */
  get cursor(): Cursor {
    return { epoch: this.epoch, offset: this.recent.offset };
  }

  get channelCount(): number {
    return this.channels.size;
  }

  /** Takes entries just committed here, or read elsewhere. Old ones are ignored; a gap is healed from the log. */
  accept(entries: readonly LogEntry[]): void {
    const { offset } = this.recent;
    const fresh = entries.filter((entry) => entry.offset > offset && entry.epoch === this.epoch);
    const last = fresh.at(-1);
    if (!last) return;
    if (fresh[0]?.offset === offset + 1) this.dispatch(fresh);
    this.hint(last.offset);
  }

  /** Somebody says that the log has reached `offset`. True or not, late or doubled: the log decides. */
  hint(offset: number): void {
    this.known = Math.max(this.known, offset);
    if (this.known > this.recent.offset) void this.heal();
  }

  /** Resolves when this node stands there or later, or in another epoch. @throws store.unavailable  it could not get there */
  async reach({ epoch, offset }: Cursor): Promise<void> {
    if (this.recent.offset >= offset || this.epoch !== epoch) return;
    this.known = Math.max(this.known, offset);
    await this.heal();
    if (this.recent.offset < offset && this.epoch === epoch) throw new Failure('store.unavailable');
  }

  /** The head as the store has it: heals a gap, and notices a restored backup. */
  meetHead(head: Head): void {
    if (head.epoch === this.epoch) this.hint(head.offset);
    else this.restart(head);
  }

  /** Sees to it that the entries after `from` are at hand. False when a snapshot is the better answer. */
  async cover(from: Cursor): Promise<boolean> {
    if (from.epoch !== this.epoch) return false;
    if (from.offset > this.recent.offset) await this.reach(from).catch(() => {});
    if (from.offset < this.recent.from && !this.isFar(from.offset)) {
      this.extending ??= this.extendBack().finally(() => {
        this.extending = null;
      });
      await this.extending;
    }
    return this.covers(from);
  }

  /** Whether a delta can start here: the epoch is this one, and the entries after it are at hand. */
  covers({ epoch, offset }: Cursor): boolean {
    return (
      epoch === this.epoch &&
      offset >= this.recent.from &&
      offset <= this.recent.offset &&
      !this.isFar(offset)
    );
  }

  /** Entries after `from`, which must be {@link covers covered}. */
  entriesAfter(from: number): readonly Entry[] {
    return this.recent.after(from);
  }

  /** The channel of a view; somebody must join it in the same instant. */
  channel(view: View): Channel {
    let channel = this.channels.get(view.key);
    if (!channel) {
      channel = new Channel(view, this.recent.offset, this.needs.encode);
      this.channels.add(channel);
    }
    return channel;
  }

  /** Known without looking at entries. False means that the view may have changed. */
  isUnchangedSince({ key }: View, offset: number): boolean {
    return this.channels.get(key)?.unchangedSince(offset) ?? false;
  }

  join(subscription: Subscription): void {
    const { channel, reader } = subscription;
    channel.subscribers.add(subscription);
    reader.subscriptions.push(subscription);
    this.channels.add(channel);
  }

  leave(subscription: Subscription): void {
    const { channel, reader } = subscription;
    channel.subscribers.delete(subscription);
    const at = reader.subscriptions.indexOf(subscription);
    if (at !== -1) reader.subscriptions.splice(at, 1);
    if (channel.subscribers.size === 0) this.channels.remove(channel);
  }

  private dispatch(raw: readonly LogEntry[]): void {
    const entries = raw.map(readEntry);
    for (const entry of entries) {
      this.recent.push(entry);
      // First those who decide who may read on: nothing past a revocation reaches the revoked (rule A1).
      this.needs.watcher.entry(this.org, entry);
    }
    const touched: Reader[] = [];
    for (const channel of this.channels.touchedBy(entries)) {
      const made = channel.advance(this.epoch, entries);
      if (!made) continue;
      for (const { reader } of channel.subscribers) {
        if (reader.stoppedAt !== null) continue;
        touched.push(reader);
        reader.queue(made.bytes, made.frameCount, made.offset);
      }
    }
    // A reader of several channels stands here more than once; its first flush takes everything.
    for (const reader of touched) reader.flush();
  }

  private heal(): Promise<void> {
    this.healing ??= this.readOn();
    return this.healing;
  }

  /** Reads the log as far as it is known to go. Only to be called when that is further than here. */
  private async readOn(): Promise<void> {
    try {
      while (this.known > this.recent.offset) await this.readPage();
    } catch (error) {
      this.needs.onTrouble(error);
    } finally {
      // In the same instant in which the loop saw that it was done: a hint after that must find nobody at work.
      this.healing = null;
    }
  }

  private async readPage(): Promise<void> {
    const { known } = this;
    const after = this.recent.offset;
    const page = await this.needs.log.read(this.org, after, PAGE_ENTRIES);
    if (!page) throw new Failure('access.forbidden', 'There is no such organisation any more.');
    const { head, entries } = page;
    if (head.epoch !== this.epoch || head.oldest > after + 1) return this.restart(head);
    if (entries.length === 0 && head.offset > after) throw new Error(`The log lacks what follows ${after}`);
    const { offset } = this.recent;
    const fresh = entries.filter((entry) => entry.offset > offset);
    if (fresh.length > 0) this.dispatch(fresh);
    // A hint may name an offset that was never committed. One that came while we read may be true: look again.
    else if (known === this.known && offset === after) this.known = offset;
  }

  /** The log is another one, or no longer reaches back to here: everybody starts anew. */
  private restart(head: Head): void {
    this.epoch = head.epoch;
    this.known = head.offset;
    this.recent = new Recent(head.offset, this.needs.bounds);
    this.channels.clear();
    this.needs.watcher.began(this.org);
    for (const reader of [...this.readers]) reader.resync();
  }

  /** So many entries that a snapshot costs less. */
  private isFar(from: number): boolean {
    return this.recent.offset - from > this.needs.bounds.catchUpMaxEntries;
  }

  /** Fetches older entries, newest first, as far as anybody may still be caught up from, or as memory allows. */
  private async extendBack(): Promise<void> {
    const floor = Math.max(0, this.recent.offset - this.needs.bounds.catchUpMaxEntries);
    while (this.recent.from > floor) {
      const { recent } = this;
      const until = recent.from;
      const after = Math.max(floor, until - PAGE_ENTRIES);
      const page = await this.needs.log.read(this.org, after, until - after).catch(this.needs.onTrouble);
      // While it was read the node may have dropped or restarted what these entries were to precede.
      if (!page || page.head.epoch !== this.epoch || recent !== this.recent || recent.from !== until) return;
      if (page.entries.at(-1)?.offset !== until || !recent.extendBack(page.entries.map(readEntry))) return;
      // Trimmed: there is nothing older.
      if (page.entries.length < until - after) return;
    }
  }
}
