import {
  type Change,
  Failure,
  formatArrival,
  type MemberRow,
  type MessageRow,
  type Row,
  viewOfChannel,
} from '@roost/protocol';
import type { LogEntry } from '../../commands/index.ts';
import type { Head, ViewPage } from '../../domain/index.ts';
import type { Identity, LogReader, RowsRequest } from '../needs.ts';

export const ORG = 'o1';

/** A store of one organisation in memory: what sync asks of it, answered at once or when the test says so. */
export class SmallLog implements LogReader {
  epoch = 'e1';
  oldest = 1;
  entries: LogEntry[] = [];
  readonly members = new Map<string, MemberRow>();
  /** Reads of the log so far. */
  readCount = 0;
  isBroken = false;
  private messages = new Map<string, MessageRow>();
  private gate: Promise<void> = Promise.resolve();

  get offset(): number {
    return this.entries.at(-1)?.offset ?? this.oldest - 1;
  }

  deliver(...to: readonly string[]): LogEntry {
    const id = `${formatArrival(this.offset + 1)}000chance`;
    return this.put(id, to.length > 0 ? to : ['ann@x.test']);
  }

  /** The message gains or loses recipients. */
  put(id: string, to: readonly string[]): LogEntry {
    const before = this.messages.get(id) ?? null;
    const after = {
      id,
      version: this.offset + 1,
      to: [...to],
      subject: `at ${this.offset + 1}`,
    } as MessageRow;
    this.messages.set(id, after);
    return this.append({ kind: 'message', id, before, after });
  }

  remove(id: string): LogEntry {
    const before = this.messages.get(id) ?? null;
    this.messages.delete(id);
    return this.append({ kind: 'message', id, before, after: null });
  }

  join(userId: string): LogEntry {
    const row = { id: userId, version: this.offset + 1, read_offset: 0 } as MemberRow;
    this.members.set(userId, row);
    return this.append({ kind: 'member', id: userId, before: null, after: row });
  }

  leave(userId: string): LogEntry {
    const before = this.members.get(userId) ?? null;
    this.members.delete(userId);
    return this.append({ kind: 'member', id: userId, before, after: null });
  }

  /** Keeps only the newest entries. */
  trim(keptCount: number): void {
    this.oldest = this.offset + 1 - keptCount;
    this.entries = this.entries.slice(-keptCount);
  }

  /** Questions asked from now on are answered when the returned function is called, as of when they were asked. */
  hold(): () => void {
    let open = () => {};
    this.gate = new Promise((resolve) => {
      open = resolve;
    });
    return () => {
      this.gate = Promise.resolve();
      open();
    };
  }

  async heads(orgs: readonly string[]): Promise<readonly Head[]> {
    return this.answer(orgs.includes(ORG) ? [this.head] : []);
  }

  async read(_: string, after: number, limit: number) {
    this.readCount += 1;
    const entries = this.entries.filter(({ offset }) => offset > after).slice(0, limit);
    return this.answer({ head: this.head, entries });
  }

  async rows({ user_id }: Identity, { channel, params, before, limit }: RowsRequest): Promise<ViewPage> {
    if (!this.members.has(user_id)) throw new Failure('access.forbidden');
    const view = viewOfChannel(channel, params, user_id);
    const all: readonly Row[] =
      view.kind === 'member' ? [...this.members.values()] : [...this.messages.values()];
    const shown = all
      .filter((row) => view.includes(row as MessageRow & MemberRow) && (before === null || row.id < before))
      .sort((a, b) => (a.id < b.id ? 1 : -1));
    const rows = shown.slice(0, limit);
    return this.answer({
      epoch: this.epoch,
      offset: this.offset,
      rows: rows.map((row) => JSON.stringify(row)),
      next: shown.length > limit ? (rows.at(-1)?.id ?? null) : null,
    });
  }

  private get head(): Head {
    return { org: ORG, epoch: this.epoch, offset: this.offset, oldest: this.oldest };
  }

  private async answer<T>(value: T): Promise<T> {
    await this.gate;
    if (this.isBroken) throw new Failure('store.unavailable');
    return value;
  }

  private append(change: Change): LogEntry {
    const offset = this.offset + 1;
    const entry = {
      org: ORG,
      epoch: this.epoch,
      offset,
      at: 0,
      actor: '',
      changes: JSON.stringify([change]),
    };
    this.entries.push(entry);
    return entry;
  }
}
