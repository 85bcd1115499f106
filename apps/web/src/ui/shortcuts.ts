import { useEffect, useRef } from 'react';

/** Keys as `KeyboardEvent.key` names them, each with what it does. */
export type Shortcuts = Readonly<Record<string, (event: KeyboardEvent) => void>>;

/** Places whose keys are their own. */
const OWN_KEYS =
  'input, textarea, select, [role="tablist"], [role="menu"], [role="dialog"], [role="listbox"]';

/**
 * Listens on the whole page while the caller is mounted. Keys that are typed into a field, pressed with a
 * modifier, or pressed while a dialog is open belong to somebody else.
 */
export function useShortcuts(shortcuts: Shortcuts): void {
  const current = useRef(shortcuts);
  useEffect(() => {
    current.current = shortcuts;
  });
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || isElsewhere(event)) return;
      const run = current.current[event.key];
      if (!run) return;
      event.preventDefault();
      run(event);
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, []);
}

function isElsewhere(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return true;
  if (document.querySelector('dialog[open], [popover]:popover-open')) return true;
  const target = event.target;
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement && target.type === 'checkbox') return false;
  return target.isContentEditable || target.closest(OWN_KEYS) !== null;
}
