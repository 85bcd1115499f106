import { useSyncExternalStore } from 'react';

const EVENTS = ['focus', 'blur'] as const;

/** Whether somebody looks at the page: it is visible, and in front. */
export function useIsLooking(): boolean {
  return useSyncExternalStore(subscribe, isLooking);
}

export function isLooking(): boolean {
  return document.visibilityState === 'visible' && document.hasFocus();
}

function subscribe(listener: () => void): () => void {
  for (const event of EVENTS) window.addEventListener(event, listener);
  document.addEventListener('visibilitychange', listener);
  return () => {
    for (const event of EVENTS) window.removeEventListener(event, listener);
    document.removeEventListener('visibilitychange', listener);
  };
}
