import { Failure } from '@roost/protocol';
import { type Clock, every } from '../clock.ts';
import type { LogEntry } from '../commands/index.ts';
import { type Bounds, DEFAULT_BOUNDS } from './bounds.ts';
import { Feed, type Watcher } from './feed.ts';
import type { EncodeFrame, LogReader } from './needs.ts';

/** How often a node looks at the heads by itself. Hints only make it faster; without any, this is the delay. */
export const TAIL_INTERVAL_MS = 500;
/** A feed that nobody used for so long is let go. */
const IDLE_MS = 5 * 60_000;

/** The logs that this node follows: those somebody here reads, kept up by commits, hints and looking. */
export class Feeds {
  private readonly loading = new Map<string, Promise<Feed>>();
  private readonly followed = new Map<string, { readonly feed: Feed; usedAt: number }>();
  private readonly watchers: Watcher[] = [];
  private readonly stopTail: () => void;

  constructor(
    private readonly log: LogReader,
    private readonly encode: EncodeFrame,
    private readonly clock: Clock,
    private readonly onTrouble: (error: unknown) => void,
    private readonly bounds: Bounds = DEFAULT_BOUNDS,
  ) {
    this.stopTail = every(clock, TAIL_INTERVAL_MS, () => this.tail());
  }

  stop(): void {
    this.stopTail();
  }

  watch(watcher: Watcher): void {
    this.watchers.push(watcher);
  }

  get channelCount(): number {
    let count = 0;
    for (const { feed } of this.followed.values()) count += feed.channelCount;
    return count;
  }

  /** The log of an organisation, if this node follows it already. */
  at(org: string): Feed | undefined {
    const followed = this.followed.get(org);
    if (followed) followed.usedAt = this.clock.now();
    return followed?.feed;
  }

  /** Whether this node follows the log; asking is no use of it. */
  follows(org: string): boolean {
    return this.followed.has(org);
  }

  /** @throws access.forbidden  there is no such organisation */
  async follow(org: string): Promise<Feed> {
    const feed = this.at(org);
    if (feed) return feed;
    let loading = this.loading.get(org);
    if (!loading) {
      loading = this.load(org).finally(() => this.loading.delete(org));
      this.loading.set(org, loading);
    }
    return loading;
  }

  accept(entries: readonly LogEntry[]): void {
    for (const [org, ofOrg] of groupByOrg(entries)) this.followed.get(org)?.feed.accept(ofOrg);
  }

  hint(org: string, offset: number): void {
    this.followed.get(org)?.feed.hint(offset);
  }

  private async load(org: string): Promise<Feed> {
    const [head] = await this.log.heads([org]);
    if (!head) throw new Failure('access.forbidden', 'There is no such organisation.');
    const { log, encode, bounds, onTrouble } = this;
    const usedAt = this.clock.now();
    const feed = new Feed(org, head, usedAt, { log, encode, bounds, onTrouble, watcher: this.all });
    this.followed.set(org, { feed, usedAt });
    this.all.began(org);
    return feed;
  }

  private readonly all: Watcher = {
    entry: (org, entry) => {
      for (const watcher of this.watchers) watcher.entry(org, entry);
    },
    began: (org) => {
      for (const watcher of this.watchers) watcher.began(org);
    },
    handed: (org) => {
      for (const watcher of this.watchers) watcher.handed?.(org);
    },
  };

  private async tail(): Promise<void> {
    this.letIdleOnesGo();
    if (this.followed.size === 0) return;
    try {
      for (const head of await this.log.heads([...this.followed.keys()]))
        this.followed.get(head.org)?.feed.meetHead(head);
    } catch (error) {
      this.onTrouble(error);
    }
  }

  private letIdleOnesGo(): void {
    const before = this.clock.now() - IDLE_MS;
    for (const [org, { feed, usedAt }] of this.followed)
      if (feed.readers.size === 0 && usedAt <= before) this.followed.delete(org);
  }
}

function groupByOrg(entries: readonly LogEntry[]): Map<string, LogEntry[]> {
  const groups = new Map<string, LogEntry[]>();
  for (const entry of entries) {
    const group = groups.get(entry.org);
    if (group) group.push(entry);
    else groups.set(entry.org, [entry]);
  }
  return groups;
}
