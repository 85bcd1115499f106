import { type AccessRow, type Cursor, Failure, type View } from '@roost/protocol';
import type { LogEntry } from '../commands/index.ts';
import type { Head } from '../domain/index.ts';
import type { Bounds } from './bounds.ts';
import { Channel } from './channel.ts';
import { Channels } from './channels.ts';
import { type Entry, readEntry } from './entry.ts';
import type { EncodeFrame, LogReader } from './needs.ts';
import type { Reader, Subscription } from './reader.ts';
import { Recent } from './recent.ts';
import { RowTexts } from './row-texts.ts';
import type { UnreadTally } from './unread-tally.ts';

/** Entries read from the log at once. */
const PAGE_ENTRIES = 500;
/** People whose access is kept at hand, connected here or polling. */
const ACCESSES_MAX = 20_000;
const ACCESS_MAX_TRIES = 4;

/** Hears of what passes through this node of the logs that it follows, before any reader does. */
export interface Watcher {
  entry(org: string, entry: Entry): void;
  /** The node begins to follow this log here and now: what happened before, it may not have heard of. */
  began(org: string): void;
  /** Live readers have been handed what came of the entries so far. */
  handed?(org: string): void;
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
  /** What people may see where this node stands, of those who asked. */
  private readonly accesses = new Map<string, AccessRow>();

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

  /**
   * What somebody may see where this node stands (rule A2).
   *
   * @throws store.unavailable
   */
  async access(userId: string): Promise<AccessRow> {
    for (let tries = 0; tries < ACCESS_MAX_TRIES; tries += 1) {
      const known = this.accesses.get(userId);
      if (known) return known;
      const found = await this.needs.log.access(this.org, userId);
      await this.reach(found);
      if (!this.covers(found)) continue;
      // From here to the end nothing waits, so that no entry passes between what was read and what is kept.
      this.keepAccess(newestAccess(userId, found.access, this.entriesAfter(found.offset)));
    }
    throw new Failure('store.unavailable');
  }

  /** Past the bound whoever asked first is forgotten, and asked for again when they come. */
  private keepAccess(access: AccessRow): void {
    const [first] = this.accesses.size >= ACCESSES_MAX ? this.accesses.keys() : [];
    if (first !== undefined) this.accesses.delete(first);
    this.accesses.set(access.id, access);
  }

  /** Whether somebody may still see what they could see then, as far as this node has heard. */
  isAccess({ id, version }: AccessRow): boolean {
    return this.accesses.get(id)?.version === version;
  }

  /** The channel of a view; somebody must join it in the same instant. @param tally  for a view that is folded */
  channel(view: View, tally: UnreadTally | null = null): Channel {
    let channel = this.channels.get(view);
    if (!channel) {
      channel = new Channel(view, this.recent.offset, this.needs.encode, tally);
      this.channels.add(channel);
    }
    return channel;
  }

  /** The fold of a view that somebody on this node has open, as of where the node stands. */
  tallyOf(view: View): UnreadTally | null {
    return this.channels.get(view)?.tally ?? null;
  }

  /** Known without looking at entries. False means that the view may have changed. */
  isUnchangedSince(view: View, offset: number): boolean {
    return this.channels.get(view)?.unchangedSince(offset) ?? false;
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
    this.reopenWhoseAccessChanged(entries);
    const touched: Reader[] = [];
    const texts = new RowTexts();
    for (const channel of [...this.channels.touchedBy(entries)]) {
      const made = channel.advance(this.epoch, entries, texts);
      if (channel.isStale) {
        this.reopen([...channel.subscribers].map(({ reader }) => reader));
        this.channels.remove(channel);
        continue;
      }
      if (!made) continue;
      for (const { reader } of channel.subscribers) {
        if (reader.stoppedAt !== null) continue;
        touched.push(reader);
        reader.queue(made.bytes, made.frameCount, made.offset);
      }
    }
    // A reader of several channels stands here more than once; its first flush takes everything.
    for (const reader of touched) reader.flush();
    this.needs.watcher.handed?.(this.org);
  }

  /**
   * Whoever may see something else from here on gets nothing more by what they have open: each of their channels is
   * opened anew, which tells what they held to go (rule A2).
   */
  private reopenWhoseAccessChanged(entries: readonly Entry[]): void {
    const userIds = new Set<string>();
    for (const { changes } of entries) {
      for (const { kind, id, after } of changes) {
        if (kind !== 'access') continue;
        userIds.add(id);
        // Who comes back later begins with an access of their own.
        if (after === null) this.accesses.delete(id);
        else if (this.accesses.has(id)) this.accesses.set(id, after as AccessRow);
      }
    }
    if (userIds.size === 0) return;
    this.reopen([...this.readers].filter(({ identity }) => userIds.has(identity.user_id)));
  }

  private reopen(readers: readonly Reader[]): void {
    for (const reader of new Set(readers)) {
      for (const subscription of reader.subscriptions) {
        const { channel } = subscription;
        channel.subscribers.delete(subscription);
        if (channel.subscribers.size === 0) this.channels.remove(channel);
      }
      reader.reopen();
    }
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
    this.accesses.clear();
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

/** What somebody may see after these entries, of whom it is known what they could see before. */
function newestAccess(userId: string, before: AccessRow, entries: readonly Entry[]): AccessRow {
  let newest = before;
  for (const { changes } of entries)
    for (const { kind, id, after } of changes)
      if (kind === 'access' && id === userId && after !== null) newest = after as AccessRow;
  return newest;
}
