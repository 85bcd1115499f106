import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import { useShortcuts } from '../ui/shortcuts.ts';

interface Listed {
  readonly rows: readonly { readonly id: string }[];
  readonly rowPx: number;
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly openId: string | null;
  readonly onSelect: ((id: string, isRange: boolean) => void) | null;
}

/** The row the keyboard is on: j and k move the focus itself, so Enter opens it as any link; x picks it. */
export function useListFocus({ rows, rowPx, scroller, openId, onSelect }: Listed) {
  const [focusId, setFocusId] = useState<string | null>(null);
  const wantsFocus = useRef(false);
  const id = focusId !== null && rows.some((row) => row.id === focusId) ? focusId : openId;
  const set = useCallback((focused: string) => setFocusId(focused), []);

  // After every rendering, because a row far away becomes an element only some renderings later.
  useEffect(() => {
    if (!wantsFocus.current || id === null) return;
    const element = scroller.current?.querySelector<HTMLElement>(
      `[data-conversation-id="${CSS.escape(id)}"]`,
    );
    if (!element) return;
    wantsFocus.current = false;
    element.focus({ preventScroll: true });
  });

  const move = (step: 1 | -1) => {
    const element = scroller.current;
    if (!element || rows.length === 0) return;
    const from = rows.findIndex((row) => row.id === id);
    const next = Math.max(0, Math.min(rows.length - 1, from === -1 ? 0 : from + step));
    const row = rows[next];
    if (!row) return;
    const [topPx, lowestPx] = [next * rowPx, (next + 1) * rowPx - element.clientHeight];
    if (element.scrollTop > topPx) element.scrollTop = topPx;
    else if (element.scrollTop < lowestPx) element.scrollTop = lowestPx;
    wantsFocus.current = true;
    setFocusId(row.id);
  };
  const pick = (isRange: boolean) => {
    if (id !== null && onSelect) onSelect(id, isRange);
  };
  useShortcuts({
    j: () => move(1),
    ArrowDown: () => move(1),
    k: () => move(-1),
    ArrowUp: () => move(-1),
    x: () => pick(false),
    X: () => pick(true),
  });
  return { id, set };
}
