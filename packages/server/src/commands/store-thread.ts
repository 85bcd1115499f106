import { Failure } from '@roost/protocol';
import type { Clock, Random } from '../clock.ts';
import { OpeningError } from '../store/opening-error.ts';
import type { Call, GroupOutcome, QueryCall, QueryOutcome } from './engine.ts';
import type { FromThread, ToThread } from './thread-messages.ts';

/** A thread that ended is started again after a growing pause, never longer than this. */
const RESTART_MIN_MS = 100;
const RESTART_MAX_MS = 10_000;

/** What is used of a `Worker`. */
export interface ThreadPort {
  postMessage(message: ToThread): void;
  on(event: 'message', hear: (message: FromThread) => void): unknown;
  on(event: 'error', hear: (error: unknown) => void): unknown;
  on(event: 'exit', hear: (code: number) => void): unknown;
  terminate(): Promise<number>;
}

interface Waiting {
  resolve(outcome: GroupOutcome | QueryOutcome): void;
  reject(error: Failure): void;
}

type State =
  | { readonly name: 'starting'; readonly port: ThreadPort }
  | { readonly name: 'ready'; readonly port: ThreadPort }
  | { readonly name: 'pausing'; readonly cancel: () => void }
  | { readonly name: 'closing'; readonly port: ThreadPort }
  | { readonly name: 'ended' };

/**
 * A thread beside the store, kept alive. Requests are matched to outcomes by number. When the thread ends by
 * itself, everything that waits for it is refused, and it is started again; until then all is refused at once.
 */
export class StoreThread {
  private state: State = { name: 'ended' };
  private readonly waiting = new Map<number, Waiting>();
  private asked = 0;
  private failedStarts = 0;
  private ended: () => void = () => {};

  constructor(
    private readonly name: string,
    private readonly spawn: () => ThreadPort,
    private readonly clock: Clock,
    private readonly random: Random,
    private readonly onTrouble: (says: string, cause: unknown) => void,
  ) {}

  /** Starts the thread for the first time. @throws OpeningError  it is then not tried again */
  start(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.launch(resolve, (error) => {
        this.state = { name: 'ended' };
        reject(error instanceof OpeningError ? error : new OpeningError(String(error), { cause: error }));
      });
    });
  }

  run(calls: readonly Call[]): Promise<GroupOutcome> {
    return this.ask((id) => ({ kind: 'run', id, calls })) as Promise<GroupOutcome>;
  }

  query(call: QueryCall): Promise<QueryOutcome> {
    return this.ask((id) => ({ kind: 'query', id, call })) as Promise<QueryOutcome>;
  }

  /** Lets the thread finish what it was asked, and ends it at the deadline in any case. */
  async close(deadlineMs: number): Promise<void> {
    const { state } = this;
    if (state.name === 'pausing') state.cancel();
    if (state.name !== 'starting' && state.name !== 'ready') {
      this.state = { name: 'ended' };
      return;
    }
    const ended = new Promise<void>((resolve) => {
      this.ended = resolve;
    });
    this.state = { name: 'closing', port: state.port };
    state.port.postMessage({ kind: 'close' });
    const cancel = this.clock.after(deadlineMs, () => {
      this.onTrouble(`The store's ${this.name} did not close in time and was ended.`, null);
      void state.port.terminate();
    });
    await ended;
    cancel();
  }

  private async ask(message: (id: number) => ToThread): Promise<GroupOutcome | QueryOutcome> {
    if (this.state.name !== 'ready') throw new Failure('store.unavailable');
    const { port } = this.state;
    this.asked += 1;
    const id = this.asked;
    return new Promise((resolve, reject) => {
      port.postMessage(message(id));
      this.waiting.set(id, { resolve, reject });
    });
  }

  private launch(onReady: () => void, onFailedStart: (error: unknown) => void): void {
    const port = this.spawn();
    let problem: unknown = null;
    this.state = { name: 'starting', port };
    port.on('message', (message) => {
      switch (message.kind) {
        case 'ready':
          if (this.state.name === 'starting') this.state = { name: 'ready', port };
          this.failedStarts = 0;
          return onReady();
        case 'unopened':
          problem = new OpeningError(message.says);
          return void port.terminate();
        case 'outcome': {
          const asked = this.waiting.get(message.id);
          this.waiting.delete(message.id);
          return asked?.resolve(message.outcome);
        }
      }
    });
    port.on('error', (error) => {
      problem = error;
    });
    port.on('exit', (code) => this.exited(problem ?? new Error(`exit code ${code}`), onFailedStart));
  }

  private exited(problem: unknown, onFailedStart: (error: unknown) => void): void {
    const before = this.state;
    const failure = new Failure('store.unavailable', undefined, { cause: problem });
    for (const asked of this.waiting.values()) asked.reject(failure);
    this.waiting.clear();
    if (before.name === 'closing') {
      this.state = { name: 'ended' };
      this.ended();
    } else if (before.name === 'starting') {
      onFailedStart(problem);
    } else {
      this.onTrouble(`The store's ${this.name} ended unexpectedly and is started again.`, problem);
      this.restartLater();
    }
  }

  private restartLater(): void {
    const ceiling = Math.min(RESTART_MAX_MS, RESTART_MIN_MS * 2 ** this.failedStarts);
    const pauseMs = RESTART_MIN_MS + this.random() * (ceiling - RESTART_MIN_MS);
    this.failedStarts += 1;
    const cancel = this.clock.after(pauseMs, () => {
      this.launch(
        () => this.onTrouble(`The store's ${this.name} runs again.`, null),
        (error) => {
          this.onTrouble(`The store's ${this.name} could not be started again; it is tried later.`, error);
          this.restartLater();
        },
      );
    });
    this.state = { name: 'pausing', cancel };
  }
}
