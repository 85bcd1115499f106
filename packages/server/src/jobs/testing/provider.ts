import type { Clock } from '../../clock.ts';
import type { Outgoing } from '../../domain/index.ts';
import type { Attempted, Route } from '../outbox-needs.ts';

/** What the other side does with the next message. */
export type Mood = 'takes' | 'refuses' | 'busy' | 'takes and says nothing' | 'hears nothing' | 'breaks';

/** The other side, simulated: takes messages, or not, after a while. */
export class Provider {
  readonly taken: string[] = [];
  /** Messages at the same time, at most so far. */
  atOnceMax = 0;
  mood: () => Mood = () => 'takes';
  /** How long it takes, ms. */
  pace: () => number = () => 0;
  onBegin: (item: Outgoing) => void = () => {};
  private atOnce = 0;

  constructor(private readonly clock: Clock) {}

  /** A way to it for one process, which may die. */
  route(isAlive: () => boolean = () => true, limits: Partial<Route> = {}): Route {
    return {
      via: 'mail',
      atOnceMax: 4,
      perInboxMax: 4,
      attemptMaxMs: 60_000,
      send: (item, signal) => this.send(item, signal, isAlive),
      ...limits,
    };
  }

  private async send(item: Outgoing, signal: AbortSignal, isAlive: () => boolean): Promise<Attempted> {
    // The last breath of a process that died while it took the message.
    if (!isAlive()) return new Promise<never>(() => {});
    this.onBegin(item);
    const mood = this.mood();
    this.atOnce += 1;
    this.atOnceMax = Math.max(this.atOnceMax, this.atOnce);
    const pace = this.pace();
    if (pace > 0) await Promise.race([this.pass(pace), aborted(signal)]);
    try {
      // A process that is dead says nothing more, to anybody.
      if (!isAlive()) return await new Promise<never>(() => {});
      if (signal.aborted) return { kind: 'later', after_ms: null, says: 'Given up.' };
      if (mood === 'refuses') return { kind: 'failed', says: 'No.' };
      if (mood === 'busy') return { kind: 'later', after_ms: null, says: 'Busy.' };
      if (mood === 'breaks') throw new Error('It broke.');
      if (mood.startsWith('takes')) this.taken.push(item.message_id);
      if (mood === 'takes') return { kind: 'sent', external_id: `x-${item.message_id}` };
      await aborted(signal);
      return { kind: 'unknown', says: 'No answer came.' };
    } finally {
      this.atOnce -= 1;
    }
  }

  private pass(ms: number): Promise<void> {
    return new Promise((resume) => this.clock.after(ms, resume));
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resume) => {
    if (signal.aborted) resume();
    else signal.addEventListener('abort', () => resume());
  });
}

/** Lets everything that waits for no clock come to rest. */
export async function rest(): Promise<void> {
  for (let turn = 0; turn < 40; turn += 1) await new Promise(setImmediate);
}
