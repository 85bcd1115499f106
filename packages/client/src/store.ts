/**
 * A value that changes over time, in the shape React's `useSyncExternalStore` takes. Both functions may be passed on
 * unbound. The snapshot is the same object until something in it changes.
 */
export interface Store<T> {
  /** Calls `listener` after each change, until the returned function is called. */
  subscribe(listener: () => void): () => void;
  getSnapshot(): T;
}

/** Where an exception of the app's own listener goes: it must not reach the one who told it the news. */
export type Report = (error: unknown) => void;

/**
 * A store with a pen. Writing and telling are two steps, so that several cells can be written first and then told:
 * a listener of one never sees an old value of another.
 */
export class Cell<T> implements Store<T> {
  private readonly listeners = new Set<{ readonly run: () => void }>();
  private told: T;

  constructor(
    private value: T,
    private readonly report: Report,
  ) {
    this.told = value;
  }

  readonly getSnapshot = (): T => this.value;

  readonly subscribe = (listener: () => void): (() => void) => {
    // An object of its own: the same function may listen twice, and each must be able to leave.
    const entry = { run: listener };
    this.listeners.add(entry);
    return () => void this.listeners.delete(entry);
  };

  write(value: T): void {
    this.value = value;
  }

  tell(): void {
    if (this.told === this.value) return;
    this.told = this.value;
    for (const entry of [...this.listeners]) {
      if (this.listeners.has(entry)) attempt(entry.run, this.report);
    }
  }

  set(value: T): void {
    this.write(value);
    this.tell();
  }
}

/** Runs the app's code; what it throws is reported and goes no further. */
export function attempt(run: () => void, report: Report): void {
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

/**
 * A store with somebody to ask before its first listener and after its last.
 *
 * @param watch  called when the first listener comes; what it returns, when the last has gone
 */
export function watched<T>(store: Store<T>, watch: () => () => void): Store<T> {
  let listenerCount = 0;
  let unwatch = () => {};
  return {
    getSnapshot: store.getSnapshot,
    subscribe(listener) {
      const leave = store.subscribe(listener);
      if (listenerCount++ === 0) unwatch = watch();
      let here = true;
      return () => {
        if (!here) return;
        here = false;
        leave();
        if (--listenerCount === 0) unwatch();
      };
    },
  };
}
