import { Failure, type JobRow } from '@roost/protocol';
import { type Clock, every } from '../clock.ts';
import type { CommandBus } from '../commands/index.ts';
import { type ClaimedJob, commands, queries } from '../domain/index.ts';

/** What nobody is at is looked for so often. */
const LOOK_EVERY_MS = 1_000;
/** A node that has been silent for longer has lost its job to whoever looks next. */
const LEASE_MS = 30_000;
/** So often it says that it is alive; several may fail before the lease is over. */
const RENEW_EVERY_MS = 8_000;
/** After a failure that is not the job's own, it is tried again then. */
const AGAIN_AFTER_MS = 5_000;
const STOP_MAX_MS = 3_000;

const system = { kind: 'system', name: 'jobs' } as const;

/** What a worker needs to go on and to know that it shall not. */
export interface Hands {
  readonly org: string;
  /** Names this node to the commands of its steps. */
  readonly holder: string;
  /** Aborts when the job was cancelled, another node has it, or the server stops. */
  readonly signal: AbortSignal;
  /** Resolves after so long, or at once where it shall not go on. */
  rest(ms: number): Promise<void>;
}

export type Ending =
  | {
      readonly state: 'done' | 'failed';
      readonly problems?: readonly string[];
      readonly has_file?: boolean;
    }
  /** Its step was refused: it was cancelled, or another node has it. */
  | 'lost';

/** One kind of long work. Its steps are short commands that store where it stands; it looks at the signal between them. */
export interface Worker {
  run(job: ClaimedJob, hands: Hands): Promise<Ending>;
  /** Clears away what it needed for the work alone. Called once it is over for good. */
  clear?(job: ClaimedJob, ending: 'done' | 'failed' | 'lost'): Promise<void>;
}

export interface LongWorkNeeds {
  readonly bus: Pick<CommandBus, 'execute' | 'query'>;
  readonly log: { info(about: object, says: string): void; error(about: object, says: string): void };
  /** Told apart from every other node, and from this one before its restart. */
  readonly holder: string;
}

/** Long work, one job at a time on each node. Where a node stops, another goes on, or the same one after its restart. */
export class LongWork {
  private readonly stopLooking: () => void;
  private readonly stopping = new AbortController();
  private running: Promise<void> | null = null;
  private isTroubled = false;

  constructor(
    private readonly needs: LongWorkNeeds,
    private readonly workers: Partial<Record<JobRow['kind'], Worker>>,
    private readonly clock: Clock,
  ) {
    this.stopLooking = every(clock, LOOK_EVERY_MS, () => this.run());
  }

  /** Does all that there is to do. Never rejects. */
  run(): Promise<void> {
    this.running ??= this.work()
      .then(() => {
        this.isTroubled = false;
      })
      .catch((err: unknown) => {
        if (!this.isTroubled && !this.stopping.signal.aborted)
          this.needs.log.error({ err }, 'Jobs could not be looked for');
        this.isTroubled = true;
      })
      .finally(() => {
        this.running = null;
      });
    return this.running;
  }

  /** The job under way is left where it stands, for whoever comes next. */
  async stop(): Promise<void> {
    this.stopLooking();
    this.stopping.abort();
    if (this.running === null) return;
    let cancel = () => {};
    const late = new Promise<void>((resolve) => {
      cancel = this.clock.after(STOP_MAX_MS, resolve);
    });
    await Promise.race([this.running, late]);
    cancel();
  }

  private async work(): Promise<void> {
    const { bus, holder } = this.needs;
    while (!this.stopping.signal.aborted) {
      const due = await bus.query(queries.dueJobs, {
        org: '',
        actor: system,
        input: { now: this.clock.now() },
      });
      let claimed = 0;
      for (const { org, id } of due) {
        if (this.stopping.signal.aborted) return;
        const input = { job_id: id, holder, lease_ms: LEASE_MS };
        const { result: job } = await bus.execute(commands.claimJob, { org, actor: system, input });
        if (job === null) continue;
        claimed += 1;
        await this.do(org, job);
      }
      if (claimed === 0) return;
    }
  }

  private async do(org: string, job: ClaimedJob): Promise<void> {
    const { log, holder } = this.needs;
    const lost = new AbortController();
    const signal = AbortSignal.any([this.stopping.signal, lost.signal]);
    const hands = { org, holder, signal, rest: (ms: number) => this.rest(ms, signal) };
    const stopRenewing = every(this.clock, RENEW_EVERY_MS, async () => {
      // A renewal that fails is tried again; too many of them, and another node goes on.
      const goesOn = await this.renew(org, job.id, LEASE_MS).catch(() => true);
      if (!goesOn) lost.abort();
    });
    try {
      const worker = this.workers[job.kind];
      if (!worker) throw new Failure('request.invalid', 'This version does not know how to do it.');
      const ending = await worker.run(job, hands);
      if (this.stopping.signal.aborted && ending === 'lost') return void (await this.renew(org, job.id, 0));
      const state = await this.end(org, job.id, ending);
      await worker.clear?.(job, state);
    } catch (err) {
      if (this.stopping.signal.aborted) return void (await this.renew(org, job.id, 0).catch(() => {}));
      if (isPassing(err)) {
        log.error({ err, org, job: job.id }, 'A job waits until the store is well again');
        return void (await this.renew(org, job.id, AGAIN_AFTER_MS).catch(() => {}));
      }
      log.error({ err, org, job: job.id }, 'A job failed');
      const says =
        err instanceof Failure ? err.message : 'Something went wrong on the server; its log says more.';
      await this.end(org, job.id, { state: 'failed', problems: [says] });
      await this.workers[job.kind]?.clear?.(job, 'failed');
    } finally {
      stopRenewing();
    }
  }

  private async end(org: string, job_id: string, ending: Ending): Promise<'done' | 'failed' | 'lost'> {
    if (ending === 'lost') return 'lost';
    const { state, problems = [], has_file = false } = ending;
    const input = { job_id, holder: this.needs.holder, state, problems: [...problems], has_file };
    const { result } = await this.needs.bus.execute(commands.endJob, { org, actor: system, input });
    return result ? state : 'lost';
  }

  private async renew(org: string, job_id: string, lease_ms: number): Promise<boolean> {
    const input = { job_id, holder: this.needs.holder, lease_ms };
    return (await this.needs.bus.execute(commands.renewJob, { org, actor: system, input })).result;
  }

  private rest(ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted || ms <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        cancel();
        signal.removeEventListener('abort', done);
        resolve();
      };
      const cancel = this.clock.after(ms, done);
      signal.addEventListener('abort', done);
    });
  }
}

/** The machine failed, not the job: it goes on later, from where it stands. */
function isPassing(error: unknown): boolean {
  if (!(error instanceof Failure)) return false;
  return (
    error.code.startsWith('store.') || error.code === 'server.draining' || error.code === 'request.too_many'
  );
}
