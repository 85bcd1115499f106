import { Listeners, type Report } from './listeners.ts';

/**
 * A value that changes over time, in the shape React's `useSyncExternalStore` takes. Both functions may be passed on
 * unbound. The snapshot is the same object until something in it changes.
 */
export interface Store<T> {
  /** Calls `listener` after each change, until the returned function is called. */
  subscribe(listener: () => void): () => void;
  getSnapshot(): T;
}

/**
 * A store with a pen. Writing and telling are two steps, so that several cells can be written first and then told:
 * a listener of one never sees an old value of another.
 */
export class Cell<T> implements Store<T> {
  private readonly listeners: Listeners;
  private told: T;

  constructor(
    private value: T,
    report: Report,
  ) {
    this.listeners = new Listeners(report);
    this.told = value;
  }

  readonly getSnapshot = (): T => this.value;

  readonly subscribe = (listener: () => void): (() => void) => this.listeners.add(listener);

  write(value: T): void {
    this.value = value;
  }

  tell(): void {
    if (this.told === this.value) return;
    this.told = this.value;
    this.listeners.tell();
  }

  set(value: T): void {
    this.write(value);
    this.tell();
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
