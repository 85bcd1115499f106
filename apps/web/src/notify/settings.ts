import { useSyncExternalStore } from 'react';

/** How this device tells of what arrives while nobody looks. Off until somebody turns it on. */
export interface NotifySettings {
  readonly showsNotifications: boolean;
  readonly playsSound: boolean;
}

const KEY = 'roost.notify';
const OFF: NotifySettings = { showsNotifications: false, playsSound: false };
const listeners = new Set<() => void>();
let current: NotifySettings = read();

export function useNotifySettings(): NotifySettings {
  return useSyncExternalStore(subscribe, () => current);
}

export function keepNotifySettings(change: Partial<NotifySettings>): void {
  current = { ...current, ...change };
  try {
    localStorage.setItem(KEY, JSON.stringify(current));
  } catch {
    // Where storage is forbidden the choice holds until the page is left.
  }
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function read(): NotifySettings {
  try {
    const kept = JSON.parse(globalThis.localStorage?.getItem(KEY) ?? '{}') as Partial<NotifySettings>;
    return { showsNotifications: kept.showsNotifications === true, playsSound: kept.playsSound === true };
  } catch {
    return OFF;
  }
}
