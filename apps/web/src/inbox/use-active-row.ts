import type { MessageRow } from '@roost/protocol';
import { useRoost } from '@roost/react';
import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import { useShortcuts } from '../ui/shortcuts.ts';
import { keepPlace, placeIn } from './place.ts';

/** The row that the keyboard is on: j and k or the arrow keys move the focus itself, so Enter opens it as any link. */
export function useActiveRow(
  filter: string,
  rows: readonly MessageRow[],
  rowPx: number,
  scroller: RefObject<HTMLDivElement | null>,
) {
  const client = useRoost();
  const [id, setId] = useState(() => placeIn(client, filter).activeId);
  // On the way back from a message the focus returns to its row.
  const wantsFocus = useRef(id !== null);

  const set = useCallback(
    (activeId: string) => {
      setId(activeId);
      keepPlace(client, filter, { activeId });
    },
    [client, filter],
  );

  // After every rendering, because a row far away becomes an element only some renderings later.
  useEffect(() => {
    if (!wantsFocus.current || id === null) return;
    const element = scroller.current?.querySelector<HTMLElement>(`[data-message-id="${CSS.escape(id)}"]`);
    if (!element && rows.some((row) => row.id === id)) return;
    wantsFocus.current = false;
    element?.focus({ preventScroll: true });
  });

  const move = (step: 1 | -1) => {
    const element = scroller.current;
    if (!element) return;
    const from = rows.findIndex((row) => row.id === id);
    // From where the eye is: a row that was left far above or below is no place to go on from.
    const next = isInSight(element, from, rowPx) ? from + step : Math.ceil(element.scrollTop / rowPx);
    const row = rows[Math.max(0, Math.min(rows.length - 1, next))];
    if (!row) return;
    showRow(element, rows.indexOf(row) * rowPx, rowPx);
    wantsFocus.current = true;
    set(row.id);
  };
  const down = () => move(1);
  const up = () => move(-1);
  useShortcuts({ j: down, ArrowDown: down, k: up, ArrowUp: up });

  return { id, set };
}

function isInSight(element: HTMLElement, at: number, rowPx: number): boolean {
  const topPx = at * rowPx - element.scrollTop;
  return at !== -1 && topPx > -rowPx && topPx < element.clientHeight;
}

/** Scrolls no further than it takes. */
function showRow(element: HTMLElement, topPx: number, rowPx: number): void {
  const lowest = topPx + rowPx - element.clientHeight;
  if (element.scrollTop > topPx) element.scrollTop = topPx;
  else if (element.scrollTop < lowest) element.scrollTop = lowest;
}
