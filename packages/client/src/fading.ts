import type { Clock } from './clock.ts';

/** However long a server says something holds, it is said again within this time or forgotten. */
const LIFETIME_MAX_MS = 300_000;
/** More than an organisation has people looking at once; past it, who was heard of first is forgotten. */
const FADING_MAX = 2_000;

/** Things that are true until a moment, and then by themselves no more. */
export class Fading {
  private readonly untils = new Map<string, number>();
  private cancelTimer = () => {};

  constructor(
    private readonly clock: Clock,
    private readonly changed: (untils: ReadonlyMap<string, number>) => void,
  ) {}

  /** True for `lifetimeMs` from now, whatever was said before. */
  put(name: string, lifetimeMs: number): void {
    this.untils.delete(name);
    this.untils.set(name, this.clock.now() + Math.min(lifetimeMs, LIFETIME_MAX_MS));
    if (this.untils.size > FADING_MAX) this.untils.delete(this.untils.keys().next().value as string);
    this.told();
  }

  remove(name: string): void {
    if (this.untils.delete(name)) this.told();
  }

  private told(): void {
    this.schedule();
    this.changed(this.untils);
  }

  private schedule(): void {
    this.cancelTimer();
    if (this.untils.size === 0) return;
    const soonest = Math.min(...this.untils.values());
    // Bounded on both sides: the clock may have been set since.
    const delayMs = Math.min(Math.max(0, soonest - this.clock.now()), LIFETIME_MAX_MS);
    this.cancelTimer = this.clock.after(delayMs, () => this.expire());
  }

  private expire(): void {
    const now = this.clock.now();
    for (const [name, until] of this.untils) if (until <= now) this.untils.delete(name);
    this.told();
  }
}
