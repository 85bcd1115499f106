import { type Clock, every } from '../clock.ts';
import type { CommandBus } from '../commands/index.ts';
import { type ClaimedJob, commands, PURGE_MAX_COUNT, type PurgeScope, queries } from '../domain/index.ts';
import type { JobFiles } from '../store/job-files.ts';
import type { Ending, Hands, Worker } from './long-work.ts';

/** What is past its time is looked for so often. */
const LOOK_EVERY_MS = 60 * 60_000;
const FIRST_AFTER_MS = 90_000;
const DAY_MS = 24 * 3_600_000;
/** A step that takes longer makes who waits behind it wait too; the next is then smaller. */
const STEP_WANTED_MS = 8;
const STEP_MIN_COUNT = 5;
const STEP_FIRST_COUNT = 20;
/** Between two steps it rests so many times as long as the store took for the one before. */
const REST_FACTOR = 3;
const REST_MIN_MS = 5;

const system = { kind: 'system', name: 'retention' } as const;

export interface PurgeNeeds {
  readonly bus: Pick<CommandBus, 'execute' | 'query'>;
  readonly files: Pick<JobFiles, 'sweep'>;
  readonly log: { error(about: object, says: string): void };
}

/** Deletes what is past its time, in steps so small that nobody beside it notices. */
export class PurgeWorker implements Worker {
  constructor(
    private readonly needs: Pick<PurgeNeeds, 'bus'>,
    private readonly clock: Clock,
  ) {}

  async run(job: ClaimedJob, hands: Hands): Promise<Ending> {
    const { org } = hands;
    const input = { now: this.clock.now() };
    const plan = await this.needs.bus.query(queries.planPurge, { org, actor: system, input });
    let done = job.stand.done;
    let limit = STEP_FIRST_COUNT;
    for (const scope of plan.scopes) {
      for (let after: string | null = ''; after !== null; ) {
        const began = this.clock.now();
        const step = await this.step(job, hands, { scope, after, limit, total: job.stand.done + plan.count });
        if (!step.isHeld) return 'lost';
        done += step.removed;
        after = step.next;
        const took = Math.max(0, this.clock.now() - began);
        limit = nextLimit(limit, took);
        await hands.rest(Math.max(REST_MIN_MS, took * REST_FACTOR));
        if (hands.signal.aborted) return 'lost';
      }
    }
    // What moved or was deleted meanwhile is not missing: all that was to go is gone.
    const told = { job_id: job.id, holder: hands.holder, position: null, done, total: done };
    const { result } = await this.needs.bus.execute(commands.advanceJob, { org, actor: system, input: told });
    return result ? { state: 'done' } : 'lost';
  }

  private async step(
    { id: job_id }: ClaimedJob,
    { org, holder }: Hands,
    step: { scope: PurgeScope; after: string; limit: number; total: number },
  ) {
    const input = { job_id, holder, ...step };
    return (await this.needs.bus.execute(commands.purgeMail, { org, actor: system, input })).result;
  }
}

function nextLimit(limit: number, tookMs: number): number {
  if (tookMs > STEP_WANTED_MS) return Math.max(STEP_MIN_COUNT, Math.floor(limit / 2));
  return tookMs * 2 <= STEP_WANTED_MS ? Math.min(PURGE_MAX_COUNT, limit + STEP_MIN_COUNT) : limit;
}

/**
 * Begins a purge in every organisation that has mail past its time, and clears records of long ago away. Every node
 * looks; one job is begun.
 */
export class Retention {
  private readonly cancels: readonly (() => void)[];
  private running: Promise<void> | null = null;
  private stopped = false;

  constructor(
    private readonly needs: PurgeNeeds,
    private readonly clock: Clock,
    private readonly ages: { readonly auditDays: number; readonly droppedDays: number },
  ) {
    this.cancels = [
      clock.after(FIRST_AFTER_MS, () => void this.run()),
      every(clock, LOOK_EVERY_MS, () => this.run()),
    ];
  }

  /** Never rejects. Called while a run is under way, it is that one. */
  run(): Promise<void> {
    this.running ??= this.look()
      .catch((err: unknown) => this.needs.log.error({ err }, 'Mail past its time could not be looked for'))
      .finally(() => {
        this.running = null;
      });
    return this.running;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    for (const cancel of this.cancels) cancel();
    await this.running;
  }

  private async look(): Promise<void> {
    const { bus } = this.needs;
    const orgs = await bus.query(queries.listOrganisations, { org: '', actor: system, input: {} });
    for (const { id: org } of orgs) {
      if (this.stopped) return;
      const plan = await bus.query(queries.planPurge, {
        org,
        actor: system,
        input: { now: this.clock.now() },
      });
      if (plan.scopes.length > 0) await bus.execute(commands.beginPurge, { org, actor: system, input: {} });
      const of = { org, actor: system };
      const audited = { before: this.clock.now() - this.ages.auditDays * DAY_MS };
      const dropped = { before: this.clock.now() - this.ages.droppedDays * DAY_MS };
      await this.untilDone(async () => (await bus.execute(commands.clearJobs, { ...of, input: {} })).result);
      await this.untilDone(
        async () => (await bus.execute(commands.trimAudit, { ...of, input: audited })).result,
      );
      await this.untilDone(
        async () => (await bus.execute(commands.trimDropped, { ...of, input: dropped })).result,
      );
    }
    await this.needs.files.sweep(
      (job_ids) => bus.query(queries.jobsWithFiles, { org: '', actor: system, input: { job_ids } }),
      this.clock.now(),
    );
  }

  private async untilDone(isMore: () => Promise<boolean>): Promise<void> {
    while (!this.stopped && (await isMore()));
  }
}
