import type { Store } from '@roost/client';
import { useSyncExternalStore } from 'react';

/** The value of a store, and a new render when it changes. The same on the server, where stores do not change. */
export function useStore<T>({ subscribe, getSnapshot }: Store<T>): T {
  return useSyncExternalStore(subscribe, getSnapshot, getSnapshot);
}
