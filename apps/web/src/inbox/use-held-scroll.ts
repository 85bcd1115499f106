import type { MessageRow } from '@roost/protocol';
import { useRoost } from '@roost/react';
import { useCallback, useLayoutEffect, useRef, useState } from 'react';
import { keepPlace, placeIn } from './place.ts';
import { anchorAt, countNewer, scrollTopOf } from './scroll-anchor.ts';

/**
 * Holds still what is read: rows that come or go above it do not move it, and it is there again after a visit to a
 * message. Only at the very top do new rows push the others down.
 */
export function useHeldScroll(filter: string, rows: readonly MessageRow[], rowPx: number) {
  const client = useRoost();
  const scroller = useRef<HTMLDivElement>(null);
  const held = useRef(placeIn(client, filter));
  const [heldTop, setHeldTop] = useState(held.current.heldTop);
  const [firstTopPx] = useState(() => {
    const { anchor } = held.current;
    return (anchor && scrollTopOf(anchor, rows, rowPx)) ?? 0;
  });

  /** What is in sight now is what is held from now on. */
  const hold = useCallback(() => {
    const anchor = anchorAt(rows, scroller.current?.scrollTop ?? 0, rowPx);
    const heldTop = anchor === null ? null : (held.current.heldTop ?? rows[0]?.id ?? null);
    held.current = { ...held.current, anchor, heldTop };
    setHeldTop(heldTop);
    keepPlace(client, filter, { anchor, heldTop });
  }, [client, filter, rows, rowPx]);

  // Before the browser paints, so that nobody sees the rows where they must not be.
  useLayoutEffect(() => {
    const element = scroller.current;
    const { anchor } = held.current;
    if (!element || anchor === null) return;
    const top = scrollTopOf(anchor, rows, rowPx);
    if (top === null) hold();
    else if (top !== element.scrollTop) element.scrollTop = top;
  }, [rows, rowPx, hold]);

  const scrollToTop = useCallback(() => {
    // At once: a glide would be stopped half-way by the next arrival.
    if (scroller.current) scroller.current.scrollTop = 0;
  }, []);

  return {
    scroller,
    firstTopPx,
    hold,
    scrollToTop,
    newerCount: heldTop === null ? 0 : countNewer(rows, heldTop),
  };
}
