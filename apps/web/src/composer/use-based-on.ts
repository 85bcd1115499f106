import { systemClock } from '@roost/client';
import { useEffect, useState } from 'react';
import { useIsLooking } from '../conversation/use-is-looking.ts';

/** What appeared so short a time ago has not been read by whoever is writing. */
const SEEN_AFTER_MS = 1_200;

/**
 * What an answer that is sent now is based on: the conversation's `answer_offset`, once it has stood before the
 * writer's eyes for a moment. What comes in the same instant in which somebody presses Enter they have not seen.
 */
export function useBasedOn(answerOffset: number): number {
  const [seen, setSeen] = useState(answerOffset);
  const isLooking = useIsLooking();
  useEffect(() => {
    if (!isLooking || answerOffset === seen) return;
    return systemClock.after(SEEN_AFTER_MS, () => setSeen(answerOffset));
  }, [answerOffset, seen, isLooking]);
  return seen;
}
