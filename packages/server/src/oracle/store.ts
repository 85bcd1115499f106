import { systemClock } from '../clock.ts';
import type { LogEntry } from '../commands/index.ts';
import type { Database, Tx, WriteTx } from '../store/database.ts';
import type { Tables } from '../store/tables.ts';
import { History } from './history.ts';
import type { Looking } from './looking.ts';
import { readRows } from './stored-rows.ts';

/** Tables of one organisation that matter to its readers and writers, as a backup holds them. */
const BACKED_UP = [
  'head',
  'log',
  'answer',
  'organisation',
  'member',
  'session',
  'api_token',
  'sign_in_link',
  'inbox',
  'message',
  'recipient',
  'contact',
  'contact_identity',
  'conversation',
  'conversation_label',
  'participant',
  'thread_key',
  'read_cursor',
  'outbox',
  'label',
] as const satisfies readonly (keyof Tables)[];

type Backup = ReadonlyMap<string, readonly Record<string, string | number | null>[]>;

const READY_WITHIN_MS = 10_000;

/** Calls on their way to the database and back: real time may pass, virtual time must not. */
export class Traffic {
  private count = 0;

  async track<T>(run: () => Promise<T>): Promise<T> {
    this.count += 1;
    try {
      return await run();
    } finally {
      this.count -= 1;
    }
  }

  /** Lets real time pass until something outside of this world is ready. */
  async until(isReady: () => boolean): Promise<void> {
    const deadline = systemClock.now() + READY_WITHIN_MS;
    while (!isReady()) {
      if (systemClock.now() > deadline) throw new Error('The services around the world are not ready');
      await turn();
    }
  }

  /** Resolves when nothing more happens without time passing. */
  async settled(): Promise<void> {
    do {
      // Twice: what the first turn brings may ask for another one, as the command bus does.
      await turn();
      await turn();
    } while (this.count > 0);
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** One organisation in the store, with the memory of what it ever held. */
export class WorldStore {
  private readonly histories = new Map<string, History>();
  private current: History | null = null;
  private backup: Backup | null = null;

  constructor(
    readonly database: Database,
    readonly org: string,
    private readonly traffic: Traffic,
    private readonly heard: (entry: LogEntry) => void,
  ) {}

  get history(): History {
    if (!this.current) throw new Error('The world has not begun');
    return this.current;
  }

  historyOf(epoch: string): History | undefined {
    return this.histories.get(epoch);
  }

  /** Whether there was a moment at which somebody was to see nothing of a channel. */
  wasEverEmpty(looking: Looking): boolean {
    return [...this.histories.values()].some((history) =>
      history.moments(looking, 0, history.head).some((rows) => rows.length === 0),
    );
  }

  /** Whatever was committed, whether or not anybody lives to tell. */
  committed(entries: readonly LogEntry[]): void {
    if (!this.current) return;
    for (const entry of entries.filter(({ org }) => org === this.org)) {
      this.current.append(entry);
      this.heard(entry);
    }
  }

  async begin(): Promise<void> {
    this.current = await this.track(() => this.database.read((tx) => this.readHistory(tx)));
    this.histories.set(this.current.epoch, this.current);
  }

  async backUp(): Promise<void> {
    this.backup = await this.track(() =>
      this.database.read(async (tx) => {
        const tables = new Map<string, Record<string, string | number | null>[]>();
        for (const table of BACKED_UP)
          tables.set(table, await tx.all(`select * from ${table} where ${keyOf(table)} = ?`, this.org));
        return tables;
      }),
    );
  }

  /** Puts back what the backup held, under a new epoch. Without a backup nothing happens. */
  async restore(epoch: string): Promise<void> {
    const { backup } = this;
    if (!backup) return;
    await this.track(() =>
      this.database.write(async (tx) => {
        // In place, and first: whoever waits for this row to write is to find it, with the log it now belongs to.
        const [head] = backup.get('head') ?? [];
        await tx.run(
          'update head set epoch = ?, "offset" = ?, oldest = ? where org = ?',
          epoch,
          head?.offset ?? 0,
          head?.oldest ?? 1,
          this.org,
        );
        await this.refill(tx, backup);
        this.current = await this.readHistory(tx);
        this.histories.set(this.current.epoch, this.current);
      }),
    );
  }

  /** Drops the older part of the log, keeping some entries. */
  async trim(keptCount: number): Promise<void> {
    await this.track(() =>
      this.database.write(async (tx) => {
        const oldest = Math.max(1, this.history.head + 1 - keptCount);
        await tx.run('delete from log where org = ? and "offset" < ?', this.org, oldest);
        await tx.run('update head set oldest = ? where org = ? and oldest < ?', oldest, this.org, oldest);
      }),
    );
  }

  track<T>(run: () => Promise<T>): Promise<T> {
    return this.traffic.track(run);
  }

  private async refill(tx: WriteTx, backup: Backup): Promise<void> {
    for (const table of BACKED_UP) {
      if (table === 'head') continue;
      await tx.run(`delete from ${table} where ${keyOf(table)} = ?`, this.org);
      const rows = backup.get(table) ?? [];
      const [first] = rows;
      if (!first) continue;
      const columns = Object.keys(first);
      await tx.insertMany(
        table,
        columns,
        rows.map((row) => columns.map((column) => row[column] ?? null)),
      );
    }
  }

  private async readHistory(tx: Tx): Promise<History> {
    const head = await tx.get<{ epoch: string; offset: number }>(
      'select epoch, "offset" from head where org = ?',
      this.org,
    );
    if (!head) throw new Error('There is no such organisation');
    return new History(head.epoch, head.offset, await readRows(tx, this.org));
  }
}

function keyOf(table: string): string {
  return table === 'organisation' ? 'id' : 'org';
}
