export type State =
  /** Not started. */
  | 'idle'
  /** Getting a token and a socket. */
  | 'connecting'
  /** The socket is open and the hello sent. */
  | 'authenticating'
  /** The server knows us; what was missed is on its way. */
  | 'catching-up'
  /** Everything wanted is current and stays so. */
  | 'live'
  /** The next attempt is due after a delay. */
  | 'waiting'
  /** Sockets failed often: lists are polled until the next attempt is due … */
  | 'polling'
  /** … and while it runs. */
  | 'probing'
  /** The device says that it has no network. */
  | 'offline'
  /** Nothing will happen until somebody starts it again. */
  | 'stopped';

export type Input =
  /** The app or the person wants a connection, now. */
  | 'start'
  | 'stop'
  /** Time to try: the delay has passed, somebody looks again, the network is back. */
  | 'due'
  | 'offline'
  | 'opened'
  | 'welcomed'
  /** Everything missed has arrived. */
  | 'current'
  /** The attempt or connection failed. */
  | 'lost'
  /** It failed once too often to show nothing new until the next attempt. */
  | 'poll'
  /** This connection is void, and there is reason to believe that a new one works. */
  | 'again'
  /** Trying is of no use. */
  | 'end';

/** Nothing to do: the input means nothing in this state, or comes from something that has ended since. */
const _ = null;

/** The state to enter for every input in every state. Entering the same state anew is different from `_`. */
// biome-ignore format: a table is read by columns
export const next: Record<State, Record<Input, State | null>> = {
  idle: {
    start: 'connecting', stop: 'stopped', due: _, offline: _,
    opened: _, welcomed: _, current: _, lost: _, poll: _, again: _, end: _,
  },
  connecting: {
    start: _, stop: 'stopped', due: _, offline: 'offline',
    opened: 'authenticating', welcomed: _, current: _, lost: 'waiting', poll: 'polling', again: 'connecting', end: 'stopped',
  },
  authenticating: {
    start: _, stop: 'stopped', due: _, offline: 'offline',
    opened: _, welcomed: 'catching-up', current: _, lost: 'waiting', poll: 'polling', again: 'connecting', end: 'stopped',
  },
  'catching-up': {
    start: _, stop: 'stopped', due: _, offline: 'offline',
    opened: _, welcomed: _, current: 'live', lost: 'waiting', poll: 'polling', again: 'connecting', end: 'stopped',
  },
  live: {
    start: _, stop: 'stopped', due: _, offline: 'offline',
    opened: _, welcomed: _, current: _, lost: 'waiting', poll: 'polling', again: 'connecting', end: 'stopped',
  },
  waiting: {
    start: 'connecting', stop: 'stopped', due: 'connecting', offline: 'offline',
    opened: _, welcomed: _, current: _, lost: _, poll: _, again: _, end: _,
  },
  polling: {
    start: 'probing', stop: 'stopped', due: 'probing', offline: 'offline',
    opened: _, welcomed: _, current: _, lost: _, poll: _, again: _, end: 'stopped',
  },
  probing: {
    start: _, stop: 'stopped', due: _, offline: 'offline',
    opened: _, welcomed: 'catching-up', current: _, lost: 'polling', poll: 'polling', again: 'probing', end: 'stopped',
  },
  offline: {
    start: 'connecting', stop: 'stopped', due: 'connecting', offline: _,
    opened: _, welcomed: _, current: _, lost: _, poll: _, again: _, end: _,
  },
  stopped: {
    start: 'connecting', stop: _, due: _, offline: _,
    opened: _, welcomed: _, current: _, lost: _, poll: _, again: _, end: _,
  },
};

/**
 * What goes on while in a state. `attempt` is one connection from the token to its end, `delay` the timer until the
 * next one, `silence` the watch for a dead peer, `steady` the proof that a connection is good, `poll` the polling
 * of lists, `watch` the listening to page and device.
 */
export type Activity = 'attempt' | 'delay' | 'silence' | 'steady' | 'poll' | 'watch';

interface Plan {
  /** Begin with the state, even where one was going on. */
  readonly anew: readonly Activity[];
  /** Go on, or begin. Everything not named here or above ends. */
  readonly kept: readonly Activity[];
}

const plans: Record<State, Plan> = {
  idle: { anew: [], kept: [] },
  connecting: { anew: ['attempt'], kept: ['watch'] },
  authenticating: { anew: [], kept: ['watch', 'attempt'] },
  'catching-up': { anew: [], kept: ['watch', 'attempt', 'silence'] },
  live: { anew: ['steady'], kept: ['watch', 'attempt', 'silence'] },
  waiting: { anew: ['delay'], kept: ['watch'] },
  polling: { anew: ['delay'], kept: ['watch', 'poll'] },
  probing: { anew: ['attempt'], kept: ['watch', 'poll'] },
  offline: { anew: ['delay'], kept: ['watch'] },
  stopped: { anew: [], kept: [] },
};

/** Starts an activity and returns what ends it. May raise inputs, which wait until the state is entered. */
export type Activities = Record<Activity, () => () => void>;

/** Runs the table: one input at a time, and no activity outlives the states that want it. */
export class Connection {
  private current: State = 'idle';
  private readonly running = new Map<Activity, () => void>();
  private readonly inputs: { readonly input: Input; readonly why: string }[] = [];
  private isHandling = false;

  constructor(
    private readonly activities: Activities,
    private readonly entered: (state: State, from: State, why: string) => void,
  ) {}

  get state(): State {
    return this.current;
  }

  /** @param why  a sentence for the person who asks what the client is doing */
  handle(input: Input, why = ''): void {
    this.inputs.push({ input, why });
    if (this.isHandling) return;
    this.isHandling = true;
    for (let raised = this.inputs.shift(); raised; raised = this.inputs.shift())
      this.step(raised.input, raised.why);
    this.isHandling = false;
  }

  private step(input: Input, why: string): void {
    const from = this.current;
    const to = next[from][input];
    if (to === null) return;
    const { anew, kept } = plans[to];
    for (const activity of [...this.running.keys()]) if (!kept.includes(activity)) this.end(activity);
    this.current = to;
    for (const activity of [...anew, ...kept]) this.begin(activity);
    this.entered(to, from, why);
  }

  private begin(activity: Activity): void {
    if (!this.running.has(activity)) this.running.set(activity, this.activities[activity]());
  }

  private end(activity: Activity): void {
    const end = this.running.get(activity);
    this.running.delete(activity);
    end?.();
  }
}
