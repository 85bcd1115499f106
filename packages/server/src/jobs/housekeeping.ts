import { type Clock, every } from '../clock.ts';
import { commands, queries } from '../domain/index.ts';
import type { HousekeepingNeeds } from './needs.ts';

const EVERY_MS = 60 * 60_000;
/** A server that has just started has better things to do. */
const FIRST_AFTER_MS = 60_000;
/** How long stopping waits for the run under way, which looks for an end between its steps. */
const STOP_MAX_MS = 2_000;
/** A message that failed may be sent again for so long. */
const SEND_AGAIN_DAYS = 30;
/** Who asks where a mail is asks by then. */
const ATTEMPT_DAYS = 14;
const DAY_MS = 24 * 60 * 60_000;

const system = { kind: 'system', name: 'housekeeping' } as const;

/**
 * What has to be cleared away now and then: old log entries, sessions whose time is over, blobs that no message names.
 * Every node of several does it; whoever comes second finds nothing to do.
 */
export class Housekeeping {
  private readonly cancels: readonly (() => void)[];
  private running: Promise<void> | null = null;
  private stopped = false;

  constructor(
    private readonly needs: HousekeepingNeeds,
    private readonly clock: Clock,
    private readonly logDays: number,
  ) {
    this.cancels = [
      clock.after(FIRST_AFTER_MS, () => void this.run()),
      every(clock, EVERY_MS, () => this.run()),
    ];
  }

  /** Never rejects. Called while a run is under way, it is that one. */
  run(): Promise<void> {
    this.running ??= this.clear().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  /** No run begins any more, and the one under way has ended, or was given up waiting for. */
  async stop(): Promise<void> {
    this.stopped = true;
    for (const cancel of this.cancels) cancel();
    if (this.running === null) return;
    let cancel = () => {};
    const late = new Promise<void>((resolve) => {
      cancel = this.clock.after(STOP_MAX_MS, () => {
        this.needs.log.warn('Housekeeping did not stop in time');
        resolve();
      });
    });
    await Promise.race([this.running, late]);
    cancel();
  }

  private async clear(): Promise<void> {
    await this.attempt('Organisations could not be cleared', async () => {
      const orgs = await this.needs.bus.query(queries.listOrganisations, {
        org: '',
        actor: system,
        input: {},
      });
      for (const { id: org } of orgs) {
        await this.attempt('Old log entries could not be dropped', () => this.trimLog(org), org);
        await this.attempt('Old sessions could not be dropped', () => this.dropSessions(org), org);
        await this.attempt('Old uploads could not be dropped', () => this.dropUploads(org), org);
        await this.attempt('Old failed sendings could not be dropped', () => this.dropSendings(org), org);
        await this.attempt(
          'Old attempts to bring mail could not be dropped',
          () => this.trimAttempts(org),
          org,
        );
      }
    });
    await this.attempt('Blobs could not be swept', () => this.sweepBlobs());
  }

  /** What fails is done again in an hour, and keeps nothing else from being done. */
  private async attempt(trouble: string, step: () => Promise<void>, org?: string): Promise<void> {
    if (this.stopped) return;
    try {
      await step();
    } catch (err) {
      if (!this.stopped) this.needs.log.error({ err, org }, trouble);
    }
  }

  private async trimLog(org: string): Promise<void> {
    const before = this.clock.now() - this.logDays * DAY_MS;
    let isMore = true;
    while (isMore && !this.stopped) {
      isMore = (await this.needs.bus.execute(commands.trimLog, { org, actor: system, input: { before } }))
        .result;
    }
  }

  private async dropSessions(org: string): Promise<void> {
    await this.needs.bus.execute(commands.dropExpiredSessions, { org, actor: system, input: {} });
  }

  private async dropUploads(org: string): Promise<void> {
    await this.needs.bus.execute(commands.dropOldUploads, { org, actor: system, input: {} });
  }

  private async dropSendings(org: string): Promise<void> {
    const before = this.clock.now() - SEND_AGAIN_DAYS * DAY_MS;
    await this.needs.bus.execute(commands.dropOldOutgoing, { org, actor: system, input: { before } });
  }

  private async trimAttempts(org: string): Promise<void> {
    const call = { org, actor: system, input: { before: this.clock.now() - ATTEMPT_DAYS * DAY_MS } };
    let isMore = true;
    while (isMore && !this.stopped)
      isMore = (await this.needs.bus.execute(commands.trimAttempts, call)).result;
  }

  private async sweepBlobs(): Promise<void> {
    const { bus, blobs, log } = this.needs;
    const swept = await blobs.sweep(async (digests) => {
      // The way out of a sweep, which may be long: what it has not asked about stays.
      if (this.stopped) throw new Error('The server stops.');
      return new Set(
        await bus.query(queries.referencedBlobs, { org: '', actor: system, input: { digests } }),
      );
    }, this.clock.now());
    if (swept.removed > 0) log.info({ ...swept }, 'Blobs that no message names were removed');
  }
}
