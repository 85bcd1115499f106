import { useCallback, useLayoutEffect, useRef, useState } from 'react';

/** So near to the end counts as being at it. */
const NEAR_PX = 80;

/**
 * The scroller is laid out upside down (`column-reverse`): its end is at 0 and what lies above is negative, so the
 * browser itself stays at the end while something is added, and holds the place while older rows come above.
 */
export function useThreadScroll(newest: string | null, pendingCount: number) {
  const scroller = useRef<HTMLDivElement>(null);
  const [isAtEnd, setAtEnd] = useState(true);
  // Until it stands where reading begins, being at the end says nothing of what was read.
  const [isSettled, setSettled] = useState(false);
  const [seen, setSeen] = useState(newest);

  const onScroll = useCallback(() => {
    const element = scroller.current;
    if (element) setAtEnd(-element.scrollTop < NEAR_PX);
  }, []);
  const toEnd = useCallback(() => {
    if (scroller.current) scroller.current.scrollTop = 0;
    setAtEnd(true);
  }, []);

  const settle = useCallback(() => {
    onScroll();
    setSettled(true);
  }, [onScroll]);

  // What I have just sent is what I want to see.
  const before = useRef(pendingCount);
  useLayoutEffect(() => {
    if (pendingCount > before.current) toEnd();
    before.current = pendingCount;
  }, [pendingCount, toEnd]);

  if (isAtEnd && seen !== newest) setSeen(newest);
  return { scroller, isAtEnd, isSettled, hasNews: !isAtEnd && newest !== seen, onScroll, toEnd, settle };
}
