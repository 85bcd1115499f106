import { type Cursor, Failure, limits, type View } from '@roost/protocol';
import type { LogEntry } from '../commands/index.ts';
import type { Head } from '../domain/index.ts';
import { Channel } from './channel.ts';
import { type Entry, readEntry } from './entry.ts';
import type { EncodeFrame, LogReader } from './needs.ts';
import type { Reader, Subscription } from './reader.ts';
import { Recent } from './recent.ts';

/** Entries read at once when a node finds that it missed some. */
const HEAL_PAGE_ENTRIES = 500;

export type Watcher = (org: string, entry: Entry) => void;

/**
 * One organisation's log as it passes through this node: entries come in order without gaps, and go to the
 * channels that they touch. An entry that does not continue the log is taken for a hint, and the log is read.
 */
export class Feed {
  private readonly channels = new Map<string, Channel>();
  private recent: Recent;
  private epoch: string;
  /** The newest offset heard of. */
  private known: number;
  private healing: Promise<void> | null = null;
  private extending: Promise<void> | null = null;

  constructor(
    readonly org: string,
    head: Head,
    private readonly log: LogReader,
    private readonly encode: EncodeFrame,
    private readonly watch: Watcher,
    private readonly onTrouble: (error: unknown) => void,
  ) {
    this.epoch = head.epoch;
    this.known = head.offset;
    this.recent = new Recent(head.offset);
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
    const offset = this.recent.offset;
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

  /** Resolves when this node stands at `offset` or later. @throws store.unavailable  it could not get there */
  async reach(offset: number): Promise<void> {
    if (this.recent.offset >= offset) return;
    this.known = Math.max(this.known, offset);
    await this.heal();
    if (this.recent.offset < offset) throw new Failure('store.unavailable');
  }

  /** The head as the store has it: heals a gap, and notices a restored backup. */
  meetHead(head: Head): void {
    if (head.epoch === this.epoch) this.hint(head.offset);
    else this.restart(head);
  }

  /** Sees to it that the entries after `from` are at hand. False when a snapshot is the better answer. */
  async cover(from: number): Promise<boolean> {
    if (from > this.recent.offset) await this.reach(from).catch(() => {});
    if (from > this.recent.offset) return false;
    if (from >= this.recent.from) return true;
    if (this.recent.offset - from > limits.CATCH_UP_MAX_ENTRIES) return false;
    this.extending ??= this.extendBack().finally(() => {
      this.extending = null;
    });
    await this.extending;
    return from >= this.recent.from;
  }

  /** Entries after `from`; only what {@link cover} promised. */
  entriesAfter(from: number): readonly Entry[] {
    return this.recent.after(from);
  }

  covers(from: number): boolean {
    return from >= this.recent.from && from <= this.recent.offset;
  }

  channel(view: View): Channel {
    let channel = this.channels.get(view.key);
    if (!channel) {
      channel = new Channel(view, this.recent.offset, this.encode);
      this.channels.set(view.key, channel);
    }
    return channel;
  }

  existing(key: string): Channel | undefined {
    return this.channels.get(key);
  }

  join(subscription: Subscription): void {
    subscription.channel.subscribers.add(subscription);
    subscription.reader.subscriptions.push(subscription);
    this.channels.set(subscription.channel.view.key, subscription.channel);
  }

  leave(subscription: Subscription): void {
    const { channel, reader } = subscription;
    channel.subscribers.delete(subscription);
    const at = reader.subscriptions.indexOf(subscription);
    if (at !== -1) reader.subscriptions.splice(at, 1);
    if (channel.subscribers.size === 0) this.channels.delete(channel.view.key);
  }

  private dispatch(raw: readonly LogEntry[]): void {
    const entries = raw.map(readEntry);
    for (const entry of entries) {
      this.recent.push(entry);
      // First those who decide who may read on: nothing past a revocation reaches the revoked (rule A1).
      this.watch(this.org, entry);
    }
    const offset = this.recent.offset;
    const touched: Reader[] = [];
    for (const channel of this.touchedBy(entries)) {
      const made = channel.advance(this.epoch, entries);
      if (!made) continue;
      for (const { reader } of channel.subscribers) {
        if (reader.stoppedAt !== null) continue;
        touched.push(reader);
        reader.queue(made.bytes, made.frameCount);
      }
    }
    // A reader of several channels stands here more than once; its first flush takes everything.
    for (const reader of touched) reader.flush(offset);
  }

  /** Channels that may show one of the changed entities. */
  private touchedBy(entries: readonly Entry[]): Iterable<Channel> {
    const kinds = new Set<string>();
    const ids = new Set<string>();
    for (const { changes } of entries) {
      for (const change of changes) {
        kinds.add(change.kind);
        ids.add(change.id);
      }
    }
    const touched: Channel[] = [];
    for (const channel of this.channels.values()) {
      const { kind, only } = channel.view;
      if (kinds.has(kind) && (only === undefined || ids.has(only))) touched.push(channel);
    }
    return touched;
  }

  private heal(): Promise<void> {
    this.healing ??= this.readOn()
      .catch(this.onTrouble)
      .finally(() => {
        this.healing = null;
      });
    return this.healing;
  }

  private async readOn(): Promise<void> {
    while (this.known > this.recent.offset) {
      const after = this.recent.offset;
      const page = await this.log.read(this.org, after, HEAL_PAGE_ENTRIES);
      if (!page) return;
      if (page.head.epoch !== this.epoch || page.head.oldest > after + 1) {
        this.restart(page.head);
        return;
      }
      const offset = this.recent.offset;
      const fresh = page.entries.filter((entry) => entry.offset > offset);
      if (fresh.length > 0) this.dispatch(fresh);
      // A hint may name an offset that was never committed; the head is what counts.
      else if (page.head.offset <= this.recent.offset) this.known = this.recent.offset;
    }
  }

  /** The log is another one, or no longer reaches back to here: everybody starts anew. */
  private restart(head: Head): void {
    this.epoch = head.epoch;
    this.known = head.offset;
    this.recent = new Recent(head.offset);
    const readers = new Set<Reader>();
    for (const channel of this.channels.values())
      for (const { reader } of channel.subscribers) readers.add(reader);
    this.channels.clear();
    for (const reader of readers) reader.resync();
  }

  private async extendBack(): Promise<void> {
    const from = Math.max(0, this.recent.offset - limits.CATCH_UP_MAX_ENTRIES);
    const until = this.recent.from;
    const page = await this.log
      .read(this.org, from, until - from)
      .catch((error: unknown) => this.onTrouble(error));
    const last = page?.entries.at(-1);
    // While it was read the node may have dropped or restarted what these entries were to precede.
    if (!page || page.head.epoch !== this.epoch || !last || last.offset !== this.recent.from) return;
    this.recent.extendBack(page.entries.map(readEntry));
  }
}
