/** What the device tells: whether somebody looks, again or no longer, and what it believes of its network. */
export type Happening = 'visible' | 'hidden' | 'online' | 'offline';

/** The page and device around the client. Absent in Node, where everything is visible and online. */
export interface Surroundings {
  isVisible(): boolean;
  isOnline(): boolean;
  /** Calls `listener` for each happening, until the returned function is called. */
  watch(listener: (happening: Happening) => void): () => void;
}

export const browserSurroundings: Surroundings = {
  isVisible: () => globalThis.document?.visibilityState !== 'hidden',
  isOnline: () => globalThis.navigator?.onLine !== false,
  watch(listener) {
    const page = globalThis.document;
    const device = globalThis.window;
    if (!page || !device) return () => {};
    const seen = () => listener(page.visibilityState === 'hidden' ? 'hidden' : 'visible');
    const online = () => listener('online');
    const offline = () => listener('offline');
    const events: [EventTarget, string, () => void][] = [
      [page, 'visibilitychange', seen],
      // Out of the back-forward cache, or unfrozen: the socket is gone, and no visibility change need say so.
      [device, 'pageshow', seen],
      [page, 'resume', seen],
      [device, 'online', online],
      [device, 'offline', offline],
    ];
    for (const [target, name, run] of events) target.addEventListener(name, run);
    return () => {
      for (const [target, name, run] of events) target.removeEventListener(name, run);
    };
  },
};
