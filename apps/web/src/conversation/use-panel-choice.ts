import { useCallback, useState, useSyncExternalStore } from 'react';

/** Whether what is known of the contact stands beside the conversation. */
export interface PanelChoice {
  readonly isOpen: boolean;
  /** Room for it beside the conversation; otherwise it lies above. */
  readonly isBeside: boolean;
  readonly toggle: () => void;
}

const KEY = 'roost.contact-panel';
const beside = globalThis.matchMedia?.('(min-width: 80rem)');

/** Where there is room the choice is remembered; where there is none, the panel is opened for a moment. */
export function usePanelChoice(): PanelChoice {
  const isBeside = useSyncExternalStore(
    (listener) => {
      beside.addEventListener('change', listener);
      return () => beside.removeEventListener('change', listener);
    },
    () => beside.matches,
  );
  const [isWanted, setWanted] = useState(() => remembered() !== 'closed');
  const [isAbove, setAbove] = useState(false);
  const toggle = useCallback(() => {
    if (!isBeside) return setAbove((is) => !is);
    setWanted((is) => {
      remember(is ? 'closed' : 'open');
      return !is;
    });
  }, [isBeside]);
  return { isOpen: isBeside ? isWanted : isAbove, isBeside, toggle };
}

function remembered(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function remember(choice: string): void {
  try {
    localStorage.setItem(KEY, choice);
  } catch {
    // Where storage is forbidden the choice holds until the page is left.
  }
}
