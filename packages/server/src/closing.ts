import { limits } from '@roost/protocol';
import { type Clock, systemClock } from './clock.ts';
import type { Log } from './log.ts';

/** Edges that are not done by then are left behind: what they had not been answered, they ask again. */
const EDGES_MAX_MS = limits.DRAIN_DEADLINE_MS * 0.7;

type Close = () => Promise<unknown> | unknown;
interface Closer {
  readonly what: string;
  readonly close: Close;
}

/**
 * How everything that was opened is closed again: first the edges, all at once, so that nothing new comes in; then
 * the rooms behind them, last opened first, so that none loses what it stands on.
 */
export class Closing {
  private readonly edges: Closer[] = [];
  private readonly rooms: Closer[] = [];

  constructor(
    private readonly log: Pick<Log, 'error' | 'warn'>,
    private readonly clock: Clock = systemClock,
  ) {}

  edge(what: string, close: Close): void {
    this.edges.push({ what, close });
  }

  room(what: string, close: Close): void {
    this.rooms.push({ what, close });
  }

  /** Never rejects: one that fails to close does not keep the others open. */
  async close(): Promise<void> {
    await Promise.all(this.edges.map((edge) => this.closeInTime(edge)));
    for (const room of this.rooms.reverse()) await this.closeOne(room);
  }

  private async closeInTime(edge: Closer): Promise<void> {
    let cancel = () => {};
    const late = new Promise<void>((resolve) => {
      cancel = this.clock.after(EDGES_MAX_MS, () => {
        this.log.warn({ what: edge.what }, 'Some clients did not go in time');
        resolve();
      });
    });
    await Promise.race([this.closeOne(edge), late]);
    cancel();
  }

  private async closeOne({ what, close }: Closer): Promise<void> {
    try {
      await close();
    } catch (error) {
      this.log.error({ err: error, what }, 'Closing failed');
    }
  }
}
