import { useSyncExternalStore } from 'react';
import { authorOf } from './author.ts';

/** Kept in this browser: whose pictures are loaded is a habit of the person who reads here, not of their team. */
const KEY = 'roost.remote-content';
const SENDERS_MAX = 500;
/** Until the page is left. */
const MESSAGES_MAX = 1_000;

const messages = new Set<string>();
const listeners = new Set<() => void>();

/** Whether the pictures that this mail names on other servers may be loaded. */
export function useRemoteAllowed(messageId: string, from: string | null): boolean {
  return useSyncExternalStore(subscribe, () => messages.has(messageId) || isSenderAllowed(from));
}

export function allowMessage(messageId: string): void {
  if (messages.size >= MESSAGES_MAX) messages.clear();
  messages.add(messageId);
  tell();
}

/** The newest are kept. */
export function allowSender(from: string): void {
  const address = addressOf(from);
  if (address === null) return;
  keepSenders([address, ...senders().filter((other) => other !== address)].slice(0, SENDERS_MAX));
}

export function forbidSender(from: string): void {
  keepSenders(senders().filter((other) => other !== addressOf(from)));
}

export function isSenderAllowed(from: string | null): boolean {
  const address = from === null ? null : addressOf(from);
  return address !== null && senders().includes(address);
}

/** By which a sender is known; null when there is none. */
export function addressOf(from: string): string | null {
  return authorOf(from).address.toLowerCase() || null;
}

function senders(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(kept) ? kept.filter((one) => typeof one === 'string') : [];
  } catch {
    // Storage may be forbidden, or hold what somebody else wrote.
    return [];
  }
}

function keepSenders(addresses: readonly string[]): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(addresses));
  } catch {
    // Then the sender is asked about again.
  }
  tell();
}

function tell(): void {
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener('storage', listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('storage', listener);
  };
}
