import { useEffect, useRef, useState } from 'react';

/** Begins to load a little before it is seen. */
const AHEAD = '400px';

/** Whether an element has come into sight, ever. */
export function useInSight() {
  const ref = useRef<HTMLDivElement>(null);
  const [wasInSight, setInSight] = useState(false);
  useEffect(() => {
    const element = ref.current;
    if (!element || wasInSight) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) setInSight(true);
      },
      { rootMargin: AHEAD },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [wasInSight]);
  return { ref, wasInSight };
}
