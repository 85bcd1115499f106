import { useSyncExternalStore } from 'react';

/** Whether rows fit on one line. The same width as Tailwind's `sm`, where the classes change over. */
const wide = globalThis.matchMedia?.('(min-width: 40rem)');

export function useWide(): boolean {
  return useSyncExternalStore(
    (listener) => {
      wide.addEventListener('change', listener);
      return () => wide.removeEventListener('change', listener);
    },
    () => wide.matches,
  );
}
