import { type Clock, every } from '../clock.ts';
import { commands, queries } from '../domain/index.ts';
import type { HousekeepingNeeds } from './needs.ts';

/** How late, at most, a conversation comes back. */
const EVERY_MS = 5_000;

const system = { kind: 'system', name: 'snoozes' } as const;

/** Opens snoozed conversations again when their time has come. Every node does it; whoever comes second finds nothing. */
export class Snoozes {
  private readonly cancel: () => void;
  private running: Promise<void> | null = null;

  constructor(
    private readonly needs: Pick<HousekeepingNeeds, 'bus' | 'log'>,
    private readonly clock: Clock,
  ) {
    this.cancel = every(clock, EVERY_MS, () => this.run());
  }

  /** Never rejects. Called while a run is under way, it is that one. */
  run(): Promise<void> {
    this.running ??= this.wake()
      .catch((err: unknown) => this.needs.log.error({ err }, 'Snoozed conversations could not be opened'))
      .finally(() => {
        this.running = null;
      });
    return this.running;
  }

  /** No run begins any more, and the one under way has ended. */
  async stop(): Promise<void> {
    this.cancel();
    await this.running;
  }

  private async wake(): Promise<void> {
    const { bus } = this.needs;
    const due = await bus.query(queries.findDueSnoozes, {
      org: '',
      actor: system,
      input: { now: this.clock.now() },
    });
    for (const org of new Set(due.map((one) => one.org))) {
      const conversation_ids = due.filter((one) => one.org === org).map(({ id }) => id);
      await bus.execute(commands.wakeConversations, { org, actor: system, input: { conversation_ids } });
    }
  }
}
