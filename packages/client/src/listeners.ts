/** Where an exception of the app's own listener goes: it must not reach the one who told it the news. */
export type Report = (error: unknown) => void;

/** Functions of the app that want to hear of something, in the order in which they came. */
export class Listeners<Told extends readonly unknown[] = []> {
  private readonly entries = new Set<{ readonly run: (...told: Told) => void }>();

  constructor(private readonly report: Report) {}

  get isEmpty(): boolean {
    return this.entries.size === 0;
  }

  /** @returns what lets it leave; safe to call twice */
  readonly add = (listener: (...told: Told) => void): (() => void) => {
    // An object of its own: the same function may listen twice, and each must be able to leave.
    const entry = { run: listener };
    this.entries.add(entry);
    return () => void this.entries.delete(entry);
  };

  /** Calls each that is still here when its turn comes. What one throws is reported and goes no further. */
  tell(...told: Told): void {
    for (const entry of [...this.entries])
      if (this.entries.has(entry)) attempt(() => entry.run(...told), this.report);
  }
}

function attempt(run: () => void, report: Report): void {
  try {
    run();
  } catch (error) {
    try {
      report(error);
    } catch {
      // A reporter that throws has nobody left to tell.
    }
  }
}
