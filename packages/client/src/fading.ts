import type { Clock } from './clock.ts';

/** However long a server says something holds, it is said again within this time or forgotten. */
const LIFETIME_MAX_MS = 300_000;
/** More than an organisation has people looking at once; past it, who was heard of first is forgotten. */
const FADING_MAX = 2_000;

/** Until when something holds, and what of it. */
interface Held<T> {
  readonly until: number;
  readonly value: T;
}

/** Things that are true until a moment, and then by themselves no more. */
export class Fading<T> {
  private readonly held = new Map<string, Held<T>>();
  private cancelTimer = () => {};

  constructor(
    private readonly clock: Clock,
    private readonly changed: (held: ReadonlyMap<string, Held<T>>) => void,
  ) {}

  /** True for `lifetimeMs` from now, whatever was said before. */
  put(name: string, lifetimeMs: number, value: T): void {
    this.held.delete(name);
    this.held.set(name, { until: this.clock.now() + Math.min(lifetimeMs, LIFETIME_MAX_MS), value });
    if (this.held.size > FADING_MAX) this.held.delete(this.held.keys().next().value as string);
    this.told();
  }

  remove(name: string): void {
    if (this.held.delete(name)) this.told();
  }

  private told(): void {
    this.schedule();
    this.changed(this.held);
  }

  private schedule(): void {
    this.cancelTimer();
    if (this.held.size === 0) return;
    const soonest = Math.min(...[...this.held.values()].map(({ until }) => until));
    // Bounded on both sides: the clock may have been set since.
    const delayMs = Math.min(Math.max(0, soonest - this.clock.now()), LIFETIME_MAX_MS);
    this.cancelTimer = this.clock.after(delayMs, () => this.expire());
  }

  private expire(): void {
    const now = this.clock.now();
    for (const [name, { until }] of this.held) if (until <= now) this.held.delete(name);
    this.told();
  }
}
